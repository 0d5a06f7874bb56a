//! What a run tells: how the network does, how its weights rank, states worth going back to.

use super::describing::describe;
use super::jobs::points::Remeasure;
use super::outbox::Outbox;
use super::run::Run;
use super::samples::{Sweep, examples_of};
use crate::data::DatasetInfo;
use crate::data::batch::Batch;
use crate::data::{Dataset, Normalisation};
use crate::error::Result;
use crate::files::checkpoint;
use crate::learn::eval::Metrics;
use crate::learn::eval::{Tally, logits, probabilities};
use crate::learn::model::Model;
use crate::net::sparsity;
use crate::protocol::{Bulk, Event, Point, PointKind};
use crate::prune::method::Method;
use web_time::Instant;

impl Run {
    pub(super) fn announce(&self, out: &mut Outbox) {
        out.event(Event::Configured {
            config: self.config.clone(),
            dataset: dataset_info(&self.data, self.train_len()),
            network: describe(self.graph(), &self.config),
        });
        self.tell_activity(out);
    }

    /// Tells how the network does now; what it measured on the test images.
    pub(super) async fn evaluated(&mut self, out: &mut Outbox) -> Result<Tally> {
        let (test, probabilities) = self.live(&self.trainer.model).await?;
        self.tested = Some((self.revision, test));
        let train = evaluate(&self.trainer.model, self.live_train.live()).await?;
        let pruned = self.trainer.mask().iter().filter(|&&m| m == 0).count() as u32;
        out.event(Event::Evaluated {
            step: self.trainer.step,
            epoch: self.epoch(),
            pruned,
            train,
            test: test.metrics(),
        });
        out.with(
            Event::Examples {
                count: self.examples.labels.len() as u32,
                labels: self.examples.labels.clone(),
                pruned,
            },
            Bulk {
                images: Some(self.example_pixels()),
                probabilities: Some(probabilities),
                ..Default::default()
            },
        );
        Ok(test)
    }

    /// A first estimate, over the first of the test images, and the probabilities of the examples, in one read.
    pub(super) async fn live(&self, model: &Model) -> Result<(Tally, Vec<f32>)> {
        let classes = self.graph().classes();
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

    /// Tells how the network does, and makes of what was measured a point to come back to. `method` is the one that it came by.
    pub(super) async fn add_point(
        &mut self,
        kind: PointKind,
        method: Method,
        out: &mut Outbox,
    ) -> Result<()> {
        let test = self.evaluated(out).await?;
        let mask = self.trainer.mask();
        let point = Point {
            id: self.points,
            kind,
            step: self.trainer.step,
            sparsity: sparsity(mask),
            threshold: self.threshold,
            method,
            kept: self.graph().layout().kept(mask),
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
            let command = out.command();
            let again = Remeasure {
                command,
                point,
                sweep,
            };
            self.jobs.add(again, out);
        }
        Ok(())
    }

    /// Evaluates as many images more as fit a slice.
    pub(super) async fn sweep_on(&mut self, sweep: &mut Sweep) -> Result<()> {
        let (start, before) = (Instant::now(), sweep.done());
        let passes = self.pace.passes();
        let passes = self
            .test
            .advance(sweep, passes, &self.data.test, &self.batcher, &self.device)
            .await?;
        if sweep.done() > before {
            self.pace.swept(passes, start.elapsed());
        }
        Ok(())
    }

    /// An evaluation of `model` over the whole test set, not begun.
    pub(super) fn full_test(&self, model: Model) -> Sweep {
        Sweep::new(model, Tally::default(), self.test.len())
    }

    pub(super) async fn checkpoint(&self) -> Result<Vec<u8>> {
        checkpoint::to_bytes(&self.trainer.state().await?, &self.config, self.graph())
    }
}

async fn evaluate(model: &Model, batches: &[Batch]) -> Result<Metrics> {
    let labels: Vec<u8> = batches.iter().flat_map(|b| b.labels.clone()).collect();
    let mut tally = Tally::default();
    tally.add(&logits(model, batches).await?, &labels);
    Ok(tally.metrics())
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
