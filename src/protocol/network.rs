//! What is told of a network.

use serde::Serialize;

/// A network: what is drawn of it, and what is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct NetworkInfo {
    /// The short text of its preset, or as it was written; empty where it came as JSON.
    pub text: String,
    pub nodes: Vec<NodeInfo>,
    /// Its prunable layers.
    pub layers: Vec<LayerInfo>,
    /// Numbers that are learnt.
    pub parameters: u32,
    /// Channel groups: filters that go together with what reads them.
    pub groups: u32,
    /// Whether it normalises by the statistics of a batch.
    pub statistics: bool,
}

/// An operation of the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct NodeInfo {
    pub name: String,
    /// `conv`, `linear`, `batch-norm`, `relu`, `max-pool` and so on.
    pub op: String,
    /// Values that it reads: 0 is the image, `i + 1` what node `i` gives.
    pub inputs: Vec<u32>,
    /// What it gives for one image: `[c, h, w]` or `[n]`.
    pub shape: Vec<u32>,
    /// Numbers that are learnt.
    pub parameters: u32,
    /// Multiply-accumulates for one image, dense.
    pub macs: u32,
    /// Which of the prunable layers it is, absent where it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(target_arch = "wasm32"), ts(optional))]
    pub layer: Option<u32>,
}

/// A prunable layer, in the order in which weights are concatenated in [`super::Bulk`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct LayerInfo {
    pub name: String,
    /// `[out, in / groups, k, k]` or `[out, in]`, row-major.
    pub shape: Vec<u32>,
    pub weights: u32,
    /// Multiply-accumulates for one image, dense.
    pub macs: u32,
    /// The channel group of each filter; 4294967295 where it is of none (the classes).
    pub own: Vec<u32>,
    /// The channel group that each run of inputs reads, the runs being equally long: `in * k * k / reads.length` weights of a
    /// row each. Empty for a depthwise layer, whose filters read their own channels.
    pub reads: Vec<u32>,
}
