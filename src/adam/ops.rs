//! What a backend computes itself for Adam; by default, what Burn's operations come to.

use burn::backend::fusion::custom::TensorSpec;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

/// How much of the mean of gradients stays in a step, and of the mean of their squares: the paper's.
pub const BETA_1: f32 = 0.9;
pub const BETA_2: f32 = 0.999;

/// All tensors are of one shape.
#[backend_extension(Cube, Flex: cfg(feature = "cpu"), Fusion)]
pub trait AdamKernels: Backend {
    /// The parameter and both moments after a step of `learning_rate * factor * first / (sqrt(second) + epsilon)`.
    #[fusion(meta = results)]
    fn adam_step(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        factor: f32,
        epsilon: f32,
        learning_rate: f32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let mean = |moment, beta: f32, value| {
            let kept = Self::float_mul_scalar(moment, beta.into());
            Self::float_add(kept, Self::float_mul_scalar(value, (1.0 - beta).into()))
        };
        let first = mean(first, BETA_1, gradient.clone());
        let square = Self::float_mul(gradient.clone(), gradient);
        let second = mean(second, BETA_2, square);
        let root = Self::float_sqrt(second.clone());
        let step = Self::float_div(
            Self::float_mul_scalar(first.clone(), factor.into()),
            Self::float_add_scalar(root, epsilon.into()),
        );
        let step = Self::float_mul_scalar(step, learning_rate.into());
        (Self::float_sub(parameter, step), first, second)
    }
}

#[cfg(feature = "cpu")]
impl AdamKernels for burn_flex::Flex {}

fn results(
    parameter: &TensorSpec,
    _: &TensorSpec,
    _: &TensorSpec,
    _: &TensorSpec,
    _: &f32,
    _: &f32,
    _: &f32,
) -> (TensorSpec, TensorSpec, TensorSpec) {
    (parameter.clone(), parameter.clone(), parameter.clone())
}
