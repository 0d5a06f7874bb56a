//! ReLU and ReLU6 as one operation: what lies below 0 becomes 0, and what lies above a ceiling becomes that.

use super::autodiff::{Unary, tracked_unary};
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

/// `max(x, 0)`. Its gradient at 0 is 0, as PyTorch's.
pub fn relu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    clip(x, Ceiling(None))
}

/// `min(max(x, 0), 6)`. Its gradient at 0 and 6 is 0, as PyTorch's.
pub fn relu6<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    clip(x, Ceiling(Some(6.0)))
}

fn clip<const D: usize>(x: Tensor<D>, ceiling: Ceiling) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::clip(x.into_dispatch(), ceiling))
}

/// What nothing may be larger than.
#[derive(Clone, Copy, Debug)]
pub struct Ceiling(Option<f32>);

/// What a backend computes; where it has no kernels of its own, Burn's operations.
trait ClipKernels: Backend {
    fn clip_forward(x: FloatTensor<Self>, Ceiling(ceiling): Ceiling) -> FloatTensor<Self> {
        let x = Self::relu(x);
        match ceiling {
            None => x,
            Some(ceiling) => Self::float_clamp_max(x, ceiling.into()),
        }
    }

    /// The gradient, by what came out.
    fn clip_gradient(
        y: FloatTensor<Self>,
        Ceiling(ceiling): Ceiling,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let gradient = Self::relu_backward(y.clone(), gradient);
        let Some(ceiling) = ceiling else {
            return gradient;
        };
        let below = Self::float_add_scalar(Self::float_neg(y), ceiling.into());
        Self::relu_backward(below, gradient)
    }
}

#[cfg(feature = "webgpu")]
impl ClipKernels for burn_cubecl::Cube {}

#[cfg(feature = "cpu")]
impl ClipKernels for burn_flex::Flex {
    fn clip_forward(x: FloatTensor<Self>, Ceiling(ceiling): Ceiling) -> FloatTensor<Self> {
        use super::flex::{like, values};
        let x = x.to_contiguous();
        let ceiling = ceiling.unwrap_or(f32::INFINITY);
        like(&x, pruning_kernels::relu(values(&x), ceiling))
    }

    fn clip_gradient(
        y: FloatTensor<Self>,
        Ceiling(ceiling): Ceiling,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        use super::flex::{like, values};
        let [y, gradient] = [y, gradient].map(|t| t.to_contiguous());
        let ceiling = ceiling.unwrap_or(f32::INFINITY);
        let result = pruning_kernels::relu_gradient(values(&y), ceiling, values(&gradient));
        like(&y, result)
    }
}

/// The differentiable operation.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"), Autodiff)]
trait ClipOps: Backend {
    fn clip(x: FloatTensor<Self>, ceiling: Ceiling) -> FloatTensor<Self>;
}

#[cfg(feature = "webgpu")]
impl ClipOps for burn_cubecl::Cube {
    fn clip(x: FloatTensor<Self>, ceiling: Ceiling) -> FloatTensor<Self> {
        Self::clip_forward(x, ceiling)
    }
}

#[cfg(feature = "cpu")]
impl ClipOps for burn_flex::Flex {
    fn clip(x: FloatTensor<Self>, ceiling: Ceiling) -> FloatTensor<Self> {
        Self::clip_forward(x, ceiling)
    }
}

impl<B: ClipKernels> Unary<B> for Ceiling {
    /// What came out.
    type Kept = FloatTensor<B>;

    fn forward(&self, x: FloatTensor<B>) -> (FloatTensor<B>, FloatTensor<B>) {
        let y = B::clip_forward(x, *self);
        (y.clone(), y)
    }

    fn input_gradient(&self, y: FloatTensor<B>, gradient: FloatTensor<B>) -> FloatTensor<B> {
        B::clip_gradient(y, *self, gradient)
    }
}

impl<B: ClipKernels, C: CheckpointStrategy> ClipOps for Autodiff<B, C> {
    fn clip(x: FloatTensor<Self>, ceiling: Ceiling) -> FloatTensor<Self> {
        tracked_unary::<B, C, _>(ceiling, x)
    }
}
