//! What a run does beside training: one job at a time, a slice at a time.

pub(super) mod curve;
pub(super) mod cutting;
mod exporting;
mod metering;
pub(super) mod points;
mod preview;
mod reestimating;
mod rehearsing;
pub(super) mod scoring;

use super::outbox::Outbox;
use super::queue::{Job, Kind};
use super::run::Run;
use crate::error::Result;

impl Run {
    /// A slice of the first job of `kind`; whether there was one.
    pub(super) async fn slice_of(&mut self, kind: Kind, out: &mut Outbox) -> Result<bool> {
        let Some(job) = self.jobs.take(kind) else {
            return Ok(false);
        };
        self.slice(job, out).await?;
        Ok(true)
    }

    /// The next slice of what is to be done at rest.
    pub(super) async fn measure(&mut self, out: &mut Outbox) -> Result<()> {
        self.want_what_is_stale(out);
        match self.jobs.take_first() {
            Some(job) => self.slice(job, out).await,
            None => Ok(()),
        }
    }

    async fn slice(&mut self, mut job: Box<dyn Job<Self>>, out: &mut Outbox) -> Result<()> {
        let (revision, command, before) = (self.revision, job.command(), out.command());
        out.by(command);
        let done = job.slice(self, out).await;
        out.by(command);
        match done {
            Ok(true) if job.awaited() => out.done(),
            Ok(true) => {}
            Ok(false) => self.jobs.put_back(job),
            // Who waits for it is told, and nothing else comes to an end by that.
            Err(error) if job.awaited() => out.error(error),
            Err(error) => {
                // What can't be measured is not tried again and again.
                self.unmeasurable = Some(revision);
                return Err(error);
            }
        }
        out.by(before);
        Ok(())
    }

    /// At rest the ranking and the curve are those of the network in hand.
    fn want_what_is_stale(&mut self, out: &mut Outbox) {
        if self.wants_scoring() {
            self.jobs.add(scoring::Score::of(self.cause), out);
        }
        if let Some(ranked) = self.wants_curve() {
            self.jobs
                .add(curve::Curve::whole(self.cause, ranked, &self.test), out);
        }
    }
}
