//! A step of Adam (Kingma & Ba, ICLR 2015) for one tensor, in one pass over it.

#[cfg(feature = "cpu")]
mod cpu;
#[cfg(feature = "webgpu")]
mod gpu;
mod ops;

use burn::backend::Dispatch;
use burn::tensor::Tensor;
use ops::{AdamKernels, BETA_1, BETA_2};

/// Burn's default epsilon is 1e-5; the field's is 1e-8.
const EPSILON: f32 = 1e-8;

/// The parameter after step number `time` (from 1) down `gradient`, and both moments then; `moments` are those before, None at
/// the first step.
pub fn step<const D: usize>(
    learning_rate: f64,
    time: u32,
    parameter: Tensor<D>,
    gradient: Tensor<D>,
    moments: Option<[Tensor<D>; 2]>,
) -> (Tensor<D>, [Tensor<D>; 2]) {
    let [first, second] =
        moments.unwrap_or_else(|| [parameter.zeros_like(), parameter.zeros_like()]);
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
    (parameter, [first, second])
}
