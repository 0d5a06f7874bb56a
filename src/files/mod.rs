//! A network as a file and back, with nothing believed.

pub mod checkpoint;
pub mod export;
