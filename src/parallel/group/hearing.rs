//! What comes of workers: answers, which are not believed, and losses.

use super::Group;
use super::alone::ms_since;
use super::member::{Health, Heard};
use crate::error::{Error, ErrorCode, Result};
use crate::parallel::payload::{self, Packing};
use crate::parallel::peers::{Loss, Tidings};
use crate::parallel::wire::Answer;
use pruning_kernels::all_finite;
use web_time::Instant;

/// Milliseconds that a step waits for workers at a time: no command is kept waiting for longer.
const PATIENCE: f64 = 30.0;
/// A worker that is lost so often without an answer in between is given up for good.
const MOST_LOSSES: u32 = 4;

impl Group {
    /// Hears what comes next of the workers; false where nothing has come within a moment of `start`.
    pub(super) async fn hear(&mut self, start: Instant) -> Result<bool> {
        let peers = self.peers.clone();
        let within = PATIENCE - ms_since(start);
        let Some(tidings) = peers.next(within).await else {
            return Ok(false);
        };
        match tidings {
            Tidings::Ready(w) => {
                if let Some(member) = self.members.get_mut(w) {
                    member.health = Health::Ready;
                    member.taught = false;
                    member.at = None;
                }
            }
            Tidings::Answer(w, bytes) => self.answered(w, &bytes)?,
            Tidings::Lost(w, loss) => self.lose(w, loss),
        }
        Ok(true)
    }

    fn answered(&mut self, w: usize, bytes: &[u8]) -> Result<()> {
        let simulated = self.plan.simulated();
        let now = self.now();
        let Some(member) = self.members.get_mut(w) else {
            return Ok(());
        };
        let Some(assigned) = &mut member.assigned else {
            return Ok(());
        };
        if assigned.cancelled {
            member.assigned = None;
            return Ok(());
        }
        let len = self.packing.as_ref().map_or(0, Packing::len);
        let read = Answer::from_bytes(bytes)
            .and_then(|answer| Ok((payload::read(&answer.gradients, len)?, answer)));
        let Some((gradients, answer)) = read
            .ok()
            .filter(|(_, answer)| answer.id == assigned.task.id)
        else {
            self.lose(w, Loss::Gone);
            return Ok(());
        };
        if !answer.loss.is_finite() || !all_finite(&gradients) {
            let of = (assigned.task.step, assigned.share);
            if self.suspect.replace(of) == Some(of) {
                // Nobody is waited for any more.
                member.assigned = None;
                self.forget();
                return Err(Error::new(
                    ErrorCode::Diverged,
                    format!(
                        "the gradients after step {} are not finite: training has diverged; go back to an earlier \
                         point or lower the learning rate",
                        of.0
                    ),
                ));
            }
            self.lose(w, Loss::NonFinite);
            return Ok(());
        }
        member.losses = 0;
        if !simulated {
            (assigned.compute, assigned.arrival) = (f64::from(answer.ms), now);
        }
        self.answers = self.answers.wrapping_add(1);
        assigned.answer = Some(Heard {
            order: self.answers,
            loss: answer.loss,
            gradients,
        });
        Ok(())
    }

    /// Gives a worker up; another is started in its place, unless that has come to nothing again and again.
    fn lose(&mut self, w: usize, loss: Loss) {
        let Some(member) = self.members.get_mut(w) else {
            return;
        };
        self.ledger.lost += 1;
        self.lost.push((w, loss));
        member.losses += 1;
        member.taught = false;
        member.at = None;
        if member
            .assigned
            .as_ref()
            .is_some_and(|assigned| assigned.cancelled)
        {
            member.assigned = None;
        }
        let failed = member.losses >= MOST_LOSSES;
        match (&mut member.assigned, self.plan.asynchronous) {
            // Others of the group can do it.
            (Some(assigned), _) if failed && assigned.answer.is_none() => {
                self.returned.push(assigned.task.step);
                member.assigned = None;
            }
            (slot, false) => *slot = None,
            // What has come of it already counts.
            (Some(assigned), true) => assigned.posted = assigned.answer.is_some(),
            (None, true) => {}
        }
        if failed {
            member.health = Health::Failed;
        } else {
            member.health = Health::Starting;
            self.peers.replace(w);
        }
    }
}
