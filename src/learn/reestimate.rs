//! Running statistics estimated anew. Those of batch normalisation belong to the dense network; what a cut leaves has others, and
//! much of what fine-tuning wins back is no more than that.

use super::model::Model;
use crate::data::batch::Batch;
use crate::net::Role;
use crate::ops::float::{add, scale};
use crate::ops::values::Values;
use burn::tensor::Tensor;

/// The running statistics of a network, under way: means over batches of images, as PyTorch's `update_bn` has them.
pub struct Reestimation {
    model: Model,
    /// Images so far.
    images: usize,
    /// Of each tensor of running statistics its place, and the sum over the images so far.
    sums: Vec<(usize, Tensor<1>)>,
}

impl Reestimation {
    pub fn new(model: Model) -> Self {
        Self {
            model,
            images: 0,
            sums: Vec::new(),
        }
    }

    /// Takes in the statistics of a batch.
    pub fn add(&mut self, batch: &Batch) {
        let mut noted = Vec::new();
        self.model
            .forward_training(batch.images.clone(), &mut noted, None);
        let images = batch.labels.len();
        let new: Vec<(usize, Tensor<1>)> = noted
            .into_iter()
            .flat_map(|noted| {
                let [mean_at, variance_at] = noted.places;
                let unbiased = noted.unbiased();
                let of = |values, factor| scale(values, images as f64 * factor);
                [
                    (mean_at, of(noted.mean, 1.0)),
                    (variance_at, of(noted.variance, unbiased)),
                ]
            })
            .collect();
        self.sums = match self.images {
            0 => new,
            _ => {
                let pairs = std::mem::take(&mut self.sums).into_iter().zip(new);
                pairs.map(|((at, a), (_, b))| (at, add(a, b))).collect()
            }
        };
        self.images += images;
    }

    /// The network with the new statistics.
    pub fn finish(self) -> Model {
        let mut model = self.model;
        for (at, sum) in self.sums {
            model.tensors[at] = Values::of(scale(sum, 1.0 / self.images.max(1) as f64));
        }
        model
    }
}

impl Model {
    /// Takes the running statistics of a network of the same graph.
    pub(super) fn take_statistics(&mut self, from: &Self) {
        let graph = self.graph.clone();
        for (at, parameter) in graph.parameters().iter().enumerate() {
            if let Role::Mean | Role::Variance = parameter.role {
                self.tensors[at] = from.tensors[at].clone();
            }
        }
    }
}
