//! What a backend computes itself for the linear layer.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

/// Shapes: `x` `[n, features]`, `weight` `[classes, features]`, `bias` `[classes]`, `gradient` (of the result)
/// `[n, classes]`.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"), Fusion: cfg(feature = "webgpu"))]
pub trait LinearKernels: Backend {
    /// `[n, classes]`
    #[fusion(meta = lazy::result)]
    fn linear_forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// Gradients with respect to weight and bias.
    #[fusion(meta = lazy::parameters)]
    fn linear_parameter_gradients(
        x: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// The gradient with respect to `x`.
    #[fusion(meta = lazy::input)]
    fn linear_input_gradient(
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

/// The linear layer as a differentiable operation.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"), Autodiff)]
pub trait LinearOps: Backend {
    fn linear(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

#[cfg(feature = "webgpu")]
impl LinearOps for burn_cubecl::Cube {
    fn linear(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        Self::linear_forward(x, weight, bias)
    }
}

#[cfg(feature = "cpu")]
impl LinearOps for burn_flex::Flex {
    fn linear(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        Self::linear_forward(x, weight, bias)
    }
}

/// Shapes and types of what the operations give, known before they are carried out.
#[cfg(feature = "webgpu")]
mod lazy {
    use burn::backend::fusion::custom::TensorSpec;
    use burn::tensor::{DType, Shape};

    fn floats<const D: usize>(shape: [usize; D]) -> TensorSpec {
        TensorSpec::new(Shape::from(shape), DType::F32)
    }

    pub fn result(x: &TensorSpec, weight: &TensorSpec, _: &TensorSpec) -> TensorSpec {
        floats([x.shape[0], weight.shape[0]])
    }

    pub fn parameters(x: &TensorSpec, gradient: &TensorSpec) -> (TensorSpec, TensorSpec) {
        let classes = gradient.shape[1];
        (floats([classes, x.shape[1]]), floats([classes]))
    }

    pub fn input(weight: &TensorSpec, gradient: &TensorSpec) -> TensorSpec {
        floats([gradient.shape[0], weight.shape[1]])
    }
}
