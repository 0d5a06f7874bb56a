//! The linear layer on Burn's CPU backend, by the kernels of `kernels/`.

use super::ops::LinearKernels;
use crate::ops::flex::{dims, floats, values};
use burn::backend::tensor::FloatTensor;
use burn_flex::Flex;
use pruning_kernels as kernels;

impl LinearKernels for Flex {
    fn linear_forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let ([n, ..], [classes, ..]) = (dims(&x), dims(&weight));
        let [x, weight, bias] = [x, weight, bias].map(|t| t.to_contiguous());
        let y = kernels::linear(values(&x), values(&weight), values(&bias));
        floats(y, [n, classes])
    }

    fn linear_parameter_gradients(
        x: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let ([_, features, ..], [_, classes, ..]) = (dims(&x), dims(&gradient));
        let [x, gradient] = [x, gradient].map(|t| t.to_contiguous());
        let (weight, bias) =
            kernels::linear_parameter_gradients(values(&x), values(&gradient), classes);
        (floats(weight, [classes, features]), floats(bias, [classes]))
    }

    fn linear_input_gradient(
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let ([classes, features, ..], [n, ..]) = (dims(&weight), dims(&gradient));
        let [weight, gradient] = [weight, gradient].map(|t| t.to_contiguous());
        let x = kernels::linear_input_gradient(values(&weight), values(&gradient), classes);
        floats(x, [n, features])
    }
}
