//! Scores that need the network: gradients, SynFlow's rounds, activations.

mod activity;
mod scaling;
mod synflow;

use crate::data::batch::Batch;
use crate::error::Result;
use crate::learn::model::Model;
use crate::learn::objective::parameter_gradients;
use crate::learn::train::Trainer;
use crate::net::{Graph, Parameters};
use crate::prune::method::{Criterion, Granularity, Method};
use crate::prune::units::unit_layout;
use crate::prune::{Scores, scores};
use crate::slices::Breath;
use burn::tensor::Device;
use std::sync::Arc;
pub use synflow::{SYNFLOW_ROUNDS, synflow};

/// What a score is computed from.
pub struct Subject<'a> {
    pub trainer: &'a Trainer,
    /// The trainer's parameters, host side.
    pub parameters: &'a Parameters,
    /// The score batch in slices: the i-th, None after the last.
    pub slice: &'a dyn Fn(usize) -> Option<Batch>,
    pub seed: u32,
    pub device: &'a Device,
    /// Where it gives way.
    pub breath: &'a Breath,
}

impl Subject<'_> {
    /// The scores of `method`, SynFlow's on the way to an empty network.
    ///
    /// # Errors
    /// The device failed, or a score is not finite.
    pub async fn scores(&self, method: &Method) -> Result<Scores> {
        self.scores_to(method, 1.0).await
    }

    /// The scores of `method`, SynFlow's on the way to `sparsity`.
    ///
    /// # Errors
    /// The device failed, or a score is not finite.
    pub async fn scores_to(&self, method: &Method, sparsity: f64) -> Result<Scores> {
        let weights = self.parameters.weights(self.graph());
        let by_weight = match method.criterion {
            Criterion::Random => return Ok(self.random(method.granularity)),
            Criterion::Synflow => return self.synflow(method, sparsity).await,
            Criterion::FilterL1 => return Ok(self.by_filter(scores::filter_l1)),
            Criterion::FilterL2 => return Ok(self.by_filter(scores::filter_l2)),
            Criterion::Fpgm => return Ok(self.by_filter(scores::fpgm)),
            Criterion::Activation => return Ok(Scores::Filters(self.activity().await?)),
            Criterion::Magnitude => scores::magnitude(weights),
            Criterion::Gradient => scores::gradient(&self.gradient().await?),
            Criterion::Taylor => scores::taylor(weights, &self.gradient().await?),
            Criterion::Grasp => scores::grasp(weights, &self.hessian_gradient().await?),
        };
        // Layers that have no units are looked at too.
        scores::require_finite(&by_weight, self.graph().layout())?;
        Ok(Scores::Weights(by_weight))
    }

    /// One draw for each unit; which two of a four go is drawn too.
    fn random(&self, granularity: Granularity) -> Scores {
        let units = unit_layout(granularity, self.graph()).total();
        let weights = self.graph().layout().total();
        match granularity {
            Granularity::Weight => Scores::Weights(scores::random(weights, self.seed)),
            Granularity::Filter => Scores::Units {
                scores: scores::random(units, self.seed),
                within: Vec::new(),
            },
            Granularity::TwoOfFour => {
                let mut scores = scores::random(units + weights, self.seed);
                let within = scores.split_off(units);
                Scores::Units { scores, within }
            }
        }
    }

    /// Norms of filters / their numbers of weights.
    fn by_filter(&self, norms: fn(&[f32], usize) -> Vec<f32>) -> Scores {
        let layers = self.graph().layers().iter().enumerate();
        let of_layer = layers.flat_map(|(i, layer)| {
            let len: usize = layer.dims[1..].iter().product();
            let norms = norms(self.parameters.layer(self.graph(), i), len);
            norms.into_iter().map(move |norm| norm / len as f32)
        });
        Scores::Filters(of_layer.collect())
    }

    fn graph(&self) -> &Arc<Graph> {
        &self.trainer.graph
    }

    /// dL/dw of the mean loss over the score batch.
    async fn gradient(&self) -> Result<Vec<f32>> {
        Ok(self
            .parameter_gradient(&self.trainer.model)
            .await?
            .weights(self.graph())
            .to_vec())
    }

    async fn parameter_gradient(&self, model: &Model) -> Result<Parameters> {
        let mut sum: Option<Parameters> = None;
        let mut images = 0.0;
        for batch in self.batches() {
            let n = batch.labels.len() as f32;
            images += n;
            let mut part = parameter_gradients(model, &batch).await?;
            part.map(|g| g * n);
            sum = Some(match sum {
                None => part,
                Some(sum) => sum.zip(&part, |a, b| a + b),
            });
            self.breath.take().await;
        }
        let mut mean = sum.unwrap_or_else(|| self.parameters.clone());
        mean.map(|g| if images > 0.0 { g / images } else { 0.0 });
        Ok(mean)
    }

    fn batches(&self) -> impl Iterator<Item = Batch> {
        (0..).map_while(self.slice)
    }

    /// H g over weights, by a central difference along the gradient of step 0.01 / |g| (as Liu et al.
    /// do in DARTS, ICLR 2019): Burn differentiates once only. Both are the masked network's: cut weights
    /// have no part in g and don't move.
    async fn hessian_gradient(&self) -> Result<Vec<f32>> {
        let mask = self.trainer.mask();
        let gradient = self.parameter_gradient(&self.trainer.model).await?;
        let mut direction = gradient.under(self.graph(), mask);
        direction.values.resize(self.graph().len(), 0.0);
        // Weights alone move.
        direction.values[self.graph().layout().total()..].fill(0.0);
        let squares = direction.values.iter().map(|g| f64::from(*g).powi(2));
        let norm = squares.sum::<f64>().sqrt();
        let step = (0.01 / norm.max(1e-12)) as f32;
        let mut sides = Vec::new();
        for step in [step, -step] {
            let moved = self.parameters.clone().zip(&direction, |w, g| w + step * g);
            let moved = moved.under(self.graph(), mask);
            let model = Model::new(self.graph(), &moved, self.device);
            let gradient = self.parameter_gradient(&model).await?;
            sides.push(gradient.weights(self.graph()).to_vec());
        }
        let difference = |(a, b): (&f32, &f32)| (a - b) / (2.0 * step);
        Ok(sides[0].iter().zip(&sides[1]).map(difference).collect())
    }

    async fn synflow(&self, method: &Method, sparsity: f64) -> Result<Scores> {
        let mask = self.trainer.mask();
        synflow(
            self.parameters,
            self.graph(),
            mask,
            method,
            sparsity,
            self.device,
            self.breath,
        )
        .await
    }
}

#[cfg(all(test, feature = "cpu"))]
#[allow(clippy::expect_used)]
mod tests;
