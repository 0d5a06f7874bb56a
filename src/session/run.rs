//! One run: a data set, a network in training on it, and what is known of it.

use super::Outbox;
use super::background::Background;
use super::training::Pace;
use crate::batch::{Batch, Batcher};
use crate::checkpoint;
use crate::config::RunConfig;
use crate::data::order::epoch_order;
use crate::data::{Dataset, Split};
use crate::error::{Error, ErrorCode, Result};
use crate::eval::{Tally, logits, probabilities};
use crate::model::{Cnn, CnnConfig, LAYERS, MaskTensors};
use crate::protocol::{
    Activity, Bulk, Command, DatasetInfo, Event, LayerInfo, Metrics, Point, PointKind, Selection,
};
use crate::prune::{Layout, Ranking, layout::sparsity, scores};
use crate::train::{TrainState, Trainer};
use burn::tensor::Device;
use std::rc::Rc;
use web_time::Instant;

/// How many images are shown as examples.
const EXAMPLES: usize = 12;
/// Multiply-accumulates that the live evaluation of a network may take: it sizes the fixed subset,
/// so that a preview of the default network answers well within 100 ms on a CPU.
const LIVE_MACS: usize = 150_000_000;
/// Images in one forward pass of an evaluation; bounds the memory of the unfolded images.
pub(super) const EVAL_BATCH: usize = 128;

pub(super) struct Run {
    pub(super) config: RunConfig,
    pub(super) data: Rc<Dataset>,
    pub(super) batcher: Batcher,
    pub(super) trainer: Trainer,
    pub(super) device: Device,
    pub(super) activity: Activity,
    /// Steps left of a fine-tuning.
    pub(super) remaining: Option<u32>,
    pub(super) pace: Pace,
    pub(super) background: Background,
    pub(super) ranking: Ranking,
    /// The order of the images in the epoch in hand.
    order: (u32, Vec<u32>),
    examples: Batch,
    live_test: Vec<Batch>,
    live_train: Vec<Batch>,
    revision: u32,
    /// The revision of the last point: what has changed since then would be lost.
    pointed: u32,
    points: u32,
    /// The smallest kept score at the last cut.
    threshold: f32,
}

impl Run {
    pub(super) async fn begin(
        config: RunConfig,
        data: Rc<Dataset>,
        device: &Device,
        out: &mut Outbox,
    ) -> Result<Self> {
        let shape = CnnConfig {
            channels: data.channels,
            height: data.height,
            width: data.width,
            widths: config.widths.map(|w| w as usize),
            classes: data.classes.len(),
        };
        let batcher = Batcher::new(&data);
        let live = (LIVE_MACS / shape.macs().iter().sum::<usize>().max(1)).max(32);
        let first =
            |split: &Split, n: usize| slices(0..n.min(split.len()), &batcher, split, device);
        let state = TrainState::fresh(&shape, config.seed);
        let ranking = rank(
            &state.parameters.concat_weights(),
            &state.mask,
            &shape.layout(),
        )?;
        let mut run = Self {
            examples: batcher.batch(&data.test, examples_of(&data.test).into_iter(), device),
            live_test: first(&data.test, live),
            live_train: first(&data.train, live.min(train_len(&config, &data))),
            trainer: Trainer::new(shape, &state, config.learning_rate, device),
            activity: Activity::Idle,
            remaining: None,
            pace: Pace::default(),
            background: Background::default(),
            ranking,
            order: (u32::MAX, Vec::new()),
            revision: 0,
            pointed: 0,
            points: 0,
            threshold: 0.0,
            device: device.clone(),
            config,
            data,
            batcher,
        };
        run.announce(out);
        run.report(out).await?;
        run.add_point(PointKind::Dense, out).await?;
        Ok(run)
    }

    pub(super) fn shape(&self) -> &CnnConfig {
        &self.trainer.config
    }

    pub(super) fn revision(&self) -> u32 {
        self.revision
    }

    pub(super) fn busy(&self) -> bool {
        self.activity != Activity::Idle || self.background.pending()
    }

    pub(super) async fn state(&self) -> Result<TrainState> {
        self.trainer.state().await
    }

    pub(super) async fn apply(&mut self, command: Command, out: &mut Outbox) -> Result<()> {
        match command {
            Command::Run => {
                self.work(Activity::Training, None, out);
                Ok(())
            }
            Command::FineTune { steps } => {
                self.work(Activity::FineTuning, Some(steps.max(1)), out);
                Ok(())
            }
            Command::Pause if self.activity == Activity::Idle && self.pointed == self.revision => {
                out.state(Activity::Idle);
                Ok(())
            }
            Command::Pause => self.finish(out).await,
            Command::Step => {
                self.rest(out);
                self.train(1, out).await?;
                self.report(out).await
            }
            Command::Preview { request, selection } => self.preview(request, selection, out).await,
            Command::Prune { selection } => self.prune(selection, out).await,
            Command::Configure { .. } | Command::LoadFiles { .. } | Command::Restore { .. } => {
                Err(Error::new(
                    ErrorCode::BadCommand,
                    "this command is the session's, not a run's",
                ))
            }
        }
    }

