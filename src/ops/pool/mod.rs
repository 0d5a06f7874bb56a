//! Pooling without padding: rows and columns that fill no window are left out.

mod autodiff;
#[cfg(feature = "cpu")]
mod cpu;
mod ops;

use burn::backend::Dispatch;
use burn::tensor::Tensor;
use ops::{PoolOps, Windows};

/// The largest of each window of `k` by `k`, `stride` apart: `[n, c, h, w]` to `[n, c, (h - k) / stride + 1, ..]`. The
/// gradient goes to the first of equals, row by row, as PyTorch's.
pub fn max_pool2d(x: Tensor<4>, k: usize, stride: usize) -> Tensor<4> {
    let windows = Windows { k, stride };
    Tensor::from_dispatch(Dispatch::largest(x.into_dispatch(), windows))
}

/// The mean of each window; shapes are those of [`max_pool2d`].
pub fn avg_pool2d(x: Tensor<4>, k: usize, stride: usize) -> Tensor<4> {
    let windows = Windows { k, stride };
    Tensor::from_dispatch(Dispatch::mean(x.into_dispatch(), windows))
}

/// The mean of each channel of each image: `[n, c, h, w]` to `[n, c]`.
pub fn global_avg_pool(x: Tensor<4>) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::plane_means(x.into_dispatch()))
}
