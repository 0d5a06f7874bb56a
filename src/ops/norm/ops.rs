//! What a backend computes for batch normalisation; where it has no kernels of its own, Burn's operations.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, TensorMetadata, backend_extension};
use burn::tensor::Shape;

const EPSILON: f64 = 1e-5;

/// What is normalised, and with what: `x` `[n, c, h, w]`, the rest `[c]`.
#[derive(Clone, Debug)]
pub struct Normal<B: Backend> {
    pub x: FloatTensor<B>,
    pub gamma: FloatTensor<B>,
    pub mean: FloatTensor<B>,
    pub variance: FloatTensor<B>,
}

/// Gradients with respect to x, gamma and beta.
pub type NormGradients<B> = (FloatTensor<B>, FloatTensor<B>, FloatTensor<B>);

pub trait NormKernels: Backend {
    /// With mean and variance of the batch itself, which are given too.
    fn norm_train_forward(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let all = Self::batch_norm_train(x, gamma, beta, EPSILON);
        (all.output, all.mean, all.variance)
    }

    fn norm_forward(normal: Normal<Self>, beta: FloatTensor<Self>) -> FloatTensor<Self> {
        let Normal {
            x,
            gamma,
            mean,
            variance,
        } = normal;
        Self::batch_norm(x, gamma, beta, mean, variance, EPSILON)
    }

    /// Where mean and variance are those of `x`, and change with it.
    fn norm_train_gradients(
        normal: Normal<Self>,
        gradient: FloatTensor<Self>,
    ) -> NormGradients<Self> {
        let Normal {
            x,
            gamma,
            mean,
            variance,
        } = normal;
        let all = Self::batch_norm_train_backward(x, gamma, mean, variance, EPSILON, gradient);
        (all.x_grad, all.gamma_grad, all.beta_grad)
    }

    /// Where mean and variance are constants.
    fn norm_gradients(normal: Normal<Self>, gradient: FloatTensor<Self>) -> NormGradients<Self> {
        let [n, c, h, w] = normal.x.shape().dims();
        let each = |t| Self::float_reshape(t, Shape::from([1, c, 1, 1]));
        let sum = |t| {
            let planes = Self::float_reshape(t, Shape::from([n, c, h * w]));
            let sums = Self::float_sum_dim(Self::float_sum_dim(planes, 2), 0);
            Self::float_reshape(sums, Shape::from([c]))
        };
        let variance = Self::float_add_scalar(normal.variance, EPSILON.into());
        let factor = each(Self::float_recip(Self::float_sqrt(variance)));
        let apart = Self::float_sub(normal.x, each(normal.mean));
        let normalised = Self::float_mul(apart, factor.clone());
        let gamma = sum(Self::float_mul(gradient.clone(), normalised));
        let scale = Self::float_mul(factor, each(normal.gamma));
        let x = Self::float_mul(gradient.clone(), scale);
        (x, gamma, sum(gradient))
    }
}

#[cfg(feature = "webgpu")]
impl NormKernels for burn_cubecl::Cube {}

/// The differentiable operations.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"), Autodiff)]
pub trait NormOps: Backend {
    /// The result, and mean and variance, which are not tracked.
    fn norm_train(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    fn norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

/// Without autodiff.
macro_rules! untracked {
    ($backend:ty) => {
        impl NormOps for $backend {
            fn norm_train(
                x: FloatTensor<Self>,
                gamma: FloatTensor<Self>,
                beta: FloatTensor<Self>,
            ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
                Self::norm_train_forward(x, gamma, beta)
            }

            fn norm(
                x: FloatTensor<Self>,
                gamma: FloatTensor<Self>,
                beta: FloatTensor<Self>,
                mean: FloatTensor<Self>,
                variance: FloatTensor<Self>,
            ) -> FloatTensor<Self> {
                let normal = Normal {
                    x,
                    gamma,
                    mean,
                    variance,
                };
                Self::norm_forward(normal, beta)
            }
        }
    };
}

#[cfg(feature = "webgpu")]
untracked!(burn_cubecl::Cube);
#[cfg(feature = "cpu")]
untracked!(burn_flex::Flex);
