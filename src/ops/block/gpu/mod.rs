//! The block on WebGPU (natively: on wgpu).

mod forward;
mod input_gradient;
mod parameter_gradients;
mod sizes;
mod tile;

use super::{BlockKernels, BlockOps, Inference};
use crate::ops::gpu::dims;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::{Cube, CubeBackend};
use sizes::Sizes;

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

impl Inference for Cube {
    /// Here a zero costs as much as any other number.
    fn block_inference(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        Self::block(x, weight, bias)
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
