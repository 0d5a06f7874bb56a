//! The playground's own CPU kernels, for one thread and SIMD of 4 lanes: slices in, vectors out.
//!
//! Images are NCHW and weights `[o, c, k, k]`, row-major, as everywhere. What small networks begin with has kernels of its
//! own: the block (conv 3x3 with padding 1, bias, ReLU, max-pool 2), in which an image is [`padded`](mod@padded), its
//! channels together, so that what a 3x3 window covers is three runs of memory. The rest is made of convolutions in general,
//! normalisation, pooling and so on, one file each.

mod activation;
mod adam;
mod backward;
mod conv;
mod exchange;
mod forward;
mod gemm;
mod linear;
mod loss;
mod norm;
mod padded;
pub mod peak;
mod places;
mod pool;
#[cfg(test)]
mod reference;
mod sgd;
mod slice_pad;
mod sparse;
mod sums;
mod terms;

pub use activation::{relu, relu_gradient};
pub use adam::AdamStep;
pub use backward::{input_gradient, parameter_gradients};
pub use conv::{Conv, conv, conv_input_gradient, conv_weight_gradient};
pub use exchange::{accumulate, all_finite, count_nonzero};
pub use forward::{active, forward};
pub use linear::{linear, linear_input_gradient, linear_parameter_gradients};
pub use loss::cross_entropy;
pub use norm::{Channels, NormGradients, Normal};
pub use pool::{Pool, plane_means, plane_means_gradient};
pub use sgd::SgdStep;
pub use slice_pad::SlicePad;
pub use sparse::{SparseBlock, SparseConv, SparseLinear};
pub use sums::plane_sums;

/// The sizes of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Images.
    pub n: usize,
    /// Channels of the input.
    pub c: usize,
    /// Height and width of the input.
    pub h: usize,
    pub w: usize,
    /// Filters.
    pub o: usize,
}

impl Block {
    /// Height and width after pooling: an odd last row or column is left out.
    pub fn pooled(&self) -> [usize; 2] {
        [self.h / 2, self.w / 2]
    }

    /// Values of one filter after pooling, of one image.
    fn plane(&self) -> usize {
        self.h / 2 * (self.w / 2)
    }

    /// Values of one image.
    fn image(&self) -> usize {
        self.c * self.h * self.w
    }

    /// Weights of one filter.
    fn filter(&self) -> usize {
        9 * self.c
    }

    /// Checks slices against these sizes, where checks are compiled: what is not there would be left out of a result.
    #[inline(always)]
    fn check(&self, x: usize, weight: usize, pooled: [usize; 2]) {
        debug_assert_eq!(x, self.n * self.image(), "values of the images");
        debug_assert_eq!(weight, self.o * self.filter(), "weights");
        debug_assert_eq!(pooled, [self.n * self.o * self.plane(); 2], "pooled values");
    }
}

/// The route of a pooled value that ReLU has cut off, in place of 0 to 3 (which of the four values it was, row by row).
pub const CLOSED: u8 = 4;
