//! What a training step is made of, as operations behind Burn's extension points: each with its CPU side, its GPU side and
//! its backward pass.

pub(crate) mod adam;
mod autodiff;
pub mod block;
#[cfg(feature = "cpu")]
mod flex;
pub(crate) mod float;
#[cfg(feature = "webgpu")]
mod gpu;
pub(crate) mod linear;
pub mod loss;
pub mod transfer;
