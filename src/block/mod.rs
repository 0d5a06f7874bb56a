//! Own operations behind Burn's extension points, where Burn's are the limit: a block of the network (conv 3x3 with
//! padding 1, bias, ReLU, max-pool 2) as one operation, with its backward pass.
//!
//! Max-pooling passes on one of four values, and ReLU only positive ones. So a block keeps nothing of what was between
//! but the `route` of each pooled value: which of the four it was, or that ReLU let nothing through. Backward, three
//! quarters of the convolution's gradient and more are known to be 0 and left out.

mod autodiff;
#[cfg(feature = "cpu")]
mod cpu;

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

/// What a backend computes itself, forward and backward.
///
/// Shapes: `x` `[n, c, h, w]`, `weight` `[o, c, 3, 3]`, `bias` `[o]`, pooled values and their gradient
/// `[n, o, h/2, w/2]` (an odd last row or column is left out, as by Burn's pooling). `route` is the backend's own.
pub trait BlockKernels: Backend {
    /// The pooled values, and the route of each.
    fn block_forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, IntTensor<Self>);

    /// Gradients with respect to weight and bias.
    fn block_parameter_gradients(
        x: FloatTensor<Self>,
        route: IntTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// The gradient with respect to `x`, of `height` and `width`.
    fn block_input_gradient(
        weight: FloatTensor<Self>,
        route: IntTensor<Self>,
        gradient: FloatTensor<Self>,
        height: usize,
        width: usize,
    ) -> FloatTensor<Self>;
}

/// The block as a differentiable operation.
#[backend_extension(Flex: cfg(feature = "cpu"), Autodiff)]
trait BlockOps: Backend {
    fn block(
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
