//! The session: owns data, network, optimiser and masks; commands in, events out.
//!
//! `apply` carries out a command; `advance` does the next slice of the work that commands have
//! left (training, measuring), short enough that a new command is never kept waiting.

mod classifying;
mod commands;
mod describing;
mod detailing;
mod following;
mod jobs;
mod look;
mod opening;
mod outbox;
mod pace;
mod queue;
mod reporting;
mod run;
mod samples;
mod training;
mod work;

use crate::config::RunConfig;
use crate::data;
use crate::data::DatasetId;
use crate::data::{Dataset, NamedFile};
use crate::error::{Error, ErrorCode, Result};
use crate::files::{checkpoint, export};
use crate::learn::model::Model;
use crate::learn::state::TrainState;
use crate::learn::train::Trainer;
use crate::parallel::group::Group;
use crate::parallel::peers::Peers;
use crate::parallel::plan::Plan;
use crate::protocol::{Bulk, Command, Event, Message};
use burn::tensor::Device;
use opening::{Opened, Opening};
use outbox::Outbox;
use run::Run;
use std::rc::Rc;
use web_time::Duration;
use work::Lesson;

/// One person's session on one device.
pub struct Session {
    device: Device,
    run_id: u32,
    run: Option<Run>,
    /// The last data set read from files, so that other settings can be tried on it.
    files: Option<Rc<Dataset>>,
    /// A network from a file, until it has been measured.
    opening: Option<Box<Opening>>,
    /// The way to workers, where this backend has any.
    peers: Option<Rc<dyn Peers>>,
    plan: Plan,
}

impl Session {
    /// `device` is the plain device, without autodiff.
    pub fn new(device: Device) -> Self {
        Self::with_peers(device, None)
    }

    /// As [`Session::new`], with workers to spread training over.
    pub fn with_peers(device: Device, peers: Option<Rc<dyn Peers>>) -> Self {
        Self {
            peers,
            plan: Plan::default(),
            device,
            run_id: 0,
            run: None,
            files: None,
            opening: None,
        }
    }

    /// Carries out `command`, which has the number `id`: all that comes of it names that. A failure is told as an `error`
    /// event, and the session is as before.
    pub async fn apply(&mut self, id: u32, command: Command, bulk: Bulk) -> Vec<Message> {
        let mut out = Outbox::of(id);
        let done = self.try_apply(command, bulk, &mut out).await;
        out.by(id);
        match done {
            Ok(true) => out.done(),
            // A job says itself when it is done.
            Ok(false) => {}
            Err(error) => out.error(error),
        }
        self.address(out)
    }

    /// Tells of what could not even be read as a command.
    pub fn refuse(&self, id: u32, sentence: impl Into<String>) -> Vec<Message> {
        let mut out = Outbox::of(id);
        out.error(Error::new(ErrorCode::BadCommand, sentence));
        self.address(out)
    }

    /// Whether `advance` has something to do.
    pub fn busy(&self) -> bool {
        self.opening.is_some() || self.run.as_ref().is_some_and(Run::busy)
    }

    /// Milliseconds that `advance` should wait for a further command: somebody moves the slider, and would be kept waiting
    /// by the next slice of work. That the work goes on none the less, now and then, is seen to.
    pub fn patience(&self) -> f64 {
        let wait = self.run.as_ref().map_or(Duration::ZERO, Run::patience);
        wait.as_secs_f64() * 1e3
    }

    /// Does the next slice of work.
    pub async fn advance(&mut self) -> Vec<Message> {
        let mut out = Outbox::default();
        if let Some(opening) = self.opening.take() {
            match opening.advance(&mut out).await {
                Ok(Opened::NotYet(opening)) => self.opening = Some(opening),
                Ok(Opened::Ready { run, run_id, told }) => {
                    self.take_up(*run, run_id, &mut out);
                    out.append(told);
                }
                Err(error) => out.error(error),
            }
        } else if let Some(run) = &mut self.run
            && let Err(error) = run.advance(&mut out).await
        {
            run.fail(error, &mut out);
        }
        self.address(out)
    }

