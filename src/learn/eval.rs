//! Loss and accuracy without gradients, one asynchronous read.

use crate::data::batch::Batch;
use crate::error::{Error, ErrorCode, Result};
use crate::learn::model::Model;
use crate::ops::transfer::{flatten, read};
use burn::tensor::Tensor;
use serde::Serialize;

/// Mean cross-entropy (nats) and share of right answers over `samples` images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    pub loss: f32,
    pub accuracy: f64,
    pub samples: u32,
}

/// Sums over images, so that a set can be evaluated in slices.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    loss: f64,
    correct: u32,
    samples: u32,
}

impl Tally {
    /// Adds images by their `logits` (rows of `classes`) and `labels`.
    pub fn add(&mut self, logits: &[f32], labels: &[u8]) {
        let classes = logits.len() / labels.len().max(1);
        for (row, &label) in logits.chunks(classes.max(1)).zip(labels) {
            let label = usize::from(label);
            self.loss -= log_probability(row, label);
            self.correct += u32::from(top(row) == label);
            self.samples += 1;
        }
    }

    pub fn samples(&self) -> u32 {
        self.samples
    }

    pub fn metrics(&self) -> Metrics {
        let n = f64::from(self.samples.max(1));
        Metrics {
            loss: (self.loss / n) as f32,
            accuracy: f64::from(self.correct) / n,
            samples: self.samples,
        }
    }
}

/// The class with the highest logit, the first of equals.
pub fn top(logits: &[f32]) -> usize {
    let mut best = 0;
    for (i, &x) in logits.iter().enumerate() {
        if x > logits[best] {
            best = i;
        }
    }
    best
}

fn log_probability(logits: &[f32], label: usize) -> f64 {
    let max = f64::from(logits.iter().copied().fold(f32::NEG_INFINITY, f32::max));
    let sum: f64 = logits.iter().map(|&x| (f64::from(x) - max).exp()).sum();
    f64::from(logits[label]) - max - sum.ln()
}

/// Softmax of each row of `classes`.
pub fn probabilities(logits: &[f32], classes: usize) -> Vec<f32> {
    logits
        .chunks(classes.max(1))
        .flat_map(|row| (0..row.len()).map(|i| log_probability(row, i).exp() as f32))
        .collect()
}

/// Logits of all batches, in order, read back at once. What is cut costs no time where the device can leave it out.
///
/// # Errors
/// The device failed, or the network's outputs are no longer finite.
pub async fn logits(model: &Model, batches: &[Batch]) -> Result<Vec<f32>> {
    finite(batches.iter().map(|b| model.infer(b.images.clone()))).await
}

/// As [`logits`], every product computed: those with zeros too.
///
/// # Errors
/// As of [`logits`].
pub async fn logits_in_full(model: &Model, batches: &[Batch]) -> Result<Vec<f32>> {
    finite(batches.iter().map(|b| model.forward(b.images.clone()))).await
}

async fn finite(logits: impl Iterator<Item = Tensor<2>>) -> Result<Vec<f32>> {
    let values = read(logits.map(flatten).collect()).await?.concat();
    if values.iter().all(|v| v.is_finite()) {
        return Ok(values);
    }
    Err(Error::new(
        ErrorCode::Diverged,
        "the network's outputs are no longer finite numbers; go back to an earlier point or lower \
         the learning rate",
    ))
}

#[cfg(all(test, feature = "cpu"))]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use crate::data;
    use crate::data::batch::Batcher;
    use crate::learn::model::MaskTensors;
    use crate::net::{Parameters, two_conv};
    use pollster::block_on;

    #[test]
    fn what_is_left_out_of_a_pass_changes_no_bit_of_it() {
        let data = data::digits().expect("it is embedded");
        let device = burn::tensor::Device::flex();
        let graph = two_conv(data.image(), [5, 11], 10).expect("it fits");
        let images = [Batcher::new(&data).batch(&data.test, 0..9, &device)];
        let model = Model::new(&graph, &Parameters::he_normal(&graph, 7), &device);
        let total = graph.layout().total();
        for keep in [1, 2, 3, 10, 50, total] {
            let mask: Vec<u8> = (0..total).map(|i| u8::from(i % keep == 0)).collect();
            let masked = model.masked(&MaskTensors::new(&graph, &mask, &device));
            let bits = |logits: Result<Vec<f32>>| {
                let logits = logits.expect("finite").into_iter();
                logits.map(f32::to_bits).collect::<Vec<u32>>()
            };
            let left = bits(block_on(logits(&masked, &images)));
            assert_eq!(left, bits(block_on(logits_in_full(&masked, &images))));
        }
    }

    #[test]
    fn slices_add_up_to_the_whole() {
        let logits = [2.0, 0.0, 0.0, 1.0, -1.0, 3.0, 0.5, 0.5];
        let labels = [0, 1, 0, 0];
        let mut whole = Tally::default();
        whole.add(&logits, &labels);
        let mut sliced = Tally::default();
        sliced.add(&logits[..2], &labels[..1]);
        sliced.add(&logits[2..], &labels[1..]);
        assert_eq!(whole.metrics(), sliced.metrics());
        assert_eq!(whole.metrics().accuracy, 0.75);
        assert_eq!(whole.metrics().samples, 4);
    }

    #[test]
    fn equal_logits_give_the_loss_of_chance() {
        let mut tally = Tally::default();
        tally.add(&[7.0; 10], &[3]);
        assert!((f64::from(tally.metrics().loss) - 10f64.ln()).abs() < 1e-6);
        let p = probabilities(&[7.0; 10], 10);
        assert!(p.iter().all(|p| (p - 0.1).abs() < 1e-6));
    }
}
