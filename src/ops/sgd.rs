//! A step of stochastic gradient descent with momentum for one tensor, as PyTorch has it, in one pass over it.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

/// The settings of a step. Dampening is 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    pub learning_rate: f64,
    /// How much of the velocity stays; at 0 there is none.
    pub momentum: f64,
    /// How much of the parameter is added to its gradient.
    pub weight_decay: f64,
    pub nesterov: bool,
}

/// The parameter after a step down `gradient`, and its momentum then (None is that before the first step, and that of steps
/// without momentum). With `d = gradient + weight_decay * parameter` the momentum `b` is `d` in the first step and then
/// `momentum * b + d`; the parameter loses `learning_rate * b`, or `learning_rate * (d + momentum * b)` with Nesterov's.
pub fn step<const D: usize>(
    how: Sgd,
    parameter: Tensor<D>,
    gradient: Tensor<D>,
    momentum: Option<Tensor<D>>,
) -> (Tensor<D>, Option<Tensor<D>>) {
    if how.momentum == 0.0 {
        let [parameter, gradient] = [parameter, gradient].map(Tensor::into_dispatch);
        let parameter = Dispatch::sgd_plain(parameter, gradient, how);
        return (Tensor::from_dispatch(parameter), None);
    }
    let velocity = momentum.unwrap_or_else(|| parameter.zeros_like());
    let (parameter, velocity) = Dispatch::sgd_step(
        parameter.into_dispatch(),
        gradient.into_dispatch(),
        velocity.into_dispatch(),
        how,
    );
    let [parameter, velocity] = [parameter, velocity].map(Tensor::from_dispatch);
    (parameter, Some(velocity))
}

/// What a backend computes; where it has no kernels of its own, Burn's operations. All tensors are of one shape.
#[backend_extension(Cube: cfg(feature = "webgpu"), Flex: cfg(feature = "cpu"))]
trait SgdKernels: Backend {
    /// The parameter and the velocity after a step.
    fn sgd_step(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        velocity: FloatTensor<Self>,
        how: Sgd,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let momentum = |velocity| Self::float_mul_scalar(velocity, how.momentum.into());
        let slope = how.slope::<Self>(parameter.clone(), gradient);
        let velocity = Self::float_add(momentum(velocity), slope.clone());
        let step = if how.nesterov {
            Self::float_add(slope, momentum(velocity.clone()))
        } else {
            velocity.clone()
        };
        (how.descend::<Self>(parameter, step), velocity)
    }

    /// The parameter after a step without momentum.
    fn sgd_plain(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        how: Sgd,
    ) -> FloatTensor<Self> {
        let slope = how.slope::<Self>(parameter.clone(), gradient);
        how.descend::<Self>(parameter, slope)
    }
}

impl Sgd {
    fn slope<B: Backend>(
        self,
        parameter: FloatTensor<B>,
        gradient: FloatTensor<B>,
    ) -> FloatTensor<B> {
        let decay = B::float_mul_scalar(parameter, self.weight_decay.into());
        B::float_add(gradient, decay)
    }

    fn descend<B: Backend>(
        self,
        parameter: FloatTensor<B>,
        step: FloatTensor<B>,
    ) -> FloatTensor<B> {
        B::float_sub(
            parameter,
            B::float_mul_scalar(step, self.learning_rate.into()),
        )
    }
}

#[cfg(feature = "webgpu")]
impl SgdKernels for burn_cubecl::Cube {}

#[cfg(feature = "cpu")]
impl SgdKernels for burn_flex::Flex {
    fn sgd_step(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        velocity: FloatTensor<Self>,
        how: Sgd,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        use super::flex::{values, values_mut};
        let [mut parameter, gradient, mut velocity] =
            [parameter, gradient, velocity].map(|t| t.to_contiguous());
        kernel(how).take(
            values_mut(&mut parameter),
            values(&gradient),
            values_mut(&mut velocity),
        );
        (parameter, velocity)
    }

    fn sgd_plain(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        how: Sgd,
    ) -> FloatTensor<Self> {
        use super::flex::{values, values_mut};
        let [mut parameter, gradient] = [parameter, gradient].map(|t| t.to_contiguous());
        kernel(how).take_plain(values_mut(&mut parameter), values(&gradient));
        parameter
    }
}

#[cfg(feature = "cpu")]
fn kernel(how: Sgd) -> pruning_kernels::SgdStep {
    pruning_kernels::SgdStep {
        learning_rate: how.learning_rate as f32,
        momentum: how.momentum as f32,
        weight_decay: how.weight_decay as f32,
        nesterov: how.nesterov,
    }
}
