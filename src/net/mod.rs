//! The network as numbers: its shape, its layers and where their weights lie, what their weights are. No tensors, no device.
//!
//! Weights are kept in PyTorch's layouts: convolutions `[out, in, 3, 3]`, the linear layer `[out, in]`;
//! images are NCHW and flattening runs channel first.

mod cnn;
mod filters;
mod layout;
mod parameters;

pub use cnn::{CnnConfig, LAYERS};
pub use filters::removed_filters;
pub use layout::{Layout, sparsity};
pub use parameters::Parameters;
