//! The linear layer as an operation that can be differentiated.

use super::ops::{LinearKernels, LinearOps};
use crate::ops::autodiff::{Passes, tracked};
use burn::backend::Autodiff;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::FloatTensor;

#[derive(Debug)]
struct Linear;

impl<B: LinearKernels> Passes<B> for Linear {
    type Kept = ();

    fn forward(
        x: FloatTensor<B>,
        weight: FloatTensor<B>,
        bias: FloatTensor<B>,
    ) -> (FloatTensor<B>, ()) {
        (B::linear_forward(x, weight, bias), ())
    }

    fn input_gradient(
        _: &FloatTensor<B>,
        weight: FloatTensor<B>,
        (): (),
        gradient: FloatTensor<B>,
    ) -> FloatTensor<B> {
        B::linear_input_gradient(weight, gradient)
    }

    fn parameter_gradients(
        x: FloatTensor<B>,
        (): (),
        gradient: FloatTensor<B>,
    ) -> (FloatTensor<B>, FloatTensor<B>) {
        B::linear_parameter_gradients(x, gradient)
    }
}

impl<B: LinearKernels, C: CheckpointStrategy> LinearOps for Autodiff<B, C> {
    fn linear(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        tracked::<B, C, _>(Linear, x, weight, bias)
    }
}
