//! Own operations behind Burn's extension points, where Burn's are the limit: a block of the network (conv 3x3 with
//! padding 1, bias, ReLU, max-pool 2) as one operation, with its backward pass.
//!
//! Max-pooling passes on one of four values, and ReLU only positive ones. So a block keeps nothing of what was between
//! but the `route` of each pooled value: which of the four it was, or that ReLU let nothing through. Backward, three
//! quarters of the convolution's gradient and more are known to be 0 and left out.

mod autodiff;
#[cfg(feature = "cpu")]
mod cpu;
#[cfg(feature = "webgpu")]
mod gpu;

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

/// What a backend computes itself, forward and backward.
///
/// Shapes: `x` `[n, c, h, w]`, `weight` `[o, c, 3, 3]`, `bias` `[o]`, pooled values and their gradient
/// `[n, o, h/2, w/2]` (an odd last row or column is left out, as by Burn's pooling). `route` is the backend's own, one
/// number for each pooled value.
///
/// With fusion (on WebGPU) these are operations of its stream like any other, carried out when it comes to them.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"), Fusion: cfg(feature = "webgpu"))]
pub trait BlockKernels: Backend {
    /// The pooled values, and the route of each.
    #[fusion(meta = lazy::forward)]
    fn block_forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, IntTensor<Self>);

    /// Gradients with respect to weight and bias.
    #[fusion(meta = lazy::parameter_gradients)]
    fn block_parameter_gradients(
        x: FloatTensor<Self>,
        route: IntTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// The gradient with respect to `x`, of `height` and `width`.
    #[fusion(meta = lazy::input_gradient)]
    fn block_input_gradient(
        weight: FloatTensor<Self>,
        route: IntTensor<Self>,
        gradient: FloatTensor<Self>,
        height: usize,
        width: usize,
    ) -> FloatTensor<Self>;
}

/// Shapes and types of what the operations give, known before they are carried out.
#[cfg(feature = "webgpu")]
mod lazy {
    use burn::backend::fusion::custom::TensorSpec;
    use burn::tensor::{DType, Shape};

    fn floats<const D: usize>(shape: [usize; D]) -> TensorSpec {
        TensorSpec::new(Shape::from(shape), DType::F32)
    }

    pub fn forward(
        x: &TensorSpec,
        weight: &TensorSpec,
        _: &TensorSpec,
    ) -> (TensorSpec, TensorSpec) {
        let [x, o] = [&x.shape, &weight.shape];
        let shape = [x[0], o[0], x[2] / 2, x[3] / 2];
        let route = TensorSpec::new(Shape::from(shape), DType::I32);
        (floats(shape), route)
    }

    pub fn parameter_gradients(
        x: &TensorSpec,
        route: &TensorSpec,
        _: &TensorSpec,
    ) -> (TensorSpec, TensorSpec) {
        let [c, o] = [x.shape[1], route.shape[1]];
        (floats([o, c, 3, 3]), floats([o]))
    }

    pub fn input_gradient(
        weight: &TensorSpec,
        route: &TensorSpec,
        _: &TensorSpec,
        height: &usize,
        width: &usize,
    ) -> TensorSpec {
        floats([route.shape[0], weight.shape[1], *height, *width])
    }
}

/// The block as a differentiable operation.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"), Autodiff)]
trait BlockOps: Backend {
    fn block(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

/// The block where nobody asks for a gradient.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"))]
trait Inference: Backend {
    fn block_inference(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

#[cfg(feature = "cpu")]
impl BlockOps for burn_flex::Flex {
    fn block(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        Self::block_forward(x, weight, bias).0
    }
}

/// Conv 3x3 with padding 1, bias, ReLU, max-pool 2: `[n, c, h, w]` to `[n, o, h/2, w/2]`.
pub fn block(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::block(
        x.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
    ))
}

/// As [`block()`], and on one backend the same bits, without its gradients: where the backend can, a weight that is 0 costs nothing.
pub fn inference(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::block_inference(
        x.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
    ))
}
