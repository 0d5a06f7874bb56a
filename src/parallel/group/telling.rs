//! What is known of the speed of a group, and told of what it does.

use super::Group;
use super::alone::ms_since;
use super::member::Assigned;
use crate::parallel::choice::Choice;
use crate::parallel::plan::Plan;
use crate::parallel::simulation::compute_ms;
use crate::parallel::workers::Workers;
use web_time::Instant;

impl Group {
    /// Notes a step by all workers, of so many milliseconds on the clock of the plan.
    pub(super) fn taken(&mut self, ms: f64) {
        let ledger = &mut self.ledger;
        if ledger.started && !self.plan.simulated() {
            (ledger.images, ledger.ms) = (0.0, 0.0);
        } else {
            ledger.trained(self.course.batch() as f64, ms);
        }
        self.untold = true;
        self.note(ms);
    }

    /// Notes a step that the session has taken alone, in so many milliseconds.
    pub fn note_own(&mut self, ms: f64) {
        self.note(self.on_clock(ms));
    }

    fn note(&mut self, ms: f64) {
        let images = self.course.batch() as f64;
        if let Some(choice) = &mut self.choice
            && choice.note(images, ms)
        {
            if let Some(&(1, speed)) = choice.tried().first() {
                self.alone = speed;
            }
            self.resize();
        }
    }

    /// Whether the speed of one worker alone is still to be measured.
    pub fn wants_alone(&self) -> bool {
        self.alone == 0.0 && !self.members.is_empty()
    }

    /// Notes the speed of one worker alone: `ms` for a step.
    pub fn note_alone(&mut self, ms: f64) {
        self.alone = self.course.batch() as f64 / self.on_clock(ms).max(1e-6) * 1e3;
        self.peers.resize(self.members.len());
    }

    /// Milliseconds of one worker alone for a step, on the clock of the plan: here it takes `ms`.
    fn on_clock(&self, ms: f64) -> f64 {
        let macs = self.course.macs(self.course.batch());
        match self.plan.simulated() {
            true => compute_ms(&Plan::default(), 0, (0, 1), 0, macs),
            false => ms,
        }
    }

    /// What there is to tell, a few times a second while training goes on; `at_rest`, all that is not told yet.
    pub fn tell(&mut self, at_rest: bool) -> Option<Workers> {
        let due = self
            .told
            .is_none_or(|told| at_rest || told.elapsed().as_millis() > 200);
        if self.members.is_empty() || !due || !self.untold || self.ledger.step_bytes == 0 {
            return None;
        }
        self.untold = false;
        self.told = Some(Instant::now());
        let ledger = &self.ledger;
        let images_per_second = ledger.images / ledger.ms.max(1e-6) * 1e3;
        // There and back, 4 bytes a number, for each of the workers that take part in a step.
        let ways = if self.plan.asynchronous {
            2
        } else {
            2 * self.members.len()
        };
        Some(Workers {
            asynchronous: self.plan.asynchronous,
            simulated: self.plan.simulated(),
            lanes: ledger.lanes.clone(),
            now: self.now(),
            staleness: ledger.staleness.clone(),
            step_bytes: ledger.step_bytes as f64,
            dense_step_bytes: (ways * self.course.graph.learnt() * 4) as f64,
            bytes: ledger.bytes,
            images_per_second,
            alone: self.alone,
            tried: self
                .choice
                .iter()
                .flat_map(Choice::tried)
                .map(|&(n, speed)| (n as u32, speed))
                .collect(),
            lost: ledger.lost,
        })
    }

    pub(super) fn now(&self) -> f64 {
        match self.plan.simulated() {
            true => self.clock,
            false => ms_since(self.started),
        }
    }

    /// Notes when `w` did what.
    pub(super) fn record(&mut self, w: usize, assigned: &Assigned) {
        let now = self.now().max(assigned.arrival);
        let Assigned {
            from,
            arrival,
            compute,
            ..
        } = *assigned;
        self.ledger.worked(w, from, compute, arrival, now);
    }
}
