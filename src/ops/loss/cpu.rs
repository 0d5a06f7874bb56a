//! Cross-entropy on Burn's CPU backend, by the kernels of `kernels/`.

use super::ops::LossKernels;
use crate::ops::flex::{dims, floats, values};
use burn::backend::tensor::FloatTensor;
use burn_flex::Flex;
use pruning_kernels as kernels;

impl LossKernels for Flex {
    fn loss_and_gradient(
        logits: FloatTensor<Self>,
        one_hot: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [n, classes, ..] = dims(&logits);
        let [logits, one_hot] = [logits, one_hot].map(|t| t.to_contiguous());
        let (loss, gradient) = kernels::cross_entropy(values(&logits), values(&one_hot), classes);
        (floats(vec![loss], [1]), floats(gradient, [n, classes]))
    }
}
