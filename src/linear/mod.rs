//! The linear layer. On WebGPU it is an operation of its own: a matrix with ten columns is far from what Burn's tiled
//! matrix multiplication is made for. Without WebGPU it is Burn's.

#[cfg(feature = "webgpu")]
mod autodiff;
#[cfg(feature = "webgpu")]
mod gpu;
#[cfg(feature = "webgpu")]
mod ops;

use burn::tensor::Tensor;

/// `x` `[n, features]` times the transposed `weight` `[classes, features]`, plus `bias` `[classes]`: `[n, classes]`.
#[cfg(feature = "webgpu")]
pub fn linear(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    use burn::backend::Dispatch;
    use ops::LinearOps;

    Tensor::from_dispatch(Dispatch::linear(
        x.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
    ))
}

/// `x` `[n, features]` times the transposed `weight` `[classes, features]`, plus `bias` `[classes]`: `[n, classes]`.
#[cfg(not(feature = "webgpu"))]
pub fn linear(x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    x.matmul(weight.transpose()) + bias.unsqueeze()
}
