//! Burn's operations on floats, asked of the backends themselves. Those of `Tensor` have a way for quantised numbers each,
//! which no tensor here has, and which would make up a good part of a bundle.

use burn::backend::Dispatch;
use burn::backend::ops::FloatTensorOps;
use burn::tensor::Tensor;

pub fn add<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::float_add(a.into_dispatch(), b.into_dispatch()))
}

/// Shapes broadcast.
pub fn sub<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::float_sub(a.into_dispatch(), b.into_dispatch()))
}

pub fn mul<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::float_mul(a.into_dispatch(), b.into_dispatch()))
}

pub fn scale<const D: usize>(a: Tensor<D>, factor: f64) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::float_mul_scalar(a.into_dispatch(), factor.into()))
}

pub fn exp<const D: usize>(a: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::float_exp(a.into_dispatch()))
}

pub fn log<const D: usize>(a: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::float_log(a.into_dispatch()))
}

/// Of all numbers: `[1]`.
pub fn sum<const D: usize>(a: Tensor<D>) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::float_sum(a.into_dispatch()))
}

/// Of each row: `[n, m]` to `[n, 1]`.
pub fn sum_rows(a: Tensor<2>) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::float_sum_dim(a.into_dispatch(), 1))
}
