//! Scores that need the network: gradients, SynFlow's rounds, activations.

use crate::data::batch::Batch;
use crate::error::Result;
use crate::learn::gradients::backward;
use crate::learn::model::{Cnn, MaskTensors};
use crate::learn::objective::parameter_gradients;
use crate::learn::train::Trainer;
use crate::net::{CnnConfig, Layout, Parameters};
use crate::ops::float;
use crate::ops::transfer::{flatten, read, tensor};
use crate::prune::method::{Criterion, Granularity, Method};
use crate::prune::{Scores, prune_count, scores};
use crate::slices::Breath;
use burn::tensor::Device;
use pruning_kernels::{self as kernels, Block};

/// Rounds of SynFlow (Tanaka et al., NeurIPS 2020).
pub const SYNFLOW_ROUNDS: u32 = 100;

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
    /// The scores of `method`.
    ///
    /// # Errors
    /// The device failed.
    pub async fn scores(&self, method: &Method) -> Result<Scores> {
        let weights = self.parameters.concat_weights();
        let by_filter = |score: fn(&[f32], usize) -> Vec<f32>| {
            let shapes = self.config().weight_shapes();
            let of = |l: usize| score(&self.parameters.weights[l], shapes[l][1..].iter().product());
            Scores::Filters([of(0), of(1)].concat())
        };
        Ok(match method.criterion {
            // A filter's magnitude is its L1 norm, whichever way it is asked for.
            Criterion::Magnitude if method.granularity == Granularity::Filter => {
                by_filter(scores::filter_l1)
            }
            Criterion::Random => Scores::Weights(scores::random(weights.len(), self.seed)),
            Criterion::Magnitude => Scores::Weights(scores::magnitude(&weights)),
            Criterion::Gradient => Scores::Weights(scores::gradient(&self.gradient().await?)),
            Criterion::Taylor => Scores::Weights(scores::taylor(&weights, &self.gradient().await?)),
            Criterion::Grasp => {
                Scores::Weights(scores::grasp(&weights, &self.hessian_gradient().await?))
            }
            Criterion::Synflow => Scores::Weights(self.synflow_order().await?),
            Criterion::FilterL1 => by_filter(scores::filter_l1),
            Criterion::FilterL2 => by_filter(scores::filter_l2),
            Criterion::Fpgm => by_filter(scores::fpgm),
            Criterion::Activation => Scores::Filters(self.activity().await?),
        })
    }

    fn config(&self) -> &CnnConfig {
        &self.trainer.config
    }

    /// dL/dw of the mean loss over the score batch.
    async fn gradient(&self) -> Result<Vec<f32>> {
        Ok(self
            .parameter_gradient(&self.trainer.model)
            .await?
            .concat_weights())
    }

    async fn parameter_gradient(&self, model: &Cnn) -> Result<Parameters> {
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
    /// do in DARTS, ICLR 2019): Burn differentiates once only.
    async fn hessian_gradient(&self) -> Result<Vec<f32>> {
        let mut direction = self.parameter_gradient(&self.trainer.model).await?;
        direction.biases.iter_mut().flatten().for_each(|g| *g = 0.0);
        let norm = direction
            .weights
            .iter()
            .flatten()
            .map(|g| f64::from(*g).powi(2))
            .sum::<f64>()
            .sqrt();
        let step = (0.01 / norm.max(1e-12)) as f32;
        let mut sides = Vec::new();
        for step in [step, -step] {
            let moved = self.parameters.clone().zip(&direction, |w, g| w + step * g);
            let model = Cnn::new(self.config(), &moved, self.device);
            sides.push(self.parameter_gradient(&model).await?.concat_weights());
        }
        let difference = |(a, b): (&f32, &f32)| (a - b) / (2.0 * step);
        Ok(sides[0].iter().zip(&sides[1]).map(difference).collect())
    }

    /// SynFlow's order on the way to an empty network: the round in which each weight goes, and
    /// within a round its place.
    async fn synflow_order(&self) -> Result<Vec<f32>> {
        let n = self.config().layout().total();
        let last = 1.0 - 1.0 / n.max(1) as f64;
        synflow(
            self.parameters,
            self.config(),
            self.trainer.mask(),
            last,
            self.device,
            self.breath,
        )
        .await
    }

    /// Share of activations after ReLU that are not zero, filter by filter: 1 - APoZ (Hu et al., 2016). Counted on the
    /// host: nothing else needs what is before pooling.
    async fn activity(&self) -> Result<Vec<f32>> {
        let CnnConfig {
            channels: c,
            height: h,
            width: w,
            widths: [w1, w2],
            ..
        } = *self.config();
        let ([c1, c2, _], [b1, b2, _]) = (&self.parameters.weights, &self.parameters.biases);
        let mut counts = vec![0u32; w1 + w2];
        let mut images = 0;
        for batch in self.batches() {
            let n = batch.labels.len();
            let pixels = read(vec![flatten(batch.images)]).await?.concat();
            let first = Block { n, c, h, w, o: w1 };
            let [h, w] = first.pooled();
            let second = Block {
                n,
                c: w1,
                h,
                w,
                o: w2,
            };
            let (pooled, _) = kernels::forward(&first, &pixels, c1, b1);
            let found = [
                kernels::active(&first, &pixels, c1, b1),
                kernels::active(&second, &pooled, c2, b2),
            ];
            counts
                .iter_mut()
                .zip(found.concat())
                .for_each(|(sum, n)| *sum += n);
            images += n;
            self.breath.take().await;
        }
        // Of whole pooling windows: an odd last row or column is left out.
        let positions =
            [(h / 2) * (w / 2), (h / 4) * (w / 4)].map(|n| (4 * n * images).max(1) as f32);
        let share = |(i, count): (usize, u32)| count as f32 / positions[usize::from(i >= w1)];
        Ok(counts.into_iter().enumerate().map(share).collect())
    }
}

