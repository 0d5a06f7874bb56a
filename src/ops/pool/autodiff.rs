//! Pooling as operations that can be differentiated.

use super::ops::{PoolKernels, PoolOps, Windows};
use crate::ops::autodiff::{Unary, tracked_unary};
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Autodiff, TensorMetadata};

#[derive(Clone, Debug)]
struct Largest(Windows);

#[derive(Clone, Debug)]
struct Mean(Windows);

#[derive(Clone, Debug)]
struct PlaneMeans;

impl<B: PoolKernels> Unary<B> for Largest {
    /// The input, and how it was routed.
    type Kept = (FloatTensor<B>, IntTensor<B>);

    fn forward(&self, x: FloatTensor<B>) -> (FloatTensor<B>, Self::Kept) {
        let (largest, route) = B::largest_forward(x.clone(), self.0);
        (largest, (x, route))
    }

    fn input_gradient(&self, (x, route): Self::Kept, gradient: FloatTensor<B>) -> FloatTensor<B> {
        B::largest_gradient(x, self.0, route, gradient)
    }
}

impl<B: PoolKernels> Unary<B> for Mean {
    /// The input, for its shape.
    type Kept = FloatTensor<B>;

    fn forward(&self, x: FloatTensor<B>) -> (FloatTensor<B>, FloatTensor<B>) {
        (B::mean_forward(x.clone(), self.0), x)
    }

    fn input_gradient(&self, x: FloatTensor<B>, gradient: FloatTensor<B>) -> FloatTensor<B> {
        B::mean_gradient(x, self.0, gradient)
    }
}

impl<B: PoolKernels> Unary<B> for PlaneMeans {
    /// Height and width.
    type Kept = [usize; 2];

    fn forward(&self, x: FloatTensor<B>) -> (FloatTensor<B>, [usize; 2]) {
        let [_, _, height, width] = x.shape().dims();
        (B::plane_means_forward(x), [height, width])
    }

    fn input_gradient(
        &self,
        [height, width]: [usize; 2],
        gradient: FloatTensor<B>,
    ) -> FloatTensor<B> {
        B::plane_means_gradient(gradient, height, width)
    }
}

impl<B: PoolKernels, C: CheckpointStrategy> PoolOps for Autodiff<B, C> {
    fn largest(x: FloatTensor<Self>, windows: Windows) -> FloatTensor<Self> {
        tracked_unary::<B, C, _>(Largest(windows), x)
    }

    fn mean(x: FloatTensor<Self>, windows: Windows) -> FloatTensor<Self> {
        tracked_unary::<B, C, _>(Mean(windows), x)
    }

    fn plane_means(x: FloatTensor<Self>) -> FloatTensor<Self> {
        tracked_unary::<B, C, _>(PlaneMeans, x)
    }
}
