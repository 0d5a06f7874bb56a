//! One run: a data set, a network in training on it, and what is known of it.

use super::Outbox;
use super::background::Background;
use super::following::Following;
use super::metering::Metering;
use super::pace::Pace;
use super::reporting::examples_of;
use super::samples::Samples;
use crate::batch::{Batch, Batcher};
use crate::config::RunConfig;
use crate::data::order::BatchOrder;
use crate::data::{Dataset, Split};
use crate::error::{Error, ErrorCode, Result};
use crate::eval::{Tally, logits};
use crate::model::{Cnn, CnnConfig};
use crate::parallel::group::{Course, Group};
use crate::protocol::{Activity, Command, Event, Metrics, PointKind};
use crate::prune::Ranking;
use crate::recipe::Distillation;
use crate::train::{TrainState, Trainer};
use burn::tensor::Device;
use std::rc::Rc;

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
    /// How the weights rank; None until they have been scored.
    pub(super) ranking: Option<Ranking>,
    order: BatchOrder,
    pub(super) examples: Batch,
    /// What the network is tested on.
    pub(super) test: Samples,
    /// Training images that the network is measured on.
    pub(super) live_train: Samples,
    pub(super) revision: u32,
    /// Whether weights or masks have changed since the last point.
    pub(super) unsaved: bool,
    pub(super) following: Option<Following>,
    pub(super) metering: Option<Metering>,
    /// How the training in hand distils; None where labels teach.
    pub(super) distil: Option<Distillation>,
    /// The network that distillation learns from: the dense one that the first cut was made from,
    /// or one of any widths that came with the command.
    pub(super) teacher: Option<Cnn>,
    pub(super) points: u32,
    /// The smallest kept score at the last cut.
    pub(super) threshold: f32,
    /// Workers that train, where there are any.
    pub(super) group: Option<Group>,
}

impl Run {
    pub(super) async fn begin(
        config: RunConfig,
        data: Rc<Dataset>,
        device: &Device,
        out: &mut Outbox,
    ) -> Result<Self> {
        let shape = CnnConfig::of(&data, config.widths);
        let state = TrainState::fresh(&shape, config.seed);
        let mut run = Self::new(config, data, shape, &state, device);
        run.announce(out);
        run.add_point(PointKind::Dense, out).await?;
        Ok(run)
    }

    /// A run that stands at `state`; nothing is told of it yet.
    pub(super) fn new(
        config: RunConfig,
        data: Rc<Dataset>,
        shape: CnnConfig,
        state: &TrainState,
        device: &Device,
    ) -> Self {
        let batcher = Batcher::new(&data);
        let samples =
            |split: &Split, len: usize| Samples::new(split, len, &shape, &batcher, device);
        let mut background = Background::default();
        background.rehearse();
        Self {
            examples: batcher.batch(&data.test, examples_of(&data.test).into_iter(), device),
            test: samples(&data.test, data.test.len()),
            live_train: samples(&data.train, train_len(&config, &data)),
            trainer: Trainer::new(shape, state, config.learning_rate, device),
            activity: Activity::Idle,
            remaining: None,
            pace: Pace::default(),
            background,
            ranking: None,
            order: BatchOrder::new(config.seed, train_len(&config, &data), config.batch),
            revision: 0,
            unsaved: true,
            following: None,
            metering: None,
            distil: None,
            teacher: None,
            points: 0,
            threshold: 0.0,
            group: None,
            device: device.clone(),
            config,
            data,
            batcher,
        }
    }

    pub(super) fn shape(&self) -> &CnnConfig {
        &self.trainer.config
    }

    pub(super) fn busy(&self) -> bool {
        self.activity != Activity::Idle
            || self.follows()
            || self.metering.is_some()
            || self.background.pending()
    }

    pub(super) async fn state(&self) -> Result<TrainState> {
        self.trainer.state().await
    }

    pub(super) async fn apply(&mut self, command: Command, out: &mut Outbox) -> Result<()> {
        match command {
            Command::Run if self.resume(out) => Ok(()),
            Command::Run => {
                self.distil = None;
                self.work(Activity::Training, None, out);
                Ok(())
            }
            Command::FineTune { steps, distil } => self.fine_tune(steps, distil, out),
            Command::Follow { recipe } => self.follow(recipe, out),
            Command::Stop => {
                self.give_up(out);
                self.pause(out).await
            }
            Command::Pause => {
                if self.follows() {
                    self.halt(out);
                }
                self.pause(out).await
            }
            Command::Step => {
                self.halt(out);
                self.rest(out);
                if self.step_recipe(out).await? {
                    return Ok(());
                }
                self.train_once(out).await?;
                self.report(out).await.map(drop)
            }
            Command::Save => self.save(out).await,
            Command::SetMethod { method } => self.set_method(method, out).await,
            Command::Preview { request, selection } => self.preview(request, selection, out).await,
            Command::Meter { request, selection } => self.meter(request, selection).await,
            Command::Prune { selection } => {
                // What can't be selected changes nothing.
                self.ranking()?.select(&selection)?;
                self.give_up(out);
                self.rest(out);
                self.cut_to(selection, out).await
            }
            Command::Configure { .. }
            | Command::Parallel { .. }
            | Command::Export { .. }
            | Command::ExportTestImages { .. }
            | Command::Open { .. }
            | Command::LoadFiles { .. }
            | Command::Classify { .. }
            | Command::Restore { .. } => Err(Error::new(
                ErrorCode::BadCommand,
                "this command is the session's, not a run's",
            )),
        }
    }

