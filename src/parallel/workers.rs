//! What is told of workers.

use serde::Serialize;

/// How workers share the training. Times are milliseconds of one clock: a simulated one where the plan asks for that.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Workers {
    pub asynchronous: bool,
    pub simulated: bool,
    /// What each worker did of late.
    pub lanes: Vec<Lane>,
    pub now: f64,
    /// Updates by how many updates old their gradients were; the last count is of all that were older.
    pub staleness: Vec<u32>,
    /// Sent for the last step, there and back; for a step if nothing were cut and every gradient sent; and in all.
    pub step_bytes: f64,
    pub dense_step_bytes: f64,
    pub bytes: f64,
    pub images_per_second: f64,
    /// Of one worker alone, measured here.
    pub alone: f64,
    /// Numbers of workers that were tried, with their images a second, where the plan leaves the number open.
    pub tried: Vec<(u32, f64)>,
    /// Workers that were given up so far.
    pub lost: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Lane {
    pub spans: Vec<Span>,
    /// The step that its last update made, and how many updates older the weights were that it was of.
    pub version: u32,
    pub staleness: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Span {
    pub kind: SpanKind,
    pub from: f64,
    pub to: f64,
}

/// What a worker is at; between its spans it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum SpanKind {
    Compute,
    Send,
}
