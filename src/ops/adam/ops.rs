//! What a backend computes itself for Adam.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

/// How much of the mean of gradients stays in a step, and of the mean of their squares: the paper's.
pub const BETA_1: f32 = 0.9;
pub const BETA_2: f32 = 0.999;

/// All tensors are of one shape.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"), Fusion: cfg(feature = "webgpu"))]
pub trait AdamKernels: Backend {
    /// The parameter and both moments after a step of `learning_rate * factor * first / (sqrt(second) + epsilon)`.
    #[fusion(meta = lazy::results)]
    fn adam_step(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        factor: f32,
        epsilon: f32,
        learning_rate: f32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

/// Shapes and types of what the operations give, known before they are carried out.
#[cfg(feature = "webgpu")]
mod lazy {
    use burn::backend::fusion::custom::TensorSpec;

    pub fn results(
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
}