    /// The next slice of training or, at rest, of measuring.
    pub(super) async fn advance(&mut self, out: &mut Outbox) -> Result<()> {
        // A file that was asked for is of a state that is over, and is not kept waiting by what follows.
        if self.background.exporting() {
            return self.measure(out).await;
        }
        let done = match self.activity {
            Activity::Idle if self.follows() => self.next_action(out).await,
            Activity::Idle if self.metering.is_some() => self.meter_round(out).await,
            Activity::Idle => self.measure(out).await,
            Activity::Training | Activity::FineTuning => self.train_slice(out).await,
        };
        self.pace.sliced();
        done
    }

    /// Comes to rest with a point, if there is anything that it would keep.
    async fn pause(&mut self, out: &mut Outbox) -> Result<()> {
        if self.unsaved || self.activity != Activity::Idle {
            return self.finish(out).await;
        }
        self.rest(out);
        Ok(())
    }

    pub(super) fn work(&mut self, activity: Activity, remaining: Option<u32>, out: &mut Outbox) {
        self.background.clear();
        self.forget_replicas();
        self.activity = activity;
        self.remaining = remaining;
        out.state(activity);
    }

    pub(super) fn rest(&mut self, out: &mut Outbox) {
        self.activity = Activity::Idle;
        self.remaining = None;
        if let Some(workers) = self.group.as_mut().and_then(|group| group.tell(true)) {
            out.event(Event::Workers(workers));
        }
        out.state(Activity::Idle);
    }

    pub(super) async fn restore(&mut self, state: &TrainState, out: &mut Outbox) -> Result<()> {
        self.give_up(out);
        self.put(state);
        self.unsaved = false;
        self.threshold = 0.0;
        self.activity = Activity::Idle;
        self.announce(out);
        self.report(out).await.map(drop)
    }

    /// Ends training: everything measured, a point to come back to, at rest.
    pub(super) async fn finish(&mut self, out: &mut Outbox) -> Result<()> {
        self.rest(out);
        self.measured_point(out).await
    }

    /// Adds a point of what training has made.
    pub(super) async fn measured_point(&mut self, out: &mut Outbox) -> Result<()> {
        let kind = match self.trainer.mask().contains(&0) {
            false => PointKind::Dense,
            true => PointKind::FineTuned,
        };
        self.add_point(kind, out).await
    }

    /// Weights or masks are other than they were.
    pub(super) fn changed(&mut self) {
        self.forget_replicas();
        self.trained();
    }

    /// Weights are other than they were, and replicas know.
    pub(super) fn trained(&mut self) {
        self.revision += 1;
        self.unsaved = true;
        self.metering = None;
        self.background.restart_curve();
    }

    pub(super) fn forget_replicas(&mut self) {
        if let Some(group) = &mut self.group {
            group.forget();
        }
    }

    /// What workers are to learn from.
    pub(super) fn course(&self) -> Course {
        Course {
            config: self.config.clone(),
            shape: self.shape().clone(),
            data: self.data.clone(),
            images: self.train_len(),
        }
    }

    /// The batch of training step `step`: a pure function of seed, step and data.
    pub(super) fn batch_of(&mut self, step: u32) -> Batch {
        let indices = self.order.of(step).iter().map(|&i| i as usize);
        self.batcher.batch(&self.data.train, indices, &self.device)
    }

    /// How many of the training images are trained on.
    pub(super) fn train_len(&self) -> usize {
        train_len(&self.config, &self.data)
    }

    pub(super) fn epoch(&self) -> f64 {
        f64::from(self.trainer.step) / f64::from(self.order.steps_per_epoch())
    }
}

pub(super) async fn evaluate(model: &Cnn, batches: &[Batch]) -> Result<Metrics> {
    let labels: Vec<u8> = batches.iter().flat_map(|b| b.labels.clone()).collect();
    let mut tally = Tally::default();
    tally.add(&logits(model, batches).await?, &labels);
    Ok(tally.metrics())
}

fn train_len(config: &RunConfig, data: &Dataset) -> usize {
    match config.train_limit as usize {
        0 => data.train.len(),
        limit => limit.min(data.train.len()),
    }
}
