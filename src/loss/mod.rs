//! Cross-entropy as an operation of its own: made of Burn's, it would be fifteen on a few hundred numbers.

#[cfg(feature = "cpu")]
mod cpu;
#[cfg(feature = "webgpu")]
mod gpu;
mod ops;

use burn::backend::Dispatch;
use burn::tensor::Tensor;
use ops::LossOps;

/// Mean over the batch of -log p(label), in nats: `[1]`. `logits` and `one_hot` are `[batch, classes]`; `one_hot` is a
/// constant.
pub fn cross_entropy(logits: Tensor<2>, one_hot: Tensor<2>) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::cross_entropy(
        logits.into_dispatch(),
        one_hot.into_dispatch(),
    ))
}
