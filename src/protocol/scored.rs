//! What is told of a ranking whose arrays are too large to be sent.

use crate::prune::selection::RankedGroup;
use serde::Serialize;

/// In place of an array a weight: see [`super::Event::Scored`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ScoredTables {
    /// Units of each layer: what a cut by hand is a fraction of.
    pub layers: Vec<RankedGroup>,
    /// Channel groups that the masks held remove.
    pub removed: u32,
    /// Steps at which weights were cut, ascending; of more than two, the first and the last.
    pub cut_steps: Vec<u32>,
}
