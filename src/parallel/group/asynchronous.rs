//! A parameter server: each gradient is applied when it comes, unless another would become too stale by it.

use super::member::{Assigned, Health, Member};
use super::{Group, Stepped};
use crate::error::Result;
use crate::learn::objective::Objective;
use crate::learn::train::Trainer;
use crate::parallel::payload::{self, Packing};
use crate::parallel::staleness::{Version, admits, applicable};
use web_time::Instant;

impl Group {
    /// One update, by whichever worker is first.
    pub(super) async fn asynchronous(
        &mut self,
        trainer: &mut Trainer,
        objective: &Objective<'_>,
        start: Instant,
    ) -> Result<Stepped> {
        let mut state = None;
        loop {
            // On the simulated clock, nobody is late because a worker takes its time here.
            let late = self.plan.simulated() && self.members.iter().any(Member::late);
            for w in self.longest_idle_first() {
                if self.members[w].idle()
                    && !late
                    && admits(&self.under_way().0, self.version, self.plan.staleness)
                {
                    let batch = self.returned.pop().unwrap_or_else(|| {
                        self.next_batch += 1;
                        self.next_batch - 1
                    });
                    let packing = self
                        .packing
                        .get_or_insert_with(|| Packing::new(&trainer.graph, trainer.mask()));
                    let parameters = payload::dense(&packing.pack(&trainer.parameters().await?));
                    self.assign(w, 0, batch, (0, self.course.batch()), Some(parameters));
                }
                // After a loss, another worker has what the one before had to do.
                if self.members[w].health == Health::Ready
                    && self.members[w].assigned.as_ref().is_some_and(|a| !a.posted)
                {
                    self.post(w, trainer, objective, &mut state).await?;
                }
            }
            if let Some(w) = self.next_to_apply()
                && let Some((assigned, heard)) = self.finished(w)
            {
                let staleness = self.version - assigned.version;
                if self.plan.simulated() {
                    self.clock = self.clock.max(assigned.arrival);
                }
                self.record(w, &assigned);
                let staleness = staleness as u32;
                self.ledger.applied(w, trainer.step + 1, staleness);
                self.ledger.late(staleness);
                self.ledger.sent(assigned.bytes);
                if let Some(packing) = &self.packing {
                    trainer.descend(&packing.unpack(&heard.gradients));
                }
                self.version += 1;
                return Ok(Stepped::Taken(heard.loss));
            }
            if self.members.iter().all(|m| m.health == Health::Failed) {
                return Ok(Stepped::Alone);
            }
            if !self.hear(start).await? {
                return Ok(Stepped::Waiting);
            }
        }
    }

    /// Fast workers are not to keep a slow one from ever getting its turn.
    fn longest_idle_first(&self) -> Vec<usize> {
        let mut all: Vec<usize> = Vec::with_capacity(self.members.len());
        for (w, member) in self.members.iter().enumerate() {
            let earlier = |&other: &usize| self.members[other].idle_since <= member.idle_since;
            let place = all.iter().position(|other| !earlier(other));
            all.insert(place.unwrap_or(all.len()), w);
        }
        all
    }

    /// Versions of the gradients under way, in the order of their pulls, and whose they are.
    fn under_way(&self) -> (Vec<Version>, Vec<usize>) {
        let (mut versions, mut workers) = (Vec::new(), Vec::new());
        let order = |assigned: &Assigned| (assigned.version, assigned.task.id);
        let mut last = None;
        // There are a few: a sort would be more code than they are worth.
        while let Some((next, w)) = (0..self.members.len())
            .filter_map(|w| Some((self.members[w].assigned.as_ref()?, w)))
            .filter(|(assigned, _)| !assigned.cancelled && last < Some(order(assigned)))
            .reduce(|a, b| if order(b.0) < order(a.0) { b } else { a })
        {
            last = Some(order(next));
            versions.push(next.version);
            workers.push(w);
        }
        (versions, workers)
    }

    /// The worker whose gradient is applied next, once it is there.
    fn next_to_apply(&self) -> Option<usize> {
        let (versions, workers) = self.under_way();
        let can = |&i: &usize| applicable(&versions, i, self.version, self.plan.staleness);
        let all = (0..workers.len()).filter(can).filter_map(|i| {
            let assigned = self.members[workers[i]].assigned.as_ref()?;
            Some((workers[i], assigned))
        });
        match self.plan.simulated() {
            true => {
                let (w, assigned) =
                    all.reduce(|a, b| if b.1.arrival < a.1.arrival { b } else { a })?;
                assigned.answer.as_ref().map(|_| w)
            }
            false => {
                let there =
                    all.filter_map(|(w, assigned)| Some((assigned.answer.as_ref()?.order, w)));
                there.min().map(|(_, w)| w)
            }
        }
    }
}