    /// The next slice of training or, at rest, of measuring.
    pub(super) async fn advance(&mut self, out: &mut Outbox) -> Result<()> {
        match self.activity {
            Activity::Idle => self.measure(out).await,
            Activity::Training | Activity::FineTuning => self.train_slice(out).await,
        }
    }

    fn work(&mut self, activity: Activity, remaining: Option<u32>, out: &mut Outbox) {
        self.background.clear();
        self.activity = activity;
        self.remaining = remaining;
        out.state(activity);
    }

    pub(super) fn rest(&mut self, out: &mut Outbox) {
        self.activity = Activity::Idle;
        self.remaining = None;
        out.state(Activity::Idle);
    }

    pub(super) async fn restore(&mut self, state: &TrainState, out: &mut Outbox) -> Result<()> {
        let shape = self.shape().clone();
        self.trainer = Trainer::new(shape, state, self.config.learning_rate, &self.device);
        self.changed();
        self.pointed = self.revision;
        self.threshold = 0.0;
        self.activity = Activity::Idle;
        self.announce(out);
        self.report(out).await
    }

    /// Ends training: everything measured, a point to come back to, at rest.
    pub(super) async fn finish(&mut self, out: &mut Outbox) -> Result<()> {
        self.rest(out);
        self.report(out).await?;
        let kind = match self.ranking.held() {
            0 => PointKind::Dense,
            _ => PointKind::FineTuned,
        };
        self.add_point(kind, out).await
    }

    /// Weights or masks are other than they were.
    pub(super) fn changed(&mut self) {
        self.revision += 1;
        self.background.restart_curve();
    }

    fn announce(&self, out: &mut Outbox) {
        out.event(Event::Configured {
            config: self.config.clone(),
            dataset: dataset_info(&self.data, train_len(&self.config, &self.data)),
            layers: layer_infos(self.shape()),
            parameters: self.shape().parameters() as u32,
        });
        out.state(self.activity);
    }

    /// The batch of training step `step`: a pure function of seed, step and data.
    pub(super) fn batch_of(&mut self, step: u32) -> Batch {
        let n = train_len(&self.config, &self.data);
        let size = (self.config.batch as usize).min(n).max(1);
        let (epoch, at) = (step / self.steps_per_epoch(), step % self.steps_per_epoch());
        if self.order.0 != epoch {
            self.order = (epoch, epoch_order(self.config.seed, epoch, n));
        }
        let from = at as usize * size;
        let indices = self.order.1[from..from + size].iter().map(|&i| i as usize);
        self.batcher.batch(&self.data.train, indices, &self.device)
    }

    /// Whole batches only: the few images left over come in another epoch's order.
    pub(super) fn steps_per_epoch(&self) -> u32 {
        let n = train_len(&self.config, &self.data);
        (n / (self.config.batch as usize).min(n).max(1)).max(1) as u32
    }

    pub(super) fn epoch(&self) -> f64 {
        f64::from(self.trainer.step) / f64::from(self.steps_per_epoch())
    }

