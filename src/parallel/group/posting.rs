//! Tasks on their way to workers.

use super::Group;
use super::member::{Assigned, Course};
use crate::error::Result;
use crate::files::checkpoint;
use crate::learn::objective::Objective;
use crate::learn::schedule::Phase;
use crate::learn::train::Trainer;
use crate::parallel::payload::{self, Packing};
use crate::parallel::replica::teacher_bytes;
use crate::parallel::simulation::{compute_ms, link_ms};
use crate::parallel::wire::{Part, Task, order};

impl Group {
    /// Gives a worker that is idle something to do.
    pub(super) fn assign(
        &mut self,
        w: usize,
        share: usize,
        step: u32,
        (from, to): (usize, usize),
        parameters: Option<Vec<u8>>,
    ) {
        self.tasks = self.tasks.wrapping_add(1);
        let len = self.packing.as_ref().map_or(0, Packing::len);
        let largest = match self.plan.gradient_share < 1.0 {
            true => payload::count_of(self.plan.gradient_share, len) as u32,
            false => 0,
        };
        self.members[w].assigned = Some(Assigned {
            task: Task {
                id: self.tasks,
                step,
                from: from as u32,
                to: to as u32,
                largest,
            },
            share,
            version: self.version,
            cancelled: false,
            posted: false,
            parameters,
            bytes: 0,
            from: 0.0,
            arrival: 0.0,
            compute: 0.0,
            answer: None,
        });
    }

    /// Sends a worker its task, and before it all that it lacks. `state` is that of `trainer`, once anybody has needed it.
    pub(super) async fn post(
        &mut self,
        w: usize,
        trainer: &Trainer,
        objective: &Objective<'_>,
        state: &mut Option<Vec<u8>>,
    ) -> Result<()> {
        let mut setting_up = Vec::new();
        if !self.members[w].taught {
            setting_up = order(&[Part::Coursework(&self.course.coursework())]);
        }
        let mut behind = false;
        match self.members[w].at.filter(|_| self.members[w].taught) {
            Some(at) if at == self.version || self.plan.asynchronous => {}
            Some(at) if at + 1 == self.version && self.update.is_some() => behind = true,
            _ => {
                if state.is_none() {
                    *state = Some(self.state_of(trainer, objective).await?);
                }
                setting_up.extend_from_slice(state.as_deref().unwrap_or_default());
            }
        }
        let now = self.now();
        let workers = self.members.len();
        let Self {
            members,
            peers,
            version,
            plan,
            course,
            packing,
            ledger,
            update,
            ..
        } = self;
        let member = &mut members[w];
        let Some(assigned) = &mut member.assigned else {
            return Ok(());
        };
        let update = update.as_deref().map(Part::Update);
        // Of one that is given the state instead.
        let spared = update.map_or(0, |update| order(&[update]).len());
        let update = update.filter(|_| behind);
        let parameters = assigned.parameters.as_deref().map(Part::Parameters);
        let parts = [update, parameters, Some(Part::Task(assigned.task))];
        let mut message = order(&parts.into_iter().flatten().collect::<Vec<_>>());
        let there = message.len();
        let len = packing.as_ref().map_or(0, Packing::len);
        let back = 12
            + 4
            + match assigned.task.largest as usize {
                0 => 4 * len,
                count => 8 * count.min(len),
            };
        // Nothing is later, or shorter on its way, than where no worker is lost.
        if assigned.bytes == 0 {
            let macs = course.macs((assigned.task.to - assigned.task.from) as usize);
            let (seed, worker) = (course.config.seed, (w, workers));
            assigned.compute = compute_ms(plan, seed, worker, assigned.task.step, macs);
            assigned.from = now;
            let planned = there + if behind { 0 } else { spared };
            assigned.arrival =
                now + link_ms(plan, planned) + assigned.compute + link_ms(plan, back);
        }
        assigned.bytes = there + back;
        ledger.setup(setting_up.len());
        assigned.posted = true;
        member.taught = true;
        member.at = Some(*version);
        if !setting_up.is_empty() {
            message = [setting_up, message].concat();
        }
        peers.post(w, message);
        Ok(())
    }

    /// What brings a replica to where `trainer` stands.
    async fn state_of(&self, trainer: &Trainer, objective: &Objective<'_>) -> Result<Vec<u8>> {
        let Course { config, graph, .. } = &self.course;
        let state = checkpoint::to_bytes(&trainer.state().await?, config, graph)?;
        let mut parts = order(&[Part::State(&state)]);
        if trainer.phase() == Phase::FineTuning {
            parts.extend(order(&[Part::FineTuning]));
        }
        if let Objective::Teacher(teacher, how) = objective {
            let teacher = teacher_bytes(teacher, how).await?;
            parts.extend(order(&[Part::Teacher(&teacher)]));
        }
        Ok(parts)
    }
}