    /// Whether the command is done with that.
    async fn try_apply(&mut self, command: Command, bulk: Bulk, out: &mut Outbox) -> Result<bool> {
        match command {
            Command::Configure { run_id, config } => {
                config.validate()?;
                let data = self.built_in(&config)?;
                self.begin(run_id, config, data, out).await?;
            }
            Command::LoadFiles {
                run_id,
                config,
                names,
            } => {
                config.validate()?;
                let bytes = bulk.files.unwrap_or_default();
                let data = Rc::new(read_files(config.dataset, &names, &bytes)?);
                drop(bytes);
                self.begin(run_id, config, data.clone(), out).await?;
                self.files = Some(data);
            }
            Command::Draft { config } => {
                config.validate()?;
                let graph = match &self.run {
                    Some(run) if run.config.dataset == config.dataset => config.graph(&run.data)?,
                    _ => config.graph(&*self.built_in(&config)?)?,
                };
                let network = describing::describe(&graph, &config);
                out.event(Event::Drafted { network });
            }
            Command::Parallel { plan } => {
                plan.validate()?;
                if plan.workers != 1
                    && self
                        .run
                        .as_ref()
                        .is_some_and(|run| run.graph().has_statistics())
                {
                    return Err(statistics_stay_together());
                }
                self.plan = plan;
                self.spread();
            }
            Command::Open { run_id } => {
                self.open(run_id, &bulk.files.unwrap_or_default(), out)?;
                return Ok(false);
            }
            Command::Restore { run_id } => {
                let bytes = bulk.checkpoint.unwrap_or_default();
                self.restore(run_id, &bytes, out).await?;
            }
            Command::Classify { selection } => {
                let image = bulk.images.unwrap_or_default();
                self.run()?.classify(selection, image, out).await?;
            }
            Command::FineTune {
                steps,
                distil: Some(how),
            } if bulk.checkpoint.is_some() => {
                how.validate()?;
                let run = self.run()?;
                let teacher = teacher_in(&bulk.checkpoint.unwrap_or_default(), run)?;
                run.fine_tune(steps, Lesson::Teacher(Box::new(teacher), how), out);
            }
            other => return self.run()?.apply(other, out).await,
        }
        Ok(true)
    }

    /// Begins to open the network in the only one of `files`.
    fn open(&mut self, run_id: u32, files: &[Vec<u8>], out: &mut Outbox) -> Result<()> {
        let [bytes] = files else {
            return Err(Error::new(
                ErrorCode::BadCommand,
                format!("{} files came; a network is one", files.len()),
            ));
        };
        let stored = export::read(bytes)?;
        let data = self.built_in(&stored.config)?;
        let of = (out.command(), run_id);
        let opening = Opening::new(of, stored, bytes, data, &self.device)?;
        self.stop_opening(out);
        self.opening = Some(Box::new(opening));
        Ok(())
    }

    fn stop_opening(&mut self, out: &mut Outbox) {
        if let Some(opening) = self.opening.take() {
            opening.end(out);
        }
    }

    fn run(&mut self) -> Result<&mut Run> {
        self.run.as_mut().ok_or_else(not_configured)
    }

    /// Fresh weights on `data`; the old run is replaced only when all has gone well.
    async fn begin(
        &mut self,
        run_id: u32,
        config: RunConfig,
        data: Rc<Dataset>,
        out: &mut Outbox,
    ) -> Result<()> {
        let mut fresh = Outbox::of(out.command());
        let run = Run::begin(config, data, &self.device, &mut fresh).await?;
        self.take_up(run, run_id, out);
        self.stop_opening(out);
        out.append(fresh);
        Ok(())
    }

    /// Goes back to a state; one that can't be, or that does not compute finite numbers, changes nothing.
    async fn restore(&mut self, run_id: u32, bytes: &[u8], out: &mut Outbox) -> Result<()> {
        let run = self.run.as_mut().ok_or_else(not_configured)?;
        let state = checkpoint::from_bytes(bytes, run.graph())?;
        let trainer = Trainer::new(
            run.graph().clone(),
            &state,
            run.config.descent(),
            &self.device,
        );
        run.live(&trainer.model).await.map_err(|error| Error {
            code: match error.code {
                ErrorCode::Diverged => ErrorCode::BadCheckpoint,
                code => code,
            },
            ..error
        })?;
        run.put_trainer(trainer, out);
        run.evaluated(out).await?;
        self.run_id = run_id;
        self.stop_opening(out);
        Ok(())
    }