/// SynFlow to `sparsity` in 100 rounds: after round i, `round((1 - (1 - s)^(i/100)) * n)` weights
/// are cut, scored anew in every round. Returns for each weight a number that is lower the sooner it
/// goes: the round, plus its place within the round; of those kept, above 100.
///
/// Biases take part in R, as in the authors' code. Weights that `mask` has cut go first.
///
/// # Errors
/// The device failed, or the scores are not finite.
pub async fn synflow(
    parameters: &Parameters,
    config: &CnnConfig,
    mask: &[u8],
    sparsity: f64,
    device: &Device,
    breath: &Breath,
) -> Result<Vec<f32>> {
    let mut positive = parameters.clone();
    positive.map(f32::abs);
    let model = Cnn::new(config, &positive, device);
    let layout = config.layout();
    let n = layout.total();
    let mut mask = mask.to_vec();
    let mut order = vec![0.0f32; n];
    for round in 1..=SYNFLOW_ROUNDS {
        let share = f64::from(round) / f64::from(SYNFLOW_ROUNDS);
        let wanted = prune_count(1.0 - (1.0 - sparsity).powf(share), n);
        let gone = mask.iter().filter(|&&m| m == 0).count();
        let ranked = rank_of_round(&model, config, &positive, &mask, &layout, device).await?;
        let now = wanted.saturating_sub(gone);
        for (place, &i) in ranked.iter().enumerate() {
            let last = round == SYNFLOW_ROUNDS;
            if place < now || last {
                let base = if place < now {
                    round - 1
                } else {
                    SYNFLOW_ROUNDS
                };
                order[i] = base as f32 + (place + 1) as f32 / (ranked.len() + 1) as f32;
            }
            mask[i] = u8::from(place >= now);
        }
        breath.take().await;
    }
    Ok(order)
}

/// The weights still there, lowest |w * dR/dw| first, R the sum of the logits of an all-ones image
/// under |parameters|.
async fn rank_of_round(
    model: &Cnn,
    config: &CnnConfig,
    positive: &Parameters,
    mask: &[u8],
    layout: &Layout,
    device: &Device,
) -> Result<Vec<usize>> {
    let masked = model.masked(&MaskTensors::new(config, mask, device));
    let ones = vec![1.0; config.channels * config.height * config.width];
    let image = tensor(
        ones,
        [1, config.channels, config.height, config.width],
        device,
    );
    let sum_of_logits = |leaves: &Cnn| float::sum(leaves.forward(image.autodiff()));
    let gradients = backward(&masked, sum_of_logits).read().await?;
    let score = scores::taylor(&positive.concat_weights(), &gradients.concat_weights());
    scores::require_finite(&score, layout)?;
    let mut left: Vec<usize> = (0..mask.len()).filter(|&i| mask[i] == 1).collect();
    left.sort_by(|&a, &b| score[a].total_cmp(&score[b]));
    Ok(left)
}
