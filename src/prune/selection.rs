//! What goes: which weights, and among which.

use serde::{Deserialize, Serialize};

/// Which weights go, the lowest scores first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(tag = "by", content = "value", rename_all = "kebab-case")]
pub enum Selection {
    /// Of each group (see `Scored`) exactly `round(p * units)`, halves to even; 0 to 1.
    Fraction(f64),
    /// All with a score strictly below the threshold. Only where all layers are ranked together.
    Threshold(f32),
    /// By hand: of each layer exactly `round(p * units)` of its own, its lowest scores first.
    Layers(Vec<f64>),
}

/// Units that are compared with each other: all of them, or those of one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RankedGroup {
    /// Units (weights, filters, or fours of weights) that may be cut.
    pub units: u32,
    /// How many of them the held masks have cut already.
    pub held: u32,
}
