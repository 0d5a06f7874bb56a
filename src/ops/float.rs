//! Burn's operations on floats, asked of the backends themselves. Those of `Tensor` have a way for quantised numbers each,
//! which no tensor here has, and which would make up a good part of a bundle.

use burn::backend::Dispatch;
use burn::backend::ops::FloatTensorOps;
use burn::tensor::Tensor;

pub fn add<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::float_add(a.into_dispatch(), b.into_dispatch()))
}

pub fn mul<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::float_mul(a.into_dispatch(), b.into_dispatch()))
}

pub fn scale<const D: usize>(a: Tensor<D>, factor: f64) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::float_mul_scalar(a.into_dispatch(), factor.into()))
}

/// Of all numbers: `[1]`.
pub fn sum<const D: usize>(a: Tensor<D>) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::float_sum(a.into_dispatch()))
}
