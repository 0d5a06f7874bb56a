//! What a run tells: how the network does, how its weights rank, states worth going back to.

use super::Outbox;
use super::run::{Run, evaluate};
use super::samples::{EXAMPLES, Sweep};
use crate::data::{Dataset, DatasetInfo, Normalisation, Split};
use crate::error::Result;
use crate::files::checkpoint;
use crate::learn::eval::{Tally, logits, probabilities};
use crate::learn::model::Cnn;
use crate::net::{CnnConfig, LAYERS, sparsity};
use crate::protocol::{Bulk, Event, LayerInfo, Point, PointKind};

impl Run {
    pub(super) fn announce(&self, out: &mut Outbox) {
        out.event(Event::Configured {
            config: self.config.clone(),
            dataset: dataset_info(&self.data, self.train_len()),
            layers: layer_infos(self.shape()),
            parameters: self.shape().parameters() as u32,
        });
        out.state(self.activity);
    }

    /// Tells how the network does now and how its weights rank; what it measured on the test images.
    pub(super) async fn report(&mut self, out: &mut Outbox) -> Result<Tally> {
        self.score(out).await?;
        let (test, probabilities) = self.live(&self.trainer.model).await?;
        let train = evaluate(&self.trainer.model, self.live_train.live()).await?;
        out.event(Event::Evaluated {
            step: self.trainer.step,
            epoch: self.epoch(),
            train,
            test: test.metrics(),
        });
        out.with(
            Event::Examples {
                count: self.examples.labels.len() as u32,
                labels: self.examples.labels.clone(),
            },
            Bulk {
                images: Some(self.example_pixels()),
                probabilities: Some(probabilities),
                ..Default::default()
            },
        );
        Ok(test)
    }

    /// Ranks the weights as they are now, by the method in hand, and tells of it.
    pub(super) async fn score(&mut self, out: &mut Outbox) -> Result<()> {
        let parameters = self.trainer.parameters().await?;
        let ranking = self.rank(&parameters).await?;
        out.with(
            Event::Scored {
                step: self.trainer.step,
                kept: self.shape().layout().kept(self.trainer.mask()),
                method: self.config.method.clone(),
                groups: ranking.groups(),
            },
            Bulk {
                weights: Some(parameters.concat_weights()),
                biases: Some(parameters.biases.concat()),
                ranks: Some(ranking.ranks()),
                sorted: Some(ranking.sorted()),
                masks: Some(self.trainer.mask().to_vec()),
                cut_at: Some(self.trainer.cut_at().to_vec()),
                ..Default::default()
            },
        );
        self.ranking = Some(ranking);
        Ok(())
    }

    /// A first estimate, over the first of the test images, and the probabilities of the examples, in one read.
    pub(super) async fn live(&self, model: &Cnn) -> Result<(Tally, Vec<f32>)> {
        let classes = self.shape().classes;
        let mut batches = vec![self.examples.clone()];
        batches.extend_from_slice(self.test.live());
        let values = logits(model, &batches).await?;
        let (examples, rest) = values.split_at(self.examples.labels.len() * classes);
        let labels: Vec<u8> = self
            .test
            .live()
            .iter()
            .flat_map(|b| b.labels.clone())
            .collect();
        let mut tally = Tally::default();
        tally.add(rest, &labels);
        Ok((tally, probabilities(examples, classes)))
    }

    pub(super) fn example_pixels(&self) -> Vec<u8> {
        let len = self.data.image_len();
        examples_of(&self.data.test)
            .into_iter()
            .flat_map(|i| {
                self.data.test.pixels[i * len..(i + 1) * len]
                    .iter()
                    .copied()
            })
            .collect()
    }

    /// Reports, and makes of what was measured a point to come back to.
    pub(super) async fn add_point(&mut self, kind: PointKind, out: &mut Outbox) -> Result<()> {
        let test = self.report(out).await?;
        let mask = self.trainer.mask();
        let point = Point {
            id: self.points,
            kind,
            step: self.trainer.step,
            sparsity: sparsity(mask),
            threshold: self.threshold,
            method: self.config.method.clone(),
            kept: self.shape().layout().kept(mask),
            total: mask.len() as u32,
            test: test.metrics(),
        };
        self.points += 1;
        self.unsaved = false;
        let checkpoint = Some(self.checkpoint().await?);
        out.with(
            Event::Point(point.clone()),
            Bulk {
                checkpoint,
                ..Default::default()
            },
        );
        let sweep = Sweep::new(self.trainer.model.clone(), test, self.test.len());
        if !sweep.finished() {
            self.background.remeasure(point, sweep);
        }
        Ok(())
    }

    pub(super) async fn checkpoint(&self) -> Result<Vec<u8>> {
        checkpoint::to_bytes(&self.trainer.state().await?, &self.config, self.shape())
    }
}

pub(super) fn dataset_info(data: &Dataset, train: usize) -> DatasetInfo {
    let Normalisation { mean, std } = data.normalisation();
    DatasetInfo {
        id: data.id,
        digest: data.digest(),
        classes: data.classes.clone(),
        channels: data.channels as u32,
        height: data.height as u32,
        width: data.width as u32,
        train: train as u32,
        test: data.test.len() as u32,
        mean,
        std,
    }
}

fn layer_infos(shape: &CnnConfig) -> Vec<LayerInfo> {
    LAYERS
        .into_iter()
        .zip(shape.weight_shapes().into_iter().zip(shape.macs()))
        .map(|(name, (dims, macs))| LayerInfo {
            name: name.to_owned(),
            weights: dims.iter().product::<usize>() as u32,
            shape: dims.into_iter().map(|d| d as u32).collect(),
            macs: macs as u32,
        })
        .collect()
}

/// The first image of each class, then the first of the others.
pub(super) fn examples_of(test: &Split) -> Vec<usize> {
    let mut seen = [false; 256];
    let (mut first, rest): (Vec<usize>, Vec<usize>) = (0..test.len())
        .partition(|&i| !std::mem::replace(&mut seen[usize::from(test.labels[i])], true));
    first.extend(rest);
    first.truncate(EXAMPLES);
    first
}
