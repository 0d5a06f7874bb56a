//! States of a network that were measured.

use crate::learn::eval::Metrics;
use crate::prune::method::Method;
use serde::Serialize;

/// How a [`Point`] came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum PointKind {
    /// Trained, no mask held.
    Dense,
    /// Just cut.
    Pruned,
    /// Trained under masks.
    FineTuned,
}

/// A measured state of the network; `test.samples` says over how many images.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Point {
    /// Unique within a `runId`. A second `point` of the same id has the same state, measured over
    /// more images, and no checkpoint.
    pub id: u32,
    pub kind: PointKind,
    pub step: u32,
    /// Zeros in the masks / prunable weights.
    pub sparsity: f64,
    /// The smallest kept score when the cut was made; 0 where nothing was cut.
    pub threshold: f32,
    /// How the weights were ranked when it was made.
    pub method: Method,
    /// Kept weights, layer by layer.
    pub kept: Vec<u32>,
    pub total: u32,
    pub test: Metrics,
}
