//! Layers with only the weights that are left: each filter is a list of taps, and each tap is multiplied with whole rows
//! of its input channel. What is cut costs nothing, and of a block changes no bit.

mod block;
mod conv;
mod linear;
mod taps;

pub use block::SparseBlock;
pub use conv::SparseConv;
pub use linear::SparseLinear;
