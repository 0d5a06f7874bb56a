//! Batch normalisation (Ioffe & Szegedy, ICML 2015) by channel, over images and positions, as PyTorch has it; its epsilon is
//! 1e-5.

mod autodiff;
#[cfg(feature = "cpu")]
mod cpu;
mod ops;

use burn::backend::Dispatch;
use burn::tensor::Tensor;
use ops::NormOps;

/// `(x - mean) / sqrt(variance + 1e-5) * gamma + beta` of `x` `[n, c, h, w]`, with mean and variance of the batch itself; and
/// these two, `[c]` each, for running statistics: without autodiff, the variance biased (divided by `n * h * w`).
pub fn batch_norm_train(
    x: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
) -> (Tensor<4>, Tensor<1>, Tensor<1>) {
    let (y, mean, variance) = Dispatch::norm_train(
        x.into_dispatch(),
        gamma.into_dispatch(),
        beta.into_dispatch(),
    );
    let [mean, variance] = [mean, variance].map(|t| Tensor::<1>::from_dispatch(t).inner());
    (Tensor::from_dispatch(y), mean, variance)
}

/// `(x - mean) / sqrt(var + 1e-5) * gamma + beta`, with mean and variance `[c]` that are constants.
pub fn batch_norm(
    x: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    mean: Tensor<1>,
    var: Tensor<1>,
) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::norm(
        x.into_dispatch(),
        gamma.into_dispatch(),
        beta.into_dispatch(),
        mean.into_dispatch(),
        var.into_dispatch(),
    ))
}
