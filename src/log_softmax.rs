//! Logarithms of the softmax, numerically stable.
//!
//! What is subtracted for stability, the largest of each row, is taken as a constant: the result does not depend on it, so
//! it needs no derivative (nor a bundle the code for one, which is long).

use crate::float::{exp, log, sub, sum_rows};
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"), Fusion: cfg(feature = "webgpu"), Autodiff)]
trait RowMax: Backend {
    /// The largest of each row: `[n, m]` to `[n, 1]`, a constant.
    #[fusion(default)]
    fn row_max(x: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::float_max_dim(x, 1)
    }
}

#[cfg(feature = "cpu")]
impl RowMax for burn_flex::Flex {}

#[cfg(feature = "webgpu")]
impl RowMax for burn_cubecl::Cube {}

impl<B: RowMax, C: CheckpointStrategy> RowMax for Autodiff<B, C> {
    fn row_max(x: FloatTensor<Self>) -> FloatTensor<Self> {
        FloatTensor::<Self>::new(B::row_max(x.into_primitive()))
    }
}

/// `x - log(sum(exp(x)))` of each row of `[n, m]`.
pub fn log_softmax(x: Tensor<2>) -> Tensor<2> {
    let max = Tensor::from_dispatch(Dispatch::row_max(x.clone().into_dispatch()));
    let shifted = sub(x, max);
    sub(shifted.clone(), log(sum_rows(exp(shifted))))
}

#[cfg(all(test, feature = "cpu"))]
#[allow(clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn values_and_gradients_are_those_of_burn() {
        let rows = [[1.0f32, -2.0, 0.5], [1e4, 0.0, -1e4], [3.0, 3.0, 3.0]];
        let gradient = |log_softmax: fn(Tensor<2>) -> Tensor<2>| {
            let x = Tensor::<2>::from_data(rows, &Device::flex())
                .autodiff()
                .require_grad();
            let y = log_softmax(x.clone());
            let weights = Tensor::<2>::from_data([[0.2f32, 1.0, -3.0]], &Device::flex()).autodiff();
            let gradients = (y.clone() * weights).sum().backward();
            let of_x = x.grad(&gradients).map(Tensor::into_data);
            (y.inner().into_data(), of_x)
        };
        let (ours, burns) = (
            gradient(log_softmax),
            gradient(|x| burn::tensor::activation::log_softmax(x, 1)),
        );
        let tolerance = burn::tensor::Tolerance::<f32>::absolute(1e-5);
        ours.0.assert_approx_eq(&burns.0, tolerance);
        let (Some(ours), Some(burns)) = (ours.1, burns.1) else {
            panic!("there are gradients");
        };
        ours.assert_approx_eq(&burns, tolerance);
    }
}
