//! Pooling on Burn's CPU backend, by the kernels of `kernels/`.

use super::ops::{PoolKernels, Windows};
use crate::ops::flex::{dims, floats, routes, tensor, values};
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::tensor::{Bytes, DType};
use burn_flex::{Flex, FlexTensor};
use pruning_kernels::{self as kernels, Pool};

fn pool(x: &FlexTensor, Windows { k, stride }: Windows) -> Pool {
    let [_, _, h, w] = dims(x);
    Pool { h, w, k, stride }
}

impl PoolKernels for Flex {
    fn largest_forward(
        x: FloatTensor<Self>,
        windows: Windows,
    ) -> (FloatTensor<Self>, IntTensor<Self>) {
        let [n, c, ..] = dims(&x);
        let pool = pool(&x, windows);
        let (largest, route) = pool.largest(values(&x.to_contiguous()));
        let [height, width] = pool.output();
        let shape = [n, c, height, width];
        (
            floats(largest, shape),
            tensor(Bytes::from_elems(route), shape, DType::U8),
        )
    }

    fn largest_gradient(
        x: FloatTensor<Self>,
        windows: Windows,
        route: IntTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let pool = pool(&x, windows);
        let gradient = gradient.to_contiguous();
        let result = pool.largest_gradient(routes(&route), values(&gradient));
        floats(result, dims(&x))
    }

    fn mean_forward(x: FloatTensor<Self>, windows: Windows) -> FloatTensor<Self> {
        let [n, c, ..] = dims(&x);
        let pool = pool(&x, windows);
        let [height, width] = pool.output();
        floats(pool.mean(values(&x.to_contiguous())), [n, c, height, width])
    }

    fn mean_gradient(
        x: FloatTensor<Self>,
        windows: Windows,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let gradient = gradient.to_contiguous();
        let result = pool(&x, windows).mean_gradient(values(&gradient));
        floats(result, dims(&x))
    }

    fn plane_means_forward(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let [n, c, h, w] = dims(&x);
        let means = kernels::plane_means(values(&x.to_contiguous()), h * w);
        floats(means, [n, c])
    }

    fn plane_means_gradient(
        gradient: FloatTensor<Self>,
        height: usize,
        width: usize,
    ) -> FloatTensor<Self> {
        let [n, c, ..] = dims(&gradient);
        let gradient = gradient.to_contiguous();
        let result = kernels::plane_means_gradient(values(&gradient), height * width);
        floats(result, [n, c, height, width])
    }
}
