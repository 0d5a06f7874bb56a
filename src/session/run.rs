//! One run: a data set, a network in training on it, and what is known of it.

use super::look::Ranked;
use super::outbox::Outbox;
use super::pace::Pace;
use super::queue::{Jobs, Kind};
use super::samples::{Samples, examples_of};
use super::work::Work;
use crate::config::RunConfig;
use crate::data::batch::{Batch, Batcher};
use crate::data::order::{BatchOrder, batch_size};
use crate::data::{Dataset, Split};
use crate::error::{Error, Result};
use crate::learn::eval::Tally;
use crate::learn::model::Model;
use crate::learn::state::TrainState;
use crate::learn::train::Trainer;
use crate::net::Graph;
use crate::parallel::group::{Course, Group};
use crate::protocol::{Event, PointKind};
use crate::prune::method::Method;
use burn::tensor::Device;
use std::rc::Rc;
use std::sync::Arc;

pub(super) struct Run {
    pub(super) config: RunConfig,
    pub(super) data: Rc<Dataset>,
    pub(super) batcher: Batcher,
    pub(super) device: Device,
    order: BatchOrder,
    pub(super) examples: Batch,
    /// What the network is tested on.
    pub(super) test: Samples,
    /// Training images that the network is measured on.
    pub(super) live_train: Samples,
    pub(super) trainer: Trainer,
    /// The dense network that the first cut was made from.
    pub(super) dense: Option<Model>,
    /// The smallest kept score at the last cut.
    pub(super) threshold: f32,
    pub(super) work: Work,
    pub(super) jobs: Jobs<Self>,
    pub(super) pace: Pace,
    /// The command that has begun the work in hand, or else has made the network what it is.
    pub(super) cause: u32,
    /// Counts what weights and masks have been.
    pub(super) revision: u32,
    /// The last ranking; None until there is one.
    pub(super) ranked: Option<Rc<Ranked>>,
    /// The revisions whose curve was drawn last: whole, and in training.
    pub(super) drawn: Option<u32>,
    pub(super) sketched: Option<u32>,
    /// The revision that was evaluated last, and what of it: over the images of the first estimate.
    pub(super) tested: Option<(u32, Tally)>,
    /// The revision of which nothing can be measured: it is not tried again.
    pub(super) unmeasurable: Option<u32>,
    /// Whether weights or masks have changed since the last point.
    pub(super) unsaved: bool,
    pub(super) points: u32,
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
        let graph = config.graph(&data)?;
        let state = TrainState::initial(&graph, config.initialisation, config.seed);
        let mut run = Self::new(config, data, graph, &state, device, out);
        run.announce(out);
        let method = run.config.method.clone();
        run.add_point(PointKind::Dense, method, out).await?;
        Ok(run)
    }

    /// A run that stands at `state`; nothing is told of it yet.
    pub(super) fn new(
        config: RunConfig,
        data: Rc<Dataset>,
        graph: Arc<Graph>,
        state: &TrainState,
        device: &Device,
        out: &mut Outbox,
    ) -> Self {
        let batcher = Batcher::new(&data);
        let samples =
            |split: &Split, len: usize| Samples::new(split, len, &graph, &batcher, device);
        let images = train_len(&config, &data);
        let mut run = Self {
            examples: batcher.batch(&data.test, examples_of(&data.test).into_iter(), device),
            test: samples(&data.test, data.test.len()),
            live_train: samples(&data.train, images),
            order: BatchOrder::new(config.seed, images, config.batch),
            trainer: Trainer::new(graph, state, config.descent(), device),
            dense: None,
            threshold: 0.0,
            work: Work::Rest,
            jobs: Jobs::default(),
            pace: Pace::default(),
            cause: out.command(),
            revision: 0,
            ranked: None,
            drawn: None,
            sketched: None,
            tested: None,
            unmeasurable: None,
            unsaved: true,
            points: 0,
            group: None,
            device: device.clone(),
            config,
            data,
            batcher,
        };
        run.rehearse_training(out);
        run
    }

    pub(super) fn begin_work(&mut self, work: Work, out: &mut Outbox) {
        self.jobs.make_way(out);
        self.forget_replicas();
        self.pace.begins();
        self.cause = out.command();
        self.work = work;
        self.tell_activity(out);
    }

    pub(super) fn graph(&self) -> &Arc<Graph> {
        &self.trainer.graph
    }

    pub(super) fn masked(&self) -> bool {
        self.trainer.mask().contains(&0)
    }

    pub(super) fn tell_activity(&self, out: &mut Outbox) {
        out.state(self.work.activity(self.masked()));
    }

    /// Ends training; a recipe that is paused stays in hand.
    pub(super) fn rest(&mut self, out: &mut Outbox) {
        if self.work.active() {
            self.jobs.drop_all(Kind::Curve, out);
        }
        if !matches!(&self.work, Work::Follow(following) if following.paused()) {
            self.work = Work::Rest;
        }
        if let Some(workers) = self.group.as_mut().and_then(|group| group.tell(true)) {
            out.event(Event::Workers(workers));
        }
        self.tell_activity(out);
    }

    /// A failure of what was under way: training rests, and a recipe keeps what it has still to do.
    pub(super) fn fail(&mut self, error: Error, out: &mut Outbox) {
        self.halt(out);
        out.error(error);
        let command = out.command();
        out.by(self.cause);
        self.rest(out);
        out.by(command);
    }

    /// Puts `trainer`, which has been measured, in the place of the one in hand.
    pub(super) fn put_trainer(&mut self, trainer: Trainer, out: &mut Outbox) {
        self.give_up(out);
        self.jobs.make_way(out);
        self.jobs.drop_all(Kind::Cut, out);
        self.work = Work::Rest;
        self.trainer = trainer;
        self.cause = out.command();
        self.changed(out);
        self.rehearse_training(out);
        self.unsaved = false;
        self.threshold = 0.0;
        self.announce(out);
    }

    /// Ends training: everything measured, a point to come back to, at rest.
    pub(super) async fn finish(&mut self, out: &mut Outbox) -> Result<()> {
        let method = self.method();
        self.rest(out);
        self.measured_point(method, out).await
    }

    /// That of the recipe in hand, whatever the page ranks by meanwhile, else the page's.
    pub(super) fn method(&self) -> Method {
        match &self.work {
            Work::Follow(following) => following.method.clone(),
            _ => self.config.method.clone(),
        }
    }

    /// Adds a point of what training has made.
    pub(super) async fn measured_point(&mut self, method: Method, out: &mut Outbox) -> Result<()> {
        let kind = match self.masked() {
            false => PointKind::Dense,
            true => PointKind::FineTuned,
        };
        self.add_point(kind, method, out).await
    }

    /// Weights or masks are other than they were.
    pub(super) fn changed(&mut self, out: &mut Outbox) {
        self.forget_replicas();
        self.trained(out);
    }

    /// Weights are other than they were, and replicas know.
    pub(super) fn trained(&mut self, out: &mut Outbox) {
        self.revision += 1;
        self.unsaved = true;
        if !self.work.active() {
            self.jobs.drop_all(Kind::Curve, out);
        }
        self.jobs.drop_all(Kind::Meter, out);
        self.jobs.drop_all(Kind::Preview, out);
    }

    /// Whether anything can be measured of the network in hand, as far as is known.
    pub(super) fn measurable(&self) -> bool {
        !self.work.active() && self.unmeasurable != Some(self.revision)
    }

    pub(super) fn forget_replicas(&mut self) {
        if let Some(group) = &mut self.group {
            group.forget();
        }
    }

    /// The run gives way to another: whoever waits for a job of it is told.
    pub(super) fn end(&mut self, out: &mut Outbox) {
        for kind in [Kind::Export, Kind::Cut, Kind::Score, Kind::Meter] {
            self.jobs.drop_all(kind, out);
        }
    }

    /// What workers are to learn from.
    pub(super) fn course(&self) -> Course {
        Course {
            config: self.config.clone(),
            graph: self.graph().clone(),
            data: self.data.clone(),
            images: self.train_len(),
        }
    }

    /// The batch of training step `step`: a pure function of seed, step and data.
    pub(super) fn batch_of(&mut self, step: u32) -> Batch {
        let (rows, augment) = (0..self.batch_len(), self.config.augment);
        let (images, order) = (&self.data.train, &mut self.order);
        self.batcher
            .share(images, order, step, rows, augment, &self.device)
    }

    /// Images in a batch.
    pub(super) fn batch_len(&self) -> usize {
        batch_size(self.config.batch, self.train_len())
    }

    /// How many of the training images are trained on.
    pub(super) fn train_len(&self) -> usize {
        train_len(&self.config, &self.data)
    }

    pub(super) fn epoch(&self) -> f64 {
        f64::from(self.trainer.step) / f64::from(self.order.steps_per_epoch())
    }
}

fn train_len(config: &RunConfig, data: &Dataset) -> usize {
    match config.train_limit as usize {
        0 => data.train.len(),
        limit => limit.min(data.train.len()),
    }
}
