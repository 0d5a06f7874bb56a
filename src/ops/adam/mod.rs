//! A step of Adam (Kingma & Ba, ICLR 2015) for one tensor, in one pass over it.

#[cfg(feature = "cpu")]
mod cpu;
#[cfg(feature = "webgpu")]
mod gpu;
mod ops;

use burn::backend::Dispatch;
use burn::optim::{AdamState, AdaptiveMomentumState};
use burn::tensor::Tensor;
use ops::{AdamKernels, BETA_1, BETA_2};

/// Burn's default epsilon is 1e-5; the field's is 1e-8.
const EPSILON: f32 = 1e-8;

/// The parameter after a step down `gradient`, and Adam's state then (None is that before the first step).
pub fn step<const D: usize>(
    learning_rate: f64,
    parameter: Tensor<D>,
    gradient: Tensor<D>,
    state: Option<AdamState<D>>,
) -> (Tensor<D>, Option<AdamState<D>>) {
    let (time, first, second) = match state {
        Some(AdamState { momentum }) => (momentum.time + 1, momentum.moment_1, momentum.moment_2),
        None => (1, parameter.zeros_like(), parameter.zeros_like()),
    };
    // Burn's way to correct the bias of both moments at once.
    let root = (1.0 - BETA_2.powi(time as i32)).sqrt();
    let factor = root / (1.0 - BETA_1.powi(time as i32));
    let (parameter, first, second) = Dispatch::adam_step(
        parameter.into_dispatch(),
        gradient.into_dispatch(),
        first.into_dispatch(),
        second.into_dispatch(),
        factor,
        EPSILON * root,
        learning_rate as f32,
    );
    let [parameter, first, second] = [parameter, first, second].map(Tensor::from_dispatch);
    let state = AdamState::new(AdaptiveMomentumState::new(time, first, second));
    (parameter, Some(state))
}
