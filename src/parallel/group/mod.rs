//! The side of the session: who computes what, and what comes of it. Workers may end, hang or go astray at any time.

mod asynchronous;
mod hearing;
mod member;
mod posting;
mod synchronous;

use super::choice::Choice;
use super::ledger::Ledger;
use super::payload::Packing;
use super::peers::{Loss, Peers};
use super::plan::{MOST_WORKERS, Plan};
use super::simulation::compute_ms;
use super::staleness::Version;
use crate::data::batch::Batch;
use crate::error::Result;
use crate::learn::objective::Objective;
use crate::learn::train::Trainer;
use crate::ops::transfer::read;
use crate::parallel::workers::Workers;
pub use member::Course;
use member::{Assigned, Health, Heard, Member};
use std::rc::Rc;
use web_time::Instant;

/// Milliseconds, on either clock, that the speed is the mean of.
const REMEMBERED: f64 = 3000.0;

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

    /// One training step of `trainer` by all workers; its loss, or None where there are none to do it.
    ///
    /// # Errors
    /// The device failed, or the training has diverged.
    pub async fn step(
        &mut self,
        trainer: &mut Trainer,
        objective: &Objective<'_>,
    ) -> Result<Option<f32>> {
        let start = Instant::now();
        let loss = match self.members.is_empty() {
            true => None,
            false => {
                if self.packing.is_none() {
                    self.restart(trainer);
                }
                match self.plan.asynchronous {
                    false => self.synchronous(trainer, objective).await?,
                    true => self.asynchronous(trainer, objective).await?,
                }
            }
        };
        let ms = start.elapsed().as_secs_f64() * 1e3;
        let ledger = &mut self.ledger;
        if ledger.step_bytes == 0 {
            // Workers have started in it.
            (ledger.images, ledger.ms) = (0.0, 0.0);
        } else if loss.is_some() {
            ledger.images += self.course.batch() as f64;
            if !self.plan.simulated() {
                ledger.ms += ms;
            }
        }
        Ok(loss)
    }

    /// Notes how long a step took, whoever did it.
    pub fn note(&mut self, ms: f64) {
        let images = self.course.batch() as f64;
        if let Some(choice) = &mut self.choice
            && choice.note(images, ms)
        {
            if let Some(&(1, speed)) = choice.tried().first()
                && !self.plan.simulated()
            {
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
        let ms = match self.plan.simulated() {
            true => compute_ms(
                &Plan::default(),
                0,
                (0, 1),
                0,
                self.course.macs(self.course.batch()),
            ),
            false => ms,
        };
        self.alone = self.course.batch() as f64 / ms.max(1e-6) * 1e3;
        self.peers.resize(self.members.len());
    }

    /// What there is to tell, a few times a second.
    pub fn tell(&mut self) -> Option<Workers> {
        let due = self
            .told
            .is_none_or(|told| told.elapsed().as_millis() > 200);
        if self.members.is_empty() || !due || self.ledger.step_bytes == 0 {
            return None;
        }
        self.told = Some(Instant::now());
        let ledger = &mut self.ledger;
        let images_per_second = ledger.images / ledger.ms.max(1e-6) * 1e3;
        // Of late, but not of the last moment: updates come in bursts.
        if ledger.ms > REMEMBERED {
            (ledger.images, ledger.ms) = (ledger.images / 2.0, ledger.ms / 2.0);
        }
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
            staleness: self.ledger.staleness.clone(),
            step_bytes: self.ledger.step_bytes as f64,
            dense_step_bytes: (ways * self.course.shape.parameters() * 4) as f64,
            bytes: self.ledger.bytes,
            images_per_second,
            alone: self.alone,
            tried: self
                .choice
                .iter()
                .flat_map(Choice::tried)
                .map(|&(n, speed)| (n as u32, speed))
                .collect(),
            lost: self.ledger.lost,
        })
    }

    fn now(&self) -> f64 {
        match self.plan.simulated() {
            true => self.clock,
            false => self.started.elapsed().as_secs_f64() * 1e3,
        }
    }

    /// Replicas are to stand where the trainer stands.
    fn restart(&mut self, trainer: &Trainer) {
        self.packing = Some(Packing::new(&trainer.config, trainer.mask()));
        self.update = None;
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

    /// Notes when `w` did what.
    fn record(&mut self, w: usize, assigned: &Assigned) {
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

/// Milliseconds that one worker alone takes for a step on a batch; nothing is changed.
///
/// # Errors
/// The device failed.
pub async fn measure_alone(
    trainer: &Trainer,
    batch: &Batch,
    objective: &Objective<'_>,
) -> Result<f64> {
    let mut copy = trainer.clone();
    let (begun, mut least) = (Instant::now(), f64::INFINITY);
    // A browser compiles what runs often once more, for speed: the first steps are slow.
    while begun.elapsed().as_millis() < 800 {
        let start = Instant::now();
        read(vec![copy.step(batch, objective)]).await?;
        least = least.min(start.elapsed().as_secs_f64() * 1e3);
    }
    Ok(least)
}
