//! The session: owns data, network, optimiser and masks; commands in, events out.
//!
//! `apply` carries out a command; `advance` does the next slice of the work that commands have
//! left (training, measuring), short enough that a new command is never kept waiting.

mod background;
mod classifying;
mod cutting;
mod exporting;
mod following;
mod metering;
mod opening;
mod pace;
mod rehearsing;
mod reporting;
mod run;
mod samples;
mod training;
mod tuning;

use crate::config::RunConfig;
use crate::data::{self, Dataset, DatasetId, NamedFile};
use crate::error::{Error, ErrorCode, Result};
use crate::files::checkpoint;
use crate::learn::state::TrainState;
use crate::parallel::group::Group;
use crate::parallel::peers::Peers;
use crate::parallel::plan::Plan;
use crate::protocol::{Activity, Bulk, Command, Event, Message};
use burn::tensor::Device;
use opening::Opening;
use run::Run;
use std::rc::Rc;
use web_time::Duration;

/// One person's session on one device.
pub struct Session {
    device: Device,
    run_id: u32,
    run: Option<Run>,
    /// The last data set read from files, so that other settings can be tried on it.
    files: Option<Rc<Dataset>>,
    /// A network from a file, until it has been measured.
    opening: Option<Opening>,
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

    /// Carries out `command`. A failure is told as an `error` event, and the session is as before.
    pub async fn apply(&mut self, command: Command, bulk: Bulk) -> Vec<Message> {
        let mut out = Outbox::default();
        if let Err(error) = self.try_apply(command, bulk, &mut out).await {
            out.error(error);
        }
        self.address(out)
    }

    /// Tells of what could not even be read as a command.
    pub fn refuse(&self, sentence: impl Into<String>) -> Vec<Message> {
        let mut out = Outbox::default();
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
            if let Err(error) = self.go_on_opening(opening, &mut out).await {
                out.error(error);
            }
        } else if let Some(run) = &mut self.run
            && let Err(error) = run.advance(&mut out).await
        {
            run.halt(&mut out);
            run.rest(&mut out);
            out.error(error);
        }
        self.address(out)
    }

    async fn try_apply(&mut self, command: Command, bulk: Bulk, out: &mut Outbox) -> Result<()> {
        match command {
            Command::Configure { run_id, config } => {
                config.validate()?;
                let data = self.built_in(&config)?;
                self.begin(run_id, config, data, out).await
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
                Ok(())
            }
            Command::Parallel { plan } => {
                plan.validate()?;
                self.plan = plan;
                self.spread();
                Ok(())
            }
            Command::Open { run_id } => self.open(run_id, bulk.files.unwrap_or_default()),
            Command::Restore { run_id } => {
                let run = self.run.as_mut().ok_or_else(not_configured)?;
                let state =
                    checkpoint::from_bytes(&bulk.checkpoint.unwrap_or_default(), run.shape())?;
                self.run_id = run_id;
                self.opening = None;
                run.restore(&state, out).await
            }
            Command::Export {
                request,
                format,
                compacted,
                recipe,
            } => {
                let run = self.run.as_mut().ok_or_else(not_configured)?;
                run.export(request, format, compacted, recipe).await
            }
            Command::ExportTestImages { request } => {
                let run = self.run.as_ref().ok_or_else(not_configured)?;
                run.export_test_images(request, out)
            }
            Command::Classify { request, selection } => {
                let run = self.run.as_mut().ok_or_else(not_configured)?;
                let image = bulk.images.unwrap_or_default();
                run.classify(request, selection, image, out).await
            }
            other => {
                let run = self.run.as_mut().ok_or_else(not_configured)?;
                if let Command::FineTune {
                    distil: Some(distil),
                    ..
                } = &other
                    && let Some(teacher) = &bulk.checkpoint
                {
                    distil.validate()?;
                    run.learn_from(teacher)?;
                }
                run.apply(other, out).await
            }
        }
    }

    /// Fresh weights on `data`; the old run is replaced only when all has gone well.
    async fn begin(
        &mut self,
        run_id: u32,
        config: RunConfig,
        data: Rc<Dataset>,
        out: &mut Outbox,
    ) -> Result<()> {
        let mut fresh = Outbox::default();
        let run = Run::begin(config, data, &self.device, &mut fresh).await?;
        self.take_up(run, run_id);
        self.opening = None;
        out.0.append(&mut fresh.0);
        Ok(())
    }

    /// Puts `run` in the place of the one in hand; its workers go on with it.
    fn take_up(&mut self, mut run: Run, run_id: u32) {
        run.group = self.run.take().and_then(|before| before.group);
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
        match &mut run.group {
            _ if self.plan.workers == 1 => {
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
        out.0
            .into_iter()
            .map(|(event, bulk)| Message {
                run_id: self.run_id,
                revision,
                event,
                bulk,
            })
            .collect()
    }

    /// The training state as it is, for programs that drive the core without a page.
    ///
    /// # Errors
    /// Nothing is configured, or the device failed.
    pub async fn state(&self) -> Result<TrainState> {
        self.run.as_ref().ok_or_else(not_configured)?.state().await
    }
}

fn not_configured() -> Error {
    Error::new(
        ErrorCode::BadCommand,
        "nothing is configured yet: send configure first",
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

/// Events on their way out.
#[derive(Default)]
struct Outbox(Vec<(Event, Bulk)>);

impl Outbox {
    fn event(&mut self, event: Event) {
        self.0.push((event, Bulk::default()));
    }

    fn with(&mut self, event: Event, bulk: Bulk) {
        self.0.push((event, bulk));
    }

    fn state(&mut self, activity: Activity) {
        self.event(Event::State { activity });
    }

    fn error(&mut self, error: Error) {
        self.event(Event::Error {
            code: error.code,
            message: error.message,
        });
    }
}
