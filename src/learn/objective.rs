//! What training steps minimise, and the gradients of it.

use super::distillation::{Distillation, distillation};
use super::dropout::Draws;
use super::gradients::{Backward, backward};
use super::model::{BatchStatistics, Model};
use crate::data::batch::Batch;
use crate::error::Result;
use crate::net::Parameters;
use crate::ops::loss::cross_entropy;

/// Gradients of the mean cross-entropy of `model` over `batch`, host side: by the statistics of the batch, as in training, and
/// without dropout, so that a score is of the whole network.
///
/// # Errors
/// The device failed.
pub async fn parameter_gradients(model: &Model, batch: &Batch) -> Result<Parameters> {
    backward_on(model, batch, &Objective::Labels).read().await
}

/// Backpropagates the loss that `objective` gives `model` on `batch`; and the statistics of the batch. Without `draws` nothing is
/// dropped.
pub(super) fn backward_noting(
    model: &Model,
    batch: &Batch,
    objective: &Objective<'_>,
    draws: Option<Draws>,
) -> (Backward, Vec<BatchStatistics>) {
    // The teacher learns nothing: its logits are constants.
    let teacher = match objective {
        Objective::Labels => None,
        Objective::Teacher(teacher, how) => Some((teacher.forward(batch.images.clone()), how)),
    };
    let mut noted = Vec::new();
    let backward = backward(model, |leaves| {
        let logits = leaves.forward_training(batch.images.clone().autodiff(), &mut noted, draws);
        match teacher {
            None => cross_entropy(logits, batch.one_hot.clone().autodiff()),
            Some((teacher, how)) => distillation(logits, teacher, batch.one_hot.clone(), how),
        }
    });
    (backward, noted)
}

/// Backpropagates the loss that `objective` gives `model` on `batch`, without dropout.
pub fn backward_on(model: &Model, batch: &Batch, objective: &Objective<'_>) -> Backward {
    backward_noting(model, batch, objective, None).0
}

/// What training steps minimise.
#[derive(Clone, Copy, Debug)]
pub enum Objective<'a> {
    /// Cross-entropy with the labels.
    Labels,
    /// Distillation from a trained network.
    Teacher(&'a Model, &'a Distillation),
}
