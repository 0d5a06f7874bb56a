//! A start-up self-test: a few training steps compared with known figures.
//!
//! On WebGPU a kernel that fails validation can be skipped in silence and stale memory returned
//! (cubecl issue 1641): a network would then train on nonsense. So each device first has to
//! reproduce the CPU backend's figures.

use crate::data;
use crate::data::batch::Batcher;
use crate::error::{Error, ErrorCode, Result};
use crate::learn::eval;
use crate::learn::objective::Objective;
use crate::learn::optimiser::Rule;
use crate::learn::state::TrainState;
use crate::learn::train::Trainer;
use crate::net::two_conv;
use crate::ops::transfer::read;
use burn::tensor::Device;

/// Loss before each of three steps, and the sum of |logits| after them, on the CPU backend.
const KNOWN: [f32; 4] = [3.0322866, 2.7036917, 2.4348257, 82.919426];
/// Relative difference that rounding in another order may make.
const TOLERANCE: f32 = 1e-3;

/// The figures of [`KNOWN`] on `device`.
pub async fn figures(device: &Device) -> Result<[f32; 4]> {
    let data = data::digits()?;
    let graph = two_conv(data.image(), [4, 6], data.classes.len())?;
    let rule = Rule::Adam {
        learning_rate: 1e-2,
    };
    let batch = Batcher::new(&data).batch(&data.train, 0..16, device);
    let mut state = TrainState::fresh(&graph, 7);
    // A held mask, so that masking is tested too.
    state.mask.iter_mut().step_by(3).for_each(|m| *m = 0);
    let mut trainer = Trainer::new(graph, &state, rule, device);
    let losses: Vec<_> = (0..3)
        .map(|_| trainer.step(&batch, &Objective::Labels))
        .collect();
    let losses = read(losses).await?.concat();
    let logits = eval::logits(&trainer.model, std::slice::from_ref(&batch)).await?;
    let size = logits.iter().map(|x| x.abs()).sum();
    match losses[..] {
        [a, b, c] => Ok([a, b, c, size]),
        _ => Err(Error::new(
            ErrorCode::Device,
            "the device returned the wrong number of values",
        )),
    }
}

/// Whether `device` computes what the CPU backend computes.
///
/// # Errors
/// The device failed, or its figures differ; the sentence gives both.
pub async fn run(device: &Device) -> Result<()> {
    let found = figures(device).await?;
    let equal = |(a, b): (&f32, &f32)| (a - b).abs() <= TOLERANCE * b.abs();
    if found.iter().zip(&KNOWN).all(equal) {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::Device,
        format!("this device computes wrongly: the self-test gave {found:?} instead of {KNOWN:?}"),
    ))
}

#[cfg(all(test, feature = "cpu"))]
mod tests {
    use super::*;

    #[test]
    fn the_cpu_backend_gives_the_known_figures() {
        let device = Device::flex();
        let found = pollster::block_on(figures(&device)).expect("the CPU works");
        assert_eq!(pollster::block_on(run(&device)), Ok(()), "{found:?}");
    }
}
