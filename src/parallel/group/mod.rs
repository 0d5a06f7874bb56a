//! The side of the session: who computes what, and what comes of it. Workers may end, hang or go astray at any time.

mod alone;
mod asynchronous;
mod hearing;
mod member;
mod posting;
mod shares;
mod synchronous;
mod telling;

use super::choice::Choice;
use super::ledger::Ledger;
use super::payload::Packing;
use super::peers::{Loss, Peers};
use super::plan::{MOST_WORKERS, Plan};
use super::staleness::Version;
use crate::error::Result;
use crate::learn::objective::Objective;
use crate::learn::train::Trainer;
pub use alone::measure_alone;
use alone::ms_since;
pub use member::Course;
use member::{Assigned, Health, Heard, Member};
use shares::Shares;
use std::rc::Rc;
use web_time::Instant;

/// Workers that train one network.
pub struct Group {
    peers: Rc<dyn Peers>,
    plan: Plan,
    course: Course,
    choice: Option<Choice>,
    members: Vec<Member>,
    /// None where the trainer is no longer what the replicas were told.
    packing: Option<Packing>,
    version: Version,
    /// Leads from the version before to this one.
    update: Option<Vec<u8>>,
    tasks: u32,
    answers: u32,
    /// The batch that is next, and those that nobody got to.
    next_batch: u32,
    returned: Vec<u32>,
    /// Step and share whose gradients were not finite: once may be a worker's fault.
    suspect: Option<(u32, usize)>,
    started: Instant,
    clock: f64,
    alone: f64,
    ledger: Ledger,
    lost: Vec<(usize, Loss)>,
    told: Option<Instant>,
    /// Steps were taken since.
    untold: bool,
    /// The step under way, where all workers take it together, and the milliseconds spent on it.
    shares: Option<Shares>,
    spent: f64,
}

/// What has come of asking for a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stepped {
    /// There are no workers to take it.
    Alone,
    /// Nothing more can be done until a worker is heard.
    Waiting,
    /// It is taken, with this loss.
    Taken(f32),
}

impl Group {
    pub fn new(peers: Rc<dyn Peers>, plan: Plan, course: Course) -> Self {
        let mut group = Self {
            peers,
            plan: Plan::default(),
            course,
            choice: None,
            members: Vec::new(),
            packing: None,
            version: 0,
            update: None,
            tasks: 0,
            answers: 0,
            next_batch: 0,
            returned: Vec::new(),
            suspect: None,
            started: Instant::now(),
            clock: 0.0,
            alone: 0.0,
            ledger: Ledger::default(),
            lost: Vec::new(),
            told: None,
            untold: false,
            shares: None,
            spent: 0.0,
        };
        group.set(plan);
        group
    }

    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Follows another plan from the next step on.
    pub fn set(&mut self, plan: Plan) {
        let most = self.peers.most().min(MOST_WORKERS as usize);
        self.choice = (plan.workers == 0).then(|| Choice::new(most));
        if self.plan.simulated() != plan.simulated() {
            self.alone = 0.0;
        }
        self.plan = plan;
        self.resize();
    }

    /// Trains another network, or on other images.
    pub fn teach(&mut self, course: Course) {
        self.course = course;
        self.alone = 0.0;
        for member in &mut self.members {
            member.taught = false;
        }
        self.set(self.plan.clone());
    }

    /// The trainer is not what the replicas were told any more.
    pub fn forget(&mut self) {
        self.packing = None;
    }

    /// How many workers train; 1 is the session alone.
    pub fn workers(&self) -> usize {
        match &self.choice {
            Some(choice) => choice.workers(),
            None => self.plan.workers as usize,
        }
    }

    /// Whether more than the session trains.
    pub fn active(&self) -> bool {
        !self.members.is_empty()
    }

    fn resize(&mut self) {
        let workers = match self.workers() {
            1 => 0,
            more => more,
        };
        // While workers start, one alone can't be measured.
        if self.alone > 0.0 || !self.members.is_empty() {
            self.peers.resize(workers);
        }
        self.members.truncate(workers);
        self.members.resize_with(workers, Member::new);
        for (w, member) in self.members.iter_mut().enumerate() {
            // Another plan, another chance.
            if member.health == Health::Failed {
                *member = Member::new();
                self.peers.replace(w);
            }
        }
        self.ledger.begin(workers);
        self.forget();
    }

    /// Workers that were given up since this was last asked.
    pub fn losses(&mut self) -> Vec<(usize, Loss)> {
        std::mem::take(&mut self.lost)
    }

    /// A training step of `trainer` by all workers, as far as it gets in a moment: one that waits for workers goes on
    /// with the next call.
    ///
    /// # Errors
    /// The device failed, or the training has diverged.
    pub async fn step(
        &mut self,
        trainer: &mut Trainer,
        objective: &Objective<'_>,
    ) -> Result<Stepped> {
        if self.members.is_empty() {
            return Ok(Stepped::Alone);
        }
        if self.packing.is_none() {
            self.restart(trainer);
        }
        let (start, clock) = (Instant::now(), self.clock);
        let stepped = match self.plan.asynchronous {
            false => self.synchronous(trainer, objective, start).await?,
            true => self.asynchronous(trainer, objective, start).await?,
        };
        self.spent += ms_since(start);
        if let Stepped::Taken(_) = stepped {
            let spent = std::mem::take(&mut self.spent);
            self.taken(match self.plan.simulated() {
                true => self.clock - clock,
                false => spent,
            });
        }
        Ok(stepped)
    }

    /// Replicas are to stand where the trainer stands.
    fn restart(&mut self, trainer: &Trainer) {
        self.packing = Some(Packing::new(&trainer.graph, trainer.mask()));
        self.update = None;
        self.shares = None;
        self.spent = 0.0;
        self.version += 1;
        self.next_batch = trainer.step;
        self.returned.clear();
        self.suspect = None;
        self.ledger.step_bytes = 0;
        for member in &mut self.members {
            member.at = None;
            member.idle_since = 0;
            match &mut member.assigned {
                // One that has been heard already is not heard again.
                Some(assigned) if assigned.posted && assigned.answer.is_none() => {
                    assigned.cancelled = true;
                }
                other => *other = None,
            }
        }
    }

    /// Takes what a worker has finished.
    fn finished(&mut self, w: usize) -> Option<(Assigned, Heard)> {
        let slot = &mut self.members[w].assigned;
        let heard = slot.as_mut()?.answer.take()?;
        let assigned = slot.take()?;
        self.members[w].idle_since = self.version;
        Some((assigned, heard))
    }
}
