//! SynFlow (Tanaka et al., NeurIPS 2020): units go little by little, and the rest are scored anew.

use super::scaling::Scale;
use crate::error::Result;
use crate::learn::gradients::backward;
use crate::learn::model::{MaskTensors, Model};
use crate::net::sparsity as zeros_of;
use crate::net::{Graph, Parameters};
use crate::ops::float;
use crate::ops::transfer::tensor;
use crate::prune::method::{Granularity, Method};
use crate::prune::{Ranking, Scores, Units, scores};
use crate::slices::Breath;
use burn::tensor::Device;
use std::sync::Arc;

/// Rounds of SynFlow.
pub const SYNFLOW_ROUNDS: u32 = 100;

/// Rounds after which the units of a network's values are looked at again.
const UNITS_FOR: u32 = 4;

/// SynFlow to `sparsity` in 100 rounds: after round i the density is `d * ((1 - s) / d)^(i/100)`, d what
/// `mask` leaves, and the units still there are scored anew. Each unit's score is lower the sooner it
/// goes: the round, plus its place within the round; of those kept, above 100.
///
/// Biases take part in R, as in the authors' code. What `mask` has cut is not there. However deep the network is, nothing
/// overflows: see [`Scale`].
///
/// # Errors
/// The device failed, or the scores are not finite.
pub async fn synflow(
    parameters: &Parameters,
    graph: &Arc<Graph>,
    mask: &[u8],
    method: &Method,
    sparsity: f64,
    device: &Device,
    breath: &Breath,
) -> Result<Scores> {
    let mut positive = parameters.clone();
    positive.map(f32::abs);
    let mut flow = Flow::new(graph, &positive, mask, device);
    let rank = |scores: Vec<f32>, mask: &[u8]| {
        let units = Units::new(method, graph, Scores::Weights(scores), mask);
        Ranking::new(units, mask, method)
    };
    // As sparse as asked for, or as these units can make it. An empty network has no density to come down
    // to: one weight is left of it.
    let all = rank(positive.weights(graph).to_vec(), mask)?;
    let reachable = zeros_of(&all.mask(&all.reaching(1.0)?));
    let last = (1.0 - sparsity.min(reachable)).max(1.0 / mask.len().max(1) as f64);
    let density = 1.0 - zeros_of(mask);
    let mut mask = mask.to_vec();
    let mut order = Vec::new();
    let mut within = Vec::new();
    for round in 1..=SYNFLOW_ROUNDS {
        let share = f64::from(round) / f64::from(SYNFLOW_ROUNDS);
        let left = density * (last / density.max(last)).powf(share);
        if round % UNITS_FOR == 0 {
            flow.rescale(&positive, &mask, device);
        }
        let score = flow.scores(&mask, device).await?;
        scores::require_finite(&score, graph.layout())?;
        let ranking = rank(score, &mask)?;
        let cut = ranking.reaching(1.0 - left)?;
        note(&mut order, round, &ranking, &cut);
        mask = ranking.mask(&cut);
        if round == SYNFLOW_ROUNDS && method.granularity == Granularity::TwoOfFour {
            // The two of each four that went, or would.
            let full = ranking.mask(&vec![true; cut.len()]);
            within = full.into_iter().map(f32::from).collect();
        }
        breath.take().await;
    }
    Ok(Scores::Units {
        scores: order,
        within,
    })
}

/// Notes in `order` which units go in `round`, and in the last one how those rank that stay.
fn note(order: &mut Vec<f32>, round: u32, ranking: &Ranking, cut: &[bool]) {
    // What may not go comes last of all.
    order.resize(cut.len(), (SYNFLOW_ROUNDS + 1) as f32);
    let left = ranking.left();
    // No place comes near the next round, however it is rounded.
    let step = 0.999 / (left.len() + 1) as f64;
    for (place, &unit) in (1u32..).zip(left) {
        let before = match cut[unit as usize] {
            true => round - 1,
            false if round == SYNFLOW_ROUNDS => SYNFLOW_ROUNDS,
            false => continue,
        };
        order[unit as usize] = (f64::from(before) + f64::from(place) * step) as f32;
    }
}

/// A network of non-negative parameters, in units in which it neither overflows nor vanishes.
struct Flow {
    model: Model,
    /// As `model` has them.
    weights: Vec<f32>,
    scale: Scale,
}

impl Flow {
    fn new(graph: &Arc<Graph>, positive: &Parameters, mask: &[u8], device: &Device) -> Self {
        let scale = Scale::of(graph, &positive.clone().under(graph, mask));
        Self::in_units(graph, positive, scale, device)
    }

    fn in_units(graph: &Arc<Graph>, positive: &Parameters, scale: Scale, device: &Device) -> Self {
        let scaled = scale.apply(graph, positive);
        Self {
            model: Model::new(graph, &scaled, device),
            weights: scaled.weights(graph).to_vec(),
            scale,
        }
    }

    /// Takes the units of the network under `mask`, where they have become others.
    fn rescale(&mut self, positive: &Parameters, mask: &[u8], device: &Device) {
        let graph = self.model.graph.clone();
        let scale = Scale::of(&graph, &positive.clone().under(&graph, mask));
        if scale.is_far_from(&self.scale) {
            *self = Self::in_units(&graph, positive, scale, device);
        }
    }

    /// |w * dR/dw| of the network under `mask`, R the sum of the logits of an all-ones image, all over one power of two.
    async fn scores(&self, mask: &[u8], device: &Device) -> Result<Vec<f32>> {
        let graph = &self.model.graph;
        let masked = self.model.masked(&MaskTensors::new(graph, mask, device));
        let [channels, height, width] = graph.input();
        let shape = [1, channels, height, width];
        let image = tensor(vec![1.0; shape.iter().product()], shape, device);
        let sum_of_logits = |leaves: &Model| float::sum(leaves.forward(image.autodiff()));
        let gradients = backward(&masked, sum_of_logits).read().await?;
        Ok(scores::taylor(&self.weights, gradients.weights(graph)))
    }
}

#[cfg(all(test, feature = "cpu"))]
#[allow(clippy::expect_used)]
mod tests;
