//! The block as an operation that can be differentiated.

use super::{BlockKernels, BlockOps};
use crate::ops::autodiff::{Passes, tracked};
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Autodiff, TensorMetadata};

#[derive(Debug)]
struct Block;

impl<B: BlockKernels> Passes<B> for Block {
    /// How its values were routed.
    type Kept = IntTensor<B>;

    fn forward(
        x: FloatTensor<B>,
        weight: FloatTensor<B>,
        bias: FloatTensor<B>,
    ) -> (FloatTensor<B>, IntTensor<B>) {
        B::block_forward(x, weight, bias)
    }

    fn input_gradient(
        x: &FloatTensor<B>,
        weight: FloatTensor<B>,
        route: IntTensor<B>,
        gradient: FloatTensor<B>,
    ) -> FloatTensor<B> {
        let [height, width] = [x.shape()[2], x.shape()[3]];
        B::block_input_gradient(weight, route, gradient, height, width)
    }

    fn parameter_gradients(
        x: FloatTensor<B>,
        route: IntTensor<B>,
        gradient: FloatTensor<B>,
    ) -> (FloatTensor<B>, FloatTensor<B>) {
        B::block_parameter_gradients(x, route, gradient)
    }
}

impl<B: BlockKernels, C: CheckpointStrategy> BlockOps for Autodiff<B, C> {
    fn block(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        tracked::<B, C, _>(Block, x, weight, bias)
    }
}
