//! What a run is asked to do, and its next slice of work.

use super::jobs::cutting::{Amount, Cutting};
use super::jobs::scoring::Score;
use super::outbox::Outbox;
use super::queue::Kind;
use super::run::Run;
use super::work::{Lesson, Work};
use crate::error::{Error, ErrorCode, Result};
use crate::protocol::Command;
use crate::prune::method::Method;
use web_time::Duration;

impl Run {
    pub(super) fn busy(&self) -> bool {
        self.work.active()
            || !self.jobs.is_empty()
            || self.wants_scoring()
            || self.wants_curve().is_some()
    }

    /// Carries out `command`; whether it is done with that.
    pub(super) async fn apply(&mut self, command: Command, out: &mut Outbox) -> Result<bool> {
        match command {
            Command::Run => {
                self.cause = out.command();
                if !self.resume(out) {
                    self.begin_work(Work::Train(Lesson::Labels), out);
                }
            }
            Command::FineTune { steps, distil } => {
                let lesson = self.lesson(distil)?;
                self.fine_tune(steps, lesson, out);
            }
            Command::Follow { recipe } => self.follow(recipe, out)?,
            Command::Stop => {
                let followed = matches!(self.work, Work::Follow(_)).then(|| self.method());
                self.jobs.drop_all(Kind::Cut, out);
                self.give_up(out);
                self.pause(followed, out).await?;
            }
            Command::Pause => self.pause(None, out).await?,
            Command::Step => return self.step(out).await,
            Command::Save => self.save(out).await?,
            Command::SetMethod { method } => {
                method.validate()?;
                self.jobs.add(Score::by(out.command(), method), out);
                return Ok(false);
            }
            Command::Detail { layer, tile } => self.detail(layer, tile, out)?,
            Command::StopScoring => self.stop_scoring(out),
            Command::Preview { selection, images } => self.preview(selection, images, out).await?,
            Command::Meter { selection } => {
                self.meter(selection, out).await?;
                return Ok(false);
            }
            Command::Prune { selection } => {
                // What can't be selected changes nothing.
                self.ranking()?.select(&selection)?;
                self.give_up(out);
                self.rest(out);
                let method = self.config.method.clone();
                let amount = Amount::Selected(selection);
                self.jobs
                    .add(Cutting::asked(out.command(), amount, method), out);
                return Ok(false);
            }
            Command::Export {
                format,
                compacted,
                fold,
                recipe,
            } => {
                self.export(format, (compacted, fold), recipe, out).await?;
                return Ok(false);
            }
            Command::ExportTestImages => self.export_test_images(out)?,
            Command::Configure { .. }
            | Command::Draft { .. }
            | Command::LoadFiles { .. }
            | Command::Parallel { .. }
            | Command::Open { .. }
            | Command::Classify { .. }
            | Command::Restore { .. } => {
                return Err(Error::new(
                    ErrorCode::BadCommand,
                    "this command is the session's, not a run's",
                ));
            }
        }
        Ok(true)
    }

    /// The next slice of work or, at rest, of measuring.
    pub(super) async fn advance(&mut self, out: &mut Outbox) -> Result<()> {
        out.by(self.cause);
        for kind in [Kind::Export, Kind::Cut] {
            if self.slice_of(kind, out).await? {
                return Ok(());
            }
        }
        let done = match &self.work {
            Work::Train(lesson) | Work::Tune { lesson, .. } => {
                let lesson = lesson.clone();
                match self.train_slice(&lesson, out).await {
                    Ok(true) => self.finish(out).await,
                    other => other.map(drop),
                }
            }
            Work::Follow(following) if !following.paused() => self.follow_on(out).await,
            Work::Follow(_) | Work::Rest => self.measure(out).await,
        };
        self.pace.sliced();
        done
    }

    /// Comes to rest with a point, if there is anything that it would keep. `followed`: the method of a recipe that was
    /// given up just now.
    async fn pause(&mut self, followed: Option<Method>, out: &mut Outbox) -> Result<()> {
        let worked = followed.is_some() || self.work.active();
        let method = followed.unwrap_or_else(|| self.method());
        self.halt(out);
        self.rest(out);
        match self.unsaved || worked {
            true => self.measured_point(method, out).await,
            false => Ok(()),
        }
    }

    /// Exactly one training step, or action of the recipe in hand if there is one; whether that is done.
    async fn step(&mut self, out: &mut Outbox) -> Result<bool> {
        self.cause = out.command();
        self.halt(out);
        self.rest(out);
        if matches!(self.work, Work::Follow(_)) {
            return self.step_recipe(out).await;
        }
        self.train_once(&Lesson::Labels, out).await?;
        self.evaluated(out).await?;
        Ok(true)
    }

    /// Trains so many steps, then adds a point.
    pub(super) fn fine_tune(&mut self, steps: u32, lesson: Lesson, out: &mut Outbox) {
        self.give_up(out);
        let left = steps.max(1);
        self.begin_work(Work::Tune { left, lesson }, out);
    }

    /// How long the next slice of work should wait for a further command.
    pub(super) fn patience(&self) -> Duration {
        match &self.work {
            Work::Train(_) | Work::Tune { .. } => self.pace.patience(true),
            // The actions of a recipe are of all kinds.
            Work::Follow(following) if !following.paused() => Duration::ZERO,
            Work::Follow(_) | Work::Rest => self.pace.patience(false),
        }
    }
}