    /// Puts `run` in the place of the one in hand; its workers go on with it.
    fn take_up(&mut self, mut run: Run, run_id: u32, out: &mut Outbox) {
        if let Some(mut before) = self.run.take() {
            before.end(out);
            run.group = before.group;
        }
        let course = run.course();
        if let Some(group) = &mut run.group {
            group.teach(course);
        }
        self.run = Some(run);
        self.run_id = run_id;
        self.spread();
    }

    /// Has the run in hand train as planned.
    fn spread(&mut self) {
        let (Some(run), Some(peers)) = (&mut self.run, &self.peers) else {
            return;
        };
        let statistics = run.graph().has_statistics();
        match &mut run.group {
            // Batch normalisation takes its statistics over the whole batch, which no worker sees.
            _ if self.plan.workers == 1 || statistics => {
                if run.group.take().is_some() {
                    peers.resize(0);
                }
            }
            Some(group) if *group.plan() == self.plan => {}
            Some(group) => group.set(self.plan.clone()),
            None => {
                run.group = Some(Group::new(peers.clone(), self.plan.clone(), run.course()));
            }
        }
    }

    fn built_in(&self, config: &RunConfig) -> Result<Rc<Dataset>> {
        match config.dataset {
            DatasetId::Digits => data::digits().map(Rc::new),
            DatasetId::Shapes => Ok(Rc::new(data::shapes(config.noise, config.seed))),
            id => match &self.files {
                Some(data) if data.id == id => Ok(data.clone()),
                _ => Err(Error::new(
                    ErrorCode::DataNeeded,
                    format!(
                        "{} comes from files: drop them on the page or choose them",
                        id.name()
                    ),
                )),
            },
        }
    }

    fn address(&self, out: Outbox) -> Vec<Message> {
        let revision = self.run.as_ref().map_or(0, |run| run.revision);
        out.addressed(self.run_id, revision)
    }

    /// The training state as it is, for programs that drive the core without a page.
    ///
    /// # Errors
    /// Nothing is configured, or the device failed.
    pub async fn state(&self) -> Result<TrainState> {
        let run = self.run.as_ref().ok_or_else(not_configured)?;
        run.trainer.state().await
    }
}

fn not_configured() -> Error {
    Error::new(
        ErrorCode::BadCommand,
        "nothing is configured yet: send configure first",
    )
}

/// Synchronised statistics would have every worker wait for all others twice at each normalisation of each step.
fn statistics_stay_together() -> Error {
    Error::new(
        ErrorCode::BadConfig,
        "this network trains on one worker: batch normalisation takes its statistics over the whole batch, which none of several \
         workers sees; choose a network without it to train with workers",
    )
}

fn read_files(id: DatasetId, names: &[String], bytes: &[Vec<u8>]) -> Result<Dataset> {
    if names.len() != bytes.len() {
        return Err(Error::new(
            ErrorCode::BadCommand,
            format!("{} names came with {} files", names.len(), bytes.len()),
        ));
    }
    let files: Vec<NamedFile<'_>> = names
        .iter()
        .zip(bytes)
        .map(|(name, bytes)| NamedFile { name, bytes })
        .collect();
    data::from_files(id, &files)
}

/// The network of a checkpoint, whatever it is, as a teacher of `run`.
///
/// # Errors
/// The checkpoint is damaged or was made on another data set.
fn teacher_in(bytes: &[u8], run: &Run) -> Result<Model> {
    let made_with = checkpoint::config_of(bytes)?;
    let (its, ours) = (made_with.dataset, run.config.dataset);
    if its != ours {
        return Err(Error::new(
            ErrorCode::BadCheckpoint,
            format!(
                "this teacher learnt {}, and can't teach a network that learns {}: train one on the same data",
                its.name(),
                ours.name()
            ),
        ));
    }
    let graph = made_with.graph(&run.data)?;
    let state = checkpoint::from_bytes(bytes, &graph)?;
    Ok(Model::new(&graph, &state.parameters, &run.device))
}
