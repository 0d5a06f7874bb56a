//! Loss and accuracy without gradients, one asynchronous read.

use crate::data::batch::Batch;
use crate::error::{Error, ErrorCode, Result};
use crate::learn::model::Model;
use crate::ops::transfer::read;
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

/// Logits of all batches, in order, read back at once.
///
/// # Errors
/// The device failed, or the network's outputs are no longer finite.
pub async fn logits(model: &Model, batches: &[Batch]) -> Result<Vec<f32>> {
    let tensors: Vec<Tensor<1>> = batches
        .iter()
        .map(|b| {
            let logits = model.forward(b.images.clone());
            let [n, classes] = logits.dims();
            logits.reshape([n * classes])
        })
        .collect();
    let values = read(tensors).await?.concat();
    if values.iter().all(|v| v.is_finite()) {
        return Ok(values);
    }
    Err(Error::new(
        ErrorCode::Diverged,
        "the network's outputs are no longer finite numbers; go back to an earlier point or lower \
         the learning rate",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

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
