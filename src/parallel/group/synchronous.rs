//! All shares of a batch, then one step: the sum of their gradients in the order of the shares, whoever computed them.

use super::Group;
use super::member::{Health, Member};
use crate::error::Result;
use crate::learn::objective::Objective;
use crate::learn::train::Trainer;
use crate::parallel::payload::{self, Packing};
use pruning_kernels::{accumulate, count_nonzero};
use std::ops::Range;

impl Group {
    /// A step by all workers; None where none is left.
    pub(super) async fn synchronous(
        &mut self,
        trainer: &mut Trainer,
        objective: &Objective<'_>,
    ) -> Result<Option<f32>> {
        let shares = shares(self.course.batch(), self.members.len());
        let mut done: Vec<Option<(f32, Vec<f32>)>> = vec![None; shares.len()];
        let (mut bytes, mut latest) = (0, self.clock);
        let mut state = None;
        loop {
            for (share, rows) in shares.iter().enumerate() {
                let has = |m: &Member| {
                    m.assigned
                        .as_ref()
                        .is_some_and(|a| a.share == share && !a.cancelled)
                };
                if done[share].is_some() || self.members.iter().any(has) {
                    continue;
                }
                if let Some(w) = self.free_for(share) {
                    self.assign(w, share, trainer.step, (rows.start, rows.end), None);
                    self.post(w, trainer, objective, &mut state).await?;
                }
            }
            if self.members.iter().all(|m| m.health == Health::Failed) {
                return Ok(None);
            }
            self.hear().await?;
            for w in 0..self.members.len() {
                if let Some((assigned, heard)) = self.finished(w) {
                    bytes += assigned.bytes;
                    latest = latest.max(assigned.arrival);
                    self.record(w, &assigned);
                    self.ledger.applied(w, trainer.step + 1, 0);
                    done[assigned.share] = Some((heard.loss, heard.gradients));
                }
            }
            if done.iter().all(Option::is_some) {
                break;
            }
        }
        let mut sum = vec![0.0; self.packing.as_ref().map_or(0, Packing::len)];
        let mut loss = 0.0;
        let batch = self.course.batch() as f32;
        for ((part, gradients), rows) in done.into_iter().flatten().zip(&shares) {
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
        self.ledger.sent(bytes);
        if self.plan.simulated() {
            self.ledger.ms += latest - self.clock;
            self.clock = latest;
        }
        self.version += 1;
        // Workers need not wait until the session has taken the step, too, and has reported on it.
        for (share, rows) in shares.iter().enumerate() {
            if self.members[share].idle() && self.members[share].at == Some(self.version - 1) {
                self.assign(share, share, trainer.step + 1, (rows.start, rows.end), None);
                self.post(share, trainer, objective, &mut None).await?;
            }
        }
        if let Some(gradients) = &gradients {
            trainer.follow(gradients);
        }
        Ok(Some(loss))
    }

    /// Who computes a share: its own worker, or while that is not there, any. What a worker has kept back of its gradients is
    /// of its own rows: these wait for it.
    fn free_for(&self, share: usize) -> Option<usize> {
        let own = &self.members[share];
        if own.idle() || (self.plan.gradient_share < 1.0 && own.health != Health::Failed) {
            return Some(share).filter(|_| own.idle());
        }
        self.members.iter().position(|member| member.idle())
    }
}

/// Consecutive rows of a batch for each worker, as even as can be; none where there are fewer rows than workers.
fn shares(batch: usize, workers: usize) -> Vec<Range<usize>> {
    let workers = workers.clamp(1, batch.max(1));
    (0..workers)
        .map(|w| batch * w / workers..batch * (w + 1) / workers)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn shares_are_the_batch_and_as_even_as_can_be(batch in 1usize..600, workers in 1usize..17) {
            let shares = shares(batch, workers);
            prop_assert!(shares.iter().cloned().flatten().eq(0..batch));
            let lens = shares.iter().map(ExactSizeIterator::len);
            prop_assert!(lens.clone().max().unwrap() - lens.min().unwrap() <= 1);
        }
    }
}