    /// Tells how the network does now and how its weights rank.
    pub(super) async fn report(&mut self, out: &mut Outbox) -> Result<()> {
        let weights = self.trainer.parameters().await?.concat_weights();
        self.ranking = rank(&weights, self.trainer.mask(), &self.shape().layout())?;
        out.with(
            Event::Scored {
                step: self.trainer.step,
                kept: self.shape().layout().kept(self.trainer.mask()),
            },
            Bulk {
                weights: Some(weights),
                ranks: Some(self.ranking.ranks()),
                sorted: Some(self.ranking.sorted().to_vec()),
                masks: Some(self.trainer.mask().to_vec()),
                ..Default::default()
            },
        );
        let (test, probabilities) = self.live(&self.trainer.model).await?;
        let train = evaluate(&self.trainer.model, &self.live_train).await?;
        out.event(Event::Evaluated {
            step: self.trainer.step,
            epoch: self.epoch(),
            train,
            test,
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
        Ok(())
    }

    fn example_pixels(&self) -> Vec<u8> {
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

    /// Metrics over the fixed subset of the test set, and probabilities of the examples, in one read.
    pub(super) async fn live(&self, model: &Cnn) -> Result<(Metrics, Vec<f32>)> {
        let classes = self.shape().classes;
        let mut batches = vec![self.examples.clone()];
        batches.extend_from_slice(&self.live_test);
        let values = logits(model, &batches).await?;
        let (examples, rest) = values.split_at(self.examples.labels.len() * classes);
        let labels: Vec<u8> = self
            .live_test
            .iter()
            .flat_map(|b| b.labels.clone())
            .collect();
        let mut tally = Tally::default();
        tally.add(rest, &labels);
        Ok((tally.metrics(), probabilities(examples, classes)))
    }

    /// A copy of the network with all but the first `count` of the ranking kept.
    pub(super) fn cut_copy(&self, count: usize) -> Cnn {
        let mask = self.ranking.mask(count);
        let tensors = MaskTensors::new(self.shape(), &mask, &self.device);
        self.trainer.model.masked(&tensors)
    }

    async fn preview(
        &mut self,
        request: u32,
        selection: Selection,
        out: &mut Outbox,
    ) -> Result<()> {
        let start = Instant::now();
        self.pace.previewed();
        let count = self.ranking.count(selection)?;
        let (test, probabilities) = self.live(&self.cut_copy(count)).await?;
        let event = self.previewed(
            request,
            selection,
            count,
            test,
            start.elapsed().as_secs_f64() * 1e3,
        );
        let bulk = Bulk {
            probabilities: Some(probabilities),
            ..Default::default()
        };
        if (test.samples as usize) < self.data.test.len() {
            self.background
                .refine(request, selection, count, self.cut_copy(count));
        }
        out.with(event, bulk);
        Ok(())
    }

    pub(super) fn previewed(
        &self,
        request: u32,
        selection: Selection,
        count: usize,
        test: Metrics,
        ms: f64,
    ) -> Event {
        Event::Previewed {
            request,
            selection,
            pruned: count as u32,
            sparsity: count as f64 / self.ranking.len().max(1) as f64,
            threshold: self.ranking.threshold(count),
            test,
            ms,
        }
    }

    async fn prune(&mut self, selection: Selection, out: &mut Outbox) -> Result<()> {
        // Cut what is there now, not what was ranked some steps ago.
        let weights = self.trainer.parameters().await?.concat_weights();
        self.ranking = rank(&weights, self.trainer.mask(), &self.shape().layout())?;
        let count = self.ranking.count(selection)?;
        self.rest(out);
        self.threshold = self.ranking.threshold(count);
        self.trainer.hold(self.ranking.mask(count));
        self.changed();
        self.report(out).await?;
        self.add_point(PointKind::Pruned, out).await
    }

    async fn add_point(&mut self, kind: PointKind, out: &mut Outbox) -> Result<()> {
        let (test, _) = self.live(&self.trainer.model).await?;
        let mask = self.trainer.mask();
        let point = Point {
            id: self.points,
            kind,
            step: self.trainer.step,
            sparsity: sparsity(mask),
            threshold: self.threshold,
            kept: self.shape().layout().kept(mask),
            total: mask.len() as u32,
            test,
        };
        self.points += 1;
        self.pointed = self.revision;
        let checkpoint = Some(self.checkpoint().await?);
        out.with(
            Event::Point(point.clone()),
            Bulk {
                checkpoint,
                ..Default::default()
            },
        );
        if (test.samples as usize) < self.data.test.len() {
            self.background.remeasure(point, self.trainer.model.clone());
        }
        Ok(())
    }

    pub(super) async fn checkpoint(&self) -> Result<Vec<u8>> {
        checkpoint::to_bytes(&self.trainer.state().await?, &self.config, self.shape())
    }
}

fn rank(weights: &[f32], mask: &[u8], layout: &Layout) -> Result<Ranking> {
    Ranking::new(&scores::magnitude(weights), mask, layout)
}

pub(super) async fn evaluate(model: &Cnn, batches: &[Batch]) -> Result<Metrics> {
    let labels: Vec<u8> = batches.iter().flat_map(|b| b.labels.clone()).collect();
    let mut tally = Tally::default();
    tally.add(&logits(model, batches).await?, &labels);
    Ok(tally.metrics())
}

/// Images of `range` in batches that bound an evaluation's memory.
pub(super) fn slices(
    range: std::ops::Range<usize>,
    batcher: &Batcher,
    split: &Split,
    device: &Device,
) -> Vec<Batch> {
    range
        .clone()
        .step_by(EVAL_BATCH)
        .map(|from| batcher.batch(split, from..(from + EVAL_BATCH).min(range.end), device))
        .collect()
}

fn train_len(config: &RunConfig, data: &Dataset) -> usize {
    match config.train_limit as usize {
        0 => data.train.len(),
        limit => limit.min(data.train.len()),
    }
}

/// The first image of each class, then the first of the others.
fn examples_of(test: &Split) -> Vec<usize> {
    let mut seen = [false; 256];
    let (mut first, rest): (Vec<usize>, Vec<usize>) = (0..test.len())
        .partition(|&i| !std::mem::replace(&mut seen[usize::from(test.labels[i])], true));
    first.extend(rest);
    first.truncate(EXAMPLES);
    first
}

fn dataset_info(data: &Dataset, train: usize) -> DatasetInfo {
    DatasetInfo {
        id: data.id,
        classes: data.classes.clone(),
        channels: data.channels as u32,
        height: data.height as u32,
        width: data.width as u32,
        train: train as u32,
        test: data.test.len() as u32,
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
