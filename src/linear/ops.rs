//! What a backend computes itself for the linear layer; by default, what Burn's operations come to.

use burn::backend::fusion::custom::TensorSpec;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, TensorMetadata, backend_extension};
use burn::tensor::{DType, Shape};

/// Shapes: `x` `[n, features]`, `weight` `[classes, features]`, `bias` `[classes]`, `gradient` (of the result)
/// `[n, classes]`.
#[backend_extension(Cube, Flex: cfg(feature = "cpu"), Fusion)]
pub trait LinearKernels: Backend {
    /// `[n, classes]`
    #[fusion(meta = result)]
    fn linear_forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let classes = bias.shape()[0];
        let bias = Self::float_reshape(bias, Shape::from([1, classes]));
        Self::float_add(Self::float_matmul(x, Self::float_transpose(weight)), bias)
    }

    /// Gradients with respect to weight and bias.
    #[fusion(meta = parameters)]
    fn linear_parameter_gradients(
        x: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let classes = gradient.shape()[1];
        let weight = Self::float_matmul(Self::float_transpose(gradient.clone()), x);
        let bias = Self::float_sum_dim(gradient, 0);
        (weight, Self::float_reshape(bias, Shape::from([classes])))
    }

    /// The gradient with respect to `x`.
    #[fusion(meta = input)]
    fn linear_input_gradient(
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        Self::float_matmul(gradient, weight)
    }
}

/// The linear layer as a differentiable operation.
#[backend_extension(Cube, Flex: cfg(feature = "cpu"), Autodiff)]
pub trait LinearOps: Backend {
    fn linear(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

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
impl LinearKernels for burn_flex::Flex {}

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

fn floats<const D: usize>(shape: [usize; D]) -> TensorSpec {
    TensorSpec::new(Shape::from(shape), DType::F32)
}

fn result(x: &TensorSpec, weight: &TensorSpec, _: &TensorSpec) -> TensorSpec {
    floats([x.shape[0], weight.shape[0]])
}

fn parameters(x: &TensorSpec, gradient: &TensorSpec) -> (TensorSpec, TensorSpec) {
    let classes = gradient.shape[1];
    (floats([classes, x.shape[1]]), floats([classes]))
}

fn input(weight: &TensorSpec, gradient: &TensorSpec) -> TensorSpec {
    floats([gradient.shape[0], weight.shape[1]])
}
