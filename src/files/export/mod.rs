//! Networks to take home, in the formats that others read, and back.
//!
//! A file of a network is a checkpoint (see [`crate::files::checkpoint`]) that says more of itself ([`About`]): how the network
//! was made, on which images, and how well it does on them. [`read`] takes it, or any checkpoint, back in.

mod about;
mod fold;
mod header;
mod images;
mod onnx;
mod onnx_nodes;
mod onnx_proto;
mod reading;

pub use about::{About, NetworkKind};
pub use fold::folded;
pub use images::test_images;
pub use onnx::to_onnx;
pub use reading::{Stored, read};

use crate::config::RunConfig;
use crate::error::Result;
use crate::files::checkpoint;
use crate::learn::state::TrainState;
use crate::net::Graph;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Formats in which a network is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ExportFormat {
    /// Weights, masks and moments, to go on with here or to be read elsewhere.
    Safetensors,
    /// Pixels in, logits out, masks in the weights.
    Onnx,
}

/// A network with the settings that made it; `config` says the same network as `graph`.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    pub config: RunConfig,
    pub graph: Arc<Graph>,
    pub state: TrainState,
}

/// The bytes of a safetensors file of `network`.
///
/// # Errors
/// None that a correct network can cause.
pub fn to_safetensors(network: &Network, about: &About<'_>) -> Result<Vec<u8>> {
    let Network {
        config,
        graph,
        state,
    } = network;
    let pairs = about.pairs(config, graph.net(), state.step)?;
    checkpoint::to_bytes_with(state, config, graph, pairs)
}
