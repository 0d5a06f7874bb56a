//! The block on WebGPU (natively: on wgpu).

mod forward;
mod input_gradient;
mod parameter_gradients;
mod tile;

use super::{BlockKernels, BlockOps};
use crate::ops::gpu::dims;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::{Cube, CubeBackend};

/// The sizes of a block.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    /// Images.
    n: usize,
    /// Channels of the input, its height and width.
    c: usize,
    h: usize,
    w: usize,
    /// Filters.
    o: usize,
}

impl Sizes {
    /// Pooled height and width.
    fn pooled(&self) -> [usize; 2] {
        [self.h / 2, self.w / 2]
    }
}

impl BlockKernels for CubeBackend {
    fn block_forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, IntTensor<Self>) {
        let [n, c, h, w] = dims(&x);
        let [o] = dims(&weight);
        let [x, weight, bias] = [x, weight, bias].map(into_contiguous);
        forward::launch(&Sizes { n, c, h, w, o }, x, weight, bias)
    }

    fn block_parameter_gradients(
        x: FloatTensor<Self>,
        route: IntTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [n, c, h, w] = dims(&x);
        let [_, o] = dims(&route);
        let [x, route, gradient] = [x, route, gradient].map(into_contiguous);
        parameter_gradients::launch(&Sizes { n, c, h, w, o }, x, route, gradient)
    }

    fn block_input_gradient(
        weight: FloatTensor<Self>,
        route: IntTensor<Self>,
        gradient: FloatTensor<Self>,
        h: usize,
        w: usize,
    ) -> FloatTensor<Self> {
        let [o, c] = dims(&weight);
        let [n] = dims(&route);
        let [weight, route, gradient] = [weight, route, gradient].map(into_contiguous);
        input_gradient::launch(&Sizes { n, c, h, w, o }, weight, route, gradient)
    }
}

impl BlockOps for Cube {
    fn block(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        Self::block_forward(x, weight, bias).0
    }
}
