//! The block on Burn's CPU backend, by the kernels of `kernels/`.

use super::{BlockKernels, Inference};
use crate::ops::flex::{dims, floats, routes, tensor, values};
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::tensor::{Bytes, DType};
use burn_flex::Flex;
use pruning_kernels::{self as kernels, Block, SparseBlock};

impl Inference for Flex {
    fn block_inference(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let block = block_of(&x, &weight);
        let [x, weight, bias] = [x, weight, bias].map(|t| t.to_contiguous());
        match SparseBlock::worth_it(&block, values(&weight), values(&bias)) {
            Some(sparse) => floats(sparse.forward(values(&x)), pooled(&block)),
            None => Self::block_forward(x, weight, bias).0,
        }
    }
}

/// The sizes of a block of `x` and `weight`.
fn block_of(x: &FloatTensor<Flex>, weight: &FloatTensor<Flex>) -> Block {
    let [n, c, h, w] = dims(x);
    let [o, ..] = dims(weight);
    Block { n, c, h, w, o }
}

/// The shape of what comes out of it.
fn pooled(block: &Block) -> [usize; 4] {
    let [height, width] = block.pooled();
    [block.n, block.o, height, width]
}

impl BlockKernels for Flex {
    fn block_forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, IntTensor<Self>) {
        let block = block_of(&x, &weight);
        let [x, weight, bias] = [x, weight, bias].map(|t| t.to_contiguous());
        let (values, route) = kernels::forward(&block, values(&x), values(&weight), values(&bias));
        let shape = pooled(&block);
        (
            floats(values, shape),
            tensor(Bytes::from_elems(route), shape, DType::U8),
        )
    }

    fn block_parameter_gradients(
        x: FloatTensor<Self>,
        route: IntTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [n, c, h, w] = dims(&x);
        let [_, o, ..] = dims(&route);
        let block = Block { n, c, h, w, o };
        let [x, gradient] = [x, gradient].map(|t| t.to_contiguous());
        let (weight, bias) =
            kernels::parameter_gradients(&block, values(&x), routes(&route), values(&gradient));
        (floats(weight, [o, c, 3, 3]), floats(bias, [o]))
    }

    fn block_input_gradient(
        weight: FloatTensor<Self>,
        route: IntTensor<Self>,
        gradient: FloatTensor<Self>,
        h: usize,
        w: usize,
    ) -> FloatTensor<Self> {
        let [o, c, ..] = dims(&weight);
        let [n, ..] = dims(&route);
        let block = Block { n, c, h, w, o };
        let [weight, gradient] = [weight, gradient].map(|t| t.to_contiguous());
        let x = kernels::input_gradient(&block, values(&weight), routes(&route), values(&gradient));
        floats(x, [n, c, h, w])
    }
}
