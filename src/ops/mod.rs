//! What a training step is made of, as operations behind Burn's extension points: each with its CPU side, its GPU side and
//! its backward pass.

pub mod activation;
pub(crate) mod adam;
mod autodiff;
pub mod block;
pub mod conv;
#[cfg(feature = "cpu")]
mod flex;
pub(crate) mod float;
#[cfg(feature = "webgpu")]
mod gpu;
pub mod linear;
pub mod loss;
pub mod norm;
pub mod pool;
pub mod sgd;
pub mod slice_pad;
pub mod transfer;
pub mod values;
