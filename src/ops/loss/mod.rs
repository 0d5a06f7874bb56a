//! Cross-entropy as an operation of its own: made of Burn's, it would be fifteen on a few hundred numbers.

#[cfg(feature = "cpu")]
mod cpu;
#[cfg(feature = "webgpu")]
mod gpu;
mod ops;

use crate::ops::float;
use burn::backend::Dispatch;
use burn::tensor::Tensor;
use ops::{LossKernels, LossOps};

/// Mean over the batch of `-sum(targets * log(softmax(logits)))`, in nats: `[1]`. Both are `[batch, classes]`; the targets, one-hot
/// labels or probabilities, are constants.
pub fn cross_entropy(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::cross_entropy(
        logits.into_dispatch(),
        targets.into_dispatch(),
    ))
}

/// The probabilities that `logits` come to, given any labels: the gradient of their cross-entropy is how far the two are apart.
/// Without autodiff.
pub fn softmax(logits: Tensor<2>, one_hot: Tensor<2>) -> Tensor<2> {
    let n = logits.dims()[0] as f64;
    let labels = one_hot.clone().into_dispatch();
    let (_, gradient) = Dispatch::loss_and_gradient(logits.into_dispatch(), labels);
    float::add(float::scale(Tensor::from_dispatch(gradient), n), one_hot)
}
