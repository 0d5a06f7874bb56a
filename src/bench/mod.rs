//! How long the work of a playground takes on a device: training steps, and a forward pass of 256 images.
//!
//! The images are procedural, 3x32x32; only their number and size matter here.

pub mod cut;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub mod peak;

use crate::data;
use crate::data::batch::{Batch, Batcher};
use crate::error::{Error, ErrorCode, Result};
use crate::learn::eval;
use crate::learn::objective::Objective;
use crate::learn::optimiser::Rule;
use crate::learn::state::TrainState;
use crate::learn::train::Trainer;
use crate::net::two_conv;
use crate::ops::transfer::read;
use burn::tensor::Device;
use serde::Serialize;
use web_time::Instant;

/// Images of the forward pass.
pub const FORWARD_IMAGES: usize = 256;
/// The largest of each number, so that a page can't be made to hang or to run out of memory.
const MOST_FILTERS: usize = 256;
const MOST_IMAGES: usize = 512;
const MOST_STEPS: usize = 10_000;

/// What to measure: the network's filters, images in a step, and steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    pub w1: usize,
    pub w2: usize,
    pub batch: usize,
    /// Training steps in all; as many forward passes as there are samples.
    pub steps: usize,
    /// Training steps before the loss is read back. Waiting for a GPU after each would measure the waiting.
    pub steps_per_read: usize,
}

/// Milliseconds, one figure a sample.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// Of one training step (forward, backward, Adam), each the mean of `steps_per_read`.
    pub step: Vec<f64>,
    /// Of a forward pass of [`FORWARD_IMAGES`] images, with its logits read back.
    pub forward: Vec<f64>,
}

impl Work {
    /// # Errors
    /// Names the number that is out of its range.
    pub fn validate(&self) -> Result<()> {
        let within = |name: &str, value: usize, most: usize| match value {
            1.. if value <= most => Ok(()),
            _ => Err(Error::new(
                ErrorCode::BadConfig,
                format!("{name} is {value}; it can be 1 to {most}"),
            )),
        };
        within("w1", self.w1, MOST_FILTERS)?;
        within("w2", self.w2, MOST_FILTERS)?;
        within("batch", self.batch, MOST_IMAGES)?;
        within("steps", self.steps, MOST_STEPS)?;
        within("stepsPerRead", self.steps_per_read, MOST_STEPS)
    }
}

/// One network and its images, ready to be measured again and again.
pub struct Bench {
    work: Work,
    trainer: Trainer,
    batch: Batch,
    images: Batch,
}

impl Bench {
    /// # Errors
    /// `work` is out of its ranges.
    pub fn new(work: Work, device: &Device) -> Result<Self> {
        work.validate()?;
        let data = data::shapes(0.3, 1);
        let graph = two_conv(data.image(), [work.w1, work.w2], data.classes.len())?;
        let state = TrainState::fresh(&graph, 1);
        let rule = Rule::Adam {
            learning_rate: 1e-3,
        };
        let batcher = Batcher::new(&data);
        let batch = |n: usize| {
            let indices = (0..n).map(|i| i % data.train.len());
            batcher.batch(&data.train, indices, device)
        };
        Ok(Self {
            work,
            trainer: Trainer::new(graph, &state, rule, device),
            batch: batch(work.batch),
            images: batch(FORWARD_IMAGES),
        })
    }

    /// Takes so many training steps and reads the last loss back.
    ///
    /// # Errors
    /// The device failed.
    pub async fn train(&mut self, steps: usize) -> Result<f32> {
        let mut loss = None;
        for _ in 0..steps {
            loss = Some(self.trainer.step(&self.batch, &Objective::Labels));
        }
        let values = read(loss.into_iter().collect()).await?.concat();
        Ok(values.first().copied().unwrap_or(f32::NAN))
    }

    /// Logits of [`FORWARD_IMAGES`] images.
    ///
    /// # Errors
    /// The device failed.
    pub async fn forward(&self) -> Result<Vec<f32>> {
        eval::logits(&self.trainer.model, std::slice::from_ref(&self.images)).await
    }

    /// Measures everything once, after a first time that does not count (kernels are tuned and compiled in it).
    ///
    /// # Errors
    /// The device failed.
    pub async fn figures(&mut self) -> Result<Figures> {
        let per_read = self.work.steps_per_read.min(self.work.steps);
        self.train(2).await?;
        self.forward().await?;
        let mut figures = Figures::default();
        for _ in 0..(self.work.steps / per_read).max(1) {
            let start = Instant::now();
            self.train(per_read).await?;
            figures.step.push(milliseconds(start) / per_read as f64);
            let start = Instant::now();
            self.forward().await?;
            figures.forward.push(milliseconds(start));
        }
        Ok(figures)
    }
}

fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

#[cfg(all(test, feature = "cpu"))]
mod tests {
    use super::*;

    const WORK: Work = Work {
        w1: 2,
        w2: 3,
        batch: 4,
        steps: 4,
        steps_per_read: 2,
    };

    #[test]
    fn what_is_measured_is_training() {
        let mut bench = Bench::new(WORK, &Device::flex()).expect("it is in its ranges");
        let first = pollster::block_on(bench.train(1)).expect("the CPU works");
        let later = pollster::block_on(bench.train(60)).expect("the CPU works");
        assert!(later < first, "{first} {later}");
        let logits = pollster::block_on(bench.forward()).expect("the CPU works");
        assert_eq!(logits.len() % FORWARD_IMAGES, 0);
    }

    #[test]
    fn each_read_is_a_sample() {
        let mut bench = Bench::new(WORK, &Device::flex()).expect("it is in its ranges");
        let figures = pollster::block_on(bench.figures()).expect("the CPU works");
        assert_eq!((figures.step.len(), figures.forward.len()), (2, 2));
        assert!(
            figures
                .step
                .iter()
                .chain(&figures.forward)
                .all(|&ms| ms > 0.0)
        );
    }

    #[test]
    fn a_number_out_of_its_range_is_named() {
        for (work, name) in [
            (Work { w1: 0, ..WORK }, "w1"),
            (Work { w2: 257, ..WORK }, "w2"),
            (Work { batch: 513, ..WORK }, "batch"),
            (Work { steps: 0, ..WORK }, "steps"),
        ] {
            let error = Bench::new(work, &Device::flex())
                .err()
                .expect("it is refused");
            assert!(error.message.starts_with(name), "{}", error.message);
        }
    }
}
