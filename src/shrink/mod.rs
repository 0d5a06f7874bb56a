//! What a cut buys: the network without its removed filters, its bytes and its milliseconds.

pub mod compact;
pub mod meter;
