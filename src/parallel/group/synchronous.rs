//! All shares of a batch, then one step: the sum of their gradients in the order of the shares, whoever computed them.

use super::member::{Health, Member};
use super::shares::Shares;
use super::{Group, Stepped};
use crate::error::Result;
use crate::learn::objective::Objective;
use crate::learn::train::Trainer;
use crate::parallel::payload::{self, Packing};
use pruning_kernels::{accumulate, count_nonzero};
use web_time::Instant;

impl Group {
    /// A step by all workers.
    pub(super) async fn synchronous(
        &mut self,
        trainer: &mut Trainer,
        objective: &Objective<'_>,
        start: Instant,
    ) -> Result<Stepped> {
        let mut shares = match self.shares.take() {
            Some(shares) => shares,
            None => Shares::new(self.course.batch(), self.members.len(), self.clock),
        };
        let mut state = None;
        while shares.done.iter().any(Option::is_none) {
            for (share, rows) in shares.rows.iter().enumerate() {
                let has = |m: &Member| {
                    m.assigned
                        .as_ref()
                        .is_some_and(|a| a.share == share && !a.cancelled)
                };
                if shares.done[share].is_some() || self.members.iter().any(has) {
                    continue;
                }
                if let Some(w) = self.free_for(share) {
                    self.assign(w, share, trainer.step, (rows.start, rows.end), None);
                    self.post(w, trainer, objective, &mut state).await?;
                }
            }
            if self.members.iter().all(|m| m.health == Health::Failed) {
                return Ok(Stepped::Alone);
            }
            if !self.hear(start).await? {
                self.shares = Some(shares);
                return Ok(Stepped::Waiting);
            }
            self.collect(&mut shares, trainer.step + 1);
        }
        let loss = self.sum_up(shares, trainer, objective).await?;
        Ok(Stepped::Taken(loss))
    }

    /// Takes the shares that workers have finished, of what makes step `version`.
    fn collect(&mut self, shares: &mut Shares, version: u32) {
        for w in 0..self.members.len() {
            if let Some((assigned, heard)) = self.finished(w) {
                shares.bytes += assigned.bytes;
                shares.latest = shares.latest.max(assigned.arrival);
                self.record(w, &assigned);
                self.ledger.applied(w, version, 0);
                shares.done[assigned.share] = Some((heard.loss, heard.gradients));
            }
        }
    }

    /// Takes the step that all shares together make; its loss.
    async fn sum_up(
        &mut self,
        shares: Shares,
        trainer: &mut Trainer,
        objective: &Objective<'_>,
    ) -> Result<f32> {
        let mut sum = vec![0.0; self.packing.as_ref().map_or(0, Packing::len)];
        let mut loss = 0.0;
        let batch = self.course.batch() as f32;
        for ((part, gradients), rows) in shares.done.into_iter().flatten().zip(&shares.rows) {
            let weight = rows.len() as f32 / batch;
            loss += weight * part;
            accumulate(&mut sum, &gradients, weight);
        }
        let gradients = self.packing.as_ref().map(|packing| packing.unpack(&sum));
        let others = count_nonzero(&sum);
        self.update = Some(match 2 * others < sum.len() {
            true => payload::take_largest(&mut sum, others.max(1)),
            false => payload::dense(&sum),
        });
        self.ledger.sent(shares.bytes);
        if self.plan.simulated() {
            self.clock = shares.latest;
        }
        self.version += 1;
        // Workers need not wait until the session has taken the step, too, and has reported on it.
        for (share, rows) in shares.rows.iter().enumerate() {
            if self.members[share].idle() && self.members[share].at == Some(self.version - 1) {
                self.assign(share, share, trainer.step + 1, (rows.start, rows.end), None);
                self.post(share, trainer, objective, &mut None).await?;
            }
        }
        if let Some(gradients) = &gradients {
            trainer.descend(gradients);
        }
        Ok(loss)
    }

    /// Who computes a share: its own worker, or while that is not there, any. What a worker has kept back of its gradients is
    /// of its own rows: these wait for it. So do all on the simulated clock, on which nobody is late.
    fn free_for(&self, share: usize) -> Option<usize> {
        let own = &self.members[share];
        let waits = self.plan.gradient_share < 1.0 || self.plan.simulated();
        if own.idle() || (waits && own.health != Health::Failed) {
            return Some(share).filter(|_| own.idle());
        }
        self.members.iter().position(|member| member.idle())
    }
}
