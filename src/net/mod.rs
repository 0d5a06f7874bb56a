//! The network as data and as numbers: its nodes, shapes, parameters, channel groups. No tensors, no device.
//!
//! Weights are kept in PyTorch's layouts: convolutions `[out, in / groups, k, k]`, linear layers `[out, in]`;
//! images are NCHW and flattening runs channel first.

mod channels;
mod checked;
mod graph;
mod layout;
mod lowering;
mod op;
mod owners;
mod parameters;
mod placing;
mod presets;
mod shape;
mod text;

pub use channels::{Channels, NO_GROUP, Space};
pub use checked::{Checked, Layer, Parameter, Role};
pub use graph::{Graph, MOST_WEIGHTS};
pub use layout::{Layout, sparsity};
pub use lowering::{Kind, Step};
pub use op::{Conv, INPUT, Net, Node, Op};
pub use parameters::{Initialisation, Parameters};
pub use presets::{PRESETS, TWO_CONV, network, text_of, two_conv};
pub use shape::Shape;
