//! Cross-entropy. On WebGPU it is an operation of its own, in two dispatches where Burn's would be fifteen on a few
//! hundred numbers. Without WebGPU it is made of Burn's operations.

#[cfg(feature = "webgpu")]
mod gpu;
#[cfg(feature = "webgpu")]
mod ops;

use burn::tensor::Tensor;

/// Mean over the batch of -log p(label), in nats. `logits` and `one_hot` are `[batch, classes]`; `one_hot` is a
/// constant.
#[cfg(feature = "webgpu")]
pub fn cross_entropy(logits: Tensor<2>, one_hot: Tensor<2>) -> Tensor<1> {
    use burn::backend::Dispatch;
    use ops::LossOps;

    Tensor::from_dispatch(Dispatch::cross_entropy(
        logits.into_dispatch(),
        one_hot.into_dispatch(),
    ))
}

/// Mean over the batch of -log p(label), in nats. `logits` and `one_hot` are `[batch, classes]`.
#[cfg(not(feature = "webgpu"))]
pub fn cross_entropy(logits: Tensor<2>, one_hot: Tensor<2>) -> Tensor<1> {
    let n = logits.dims()[0] as f64;
    (burn::tensor::activation::log_softmax(logits, 1) * one_hot)
        .sum()
        .mul_scalar(-1.0 / n)
}
