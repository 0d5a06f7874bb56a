//! The linear layer as an operation of its own: a matrix with ten columns is far from what Burn's matrix multiplications
//! are made for.

mod autodiff;
#[cfg(feature = "cpu")]
mod cpu;
#[cfg(feature = "webgpu")]
mod gpu;
mod ops;

use burn::backend::Dispatch;
use burn::tensor::Tensor;
use ops::LinearOps;

/// `x` `[n, features]` times the transposed `weight` `[classes, features]`, plus `bias` `[classes]`: `[n, classes]`.
pub fn linear(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::linear(
        x.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
    ))
}
