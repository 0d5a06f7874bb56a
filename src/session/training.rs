//! Training in slices, with a look at the network now and then: an evaluation, a ranking, a curve, a checkpoint.

use super::jobs::curve::Curve;
use super::jobs::scoring::Score;
use super::look::Ranked;
use super::outbox::Outbox;
use super::queue::Kind;
use super::run::Run;
use super::work::Lesson;
use crate::error::{Error, ErrorCode, Result};
use crate::learn::objective::Objective;
use crate::ops::transfer::read;
use crate::parallel::group::{Group, Stepped, measure_alone};
use crate::protocol::{Bulk, Event};
use std::rc::Rc;
use web_time::Instant;

impl Run {
    /// As many steps as fit a slice, or a slice of looking at the network; whether the training has come to its end.
    pub(super) async fn train_slice(&mut self, lesson: &Lesson, out: &mut Outbox) -> Result<bool> {
        if self.look_on(out).await? {
            return Ok(false);
        }
        let steps = self.pace.steps().min(self.work.left().unwrap_or(u32::MAX));
        if steps > 0 && self.train(steps, lesson, out).await? == 0 {
            return Ok(false);
        }
        if self.work.left() == Some(0) {
            return Ok(true);
        }
        if self.pace.report_due() {
            let start = Instant::now();
            self.evaluated(out).await?;
            if !self.jobs.has(Kind::Score) {
                self.jobs.add(Score::of(out.command()), out);
                // What scores in no time is there with the evaluation.
                self.slice_of(Kind::Score, out).await?;
            }
            let workers = self.group.as_ref().is_some_and(Group::active);
            self.pace.reported(start.elapsed(), workers);
        }
        if self.pace.save_due() {
            self.save(out).await?;
            self.pace.saved();
        }
        Ok(false)
    }

    /// A slice of ranking or of the living curve, where there is something to be measured and training has earned the time
    /// for it; whether there was.
    async fn look_on(&mut self, out: &mut Outbox) -> Result<bool> {
        if !self.pace.may_look() {
            return Ok(false);
        }
        let command = out.command();
        if !self.jobs.has(Kind::Score) && !self.jobs.has(Kind::Curve) {
            let sketched = self.sketched;
            let new = |ranked: &Rc<Ranked>| sketched != Some(ranked.look.revision);
            match self.ranked.clone().filter(new) {
                Some(ranked) => self.jobs.add(Curve::live(command, ranked, &self.test), out),
                None => return Ok(false),
            }
        }
        let start = Instant::now();
        // A curve under way is not kept waiting by the next ranking, but a person by neither.
        let kind = match self.jobs.has(Kind::Curve) && !self.jobs.awaits(Kind::Score) {
            true => Kind::Curve,
            false => Kind::Score,
        };
        self.slice_of(kind, out).await?;
        self.pace.looked(start.elapsed());
        out.by(command);
        Ok(true)
    }

    /// Tells the state as it is.
    pub(super) async fn save(&mut self, out: &mut Outbox) -> Result<()> {
        let checkpoint = Some(self.checkpoint().await?);
        let event = Event::Saved {
            step: self.trainer.step,
        };
        out.with(
            event,
            Bulk {
                checkpoint,
                ..Default::default()
            },
        );
        Ok(())
    }

    /// One step, however long workers take for it.
    pub(super) async fn train_once(&mut self, lesson: &Lesson, out: &mut Outbox) -> Result<()> {
        while self.train(1, lesson, out).await? == 0 {}
        Ok(())
    }

    /// At most `steps` steps, by all workers there are, until one has to wait for them; how many.
    async fn train(&mut self, steps: u32, lesson: &Lesson, out: &mut Outbox) -> Result<u32> {
        let start = Instant::now();
        let phase = self.work.phase(self.masked());
        if self.trainer.phase() != phase {
            self.trainer.enter(phase);
            self.forget_replicas();
        }
        let mut group = self.group.take();
        let done = self
            .steps(steps, group.as_mut(), &lesson.objective(), out)
            .await;
        self.group = group;
        let (steps, sum) = done?;
        let took = self.pace.waited(start.elapsed());
        if steps == 0 {
            return Ok(0);
        }
        self.pace.trained(steps, took);
        self.work.trained(steps);
        self.trained(out);
        let loss = sum / steps as f32;
        if !loss.is_finite() {
            self.unmeasurable = Some(self.revision);
            return Err(Error::new(
                ErrorCode::Diverged,
                format!(
                    "the loss is {loss} after step {}: training has diverged; go back to an earlier \
                     point or lower the learning rate",
                    self.trainer.step
                ),
            ));
        }
        let images = f64::from(steps) * self.batch_len() as f64;
        out.event(Event::Trained {
            step: self.trainer.step,
            epoch: self.epoch(),
            loss,
            images_per_second: images / took.as_secs_f64().max(1e-9),
            remaining: self.work.left(),
        });
        Ok(steps)
    }

    /// How many of `steps` steps were taken, and the sum of their losses: those of the session's own are read at once. Added
    /// up here, since on a GPU each sum would be a dispatch, and a kernel more to compile.
    async fn steps(
        &mut self,
        steps: u32,
        mut group: Option<&mut Group>,
        objective: &Objective<'_>,
        out: &mut Outbox,
    ) -> Result<(u32, f32)> {
        let (mut own, mut sum) = (Vec::new(), 0.0);
        let mut taken = 0;
        while taken < steps {
            let start = Instant::now();
            let stepped = match &mut group {
                Some(group) => self.together(group, objective, out).await?,
                None => Stepped::Alone,
            };
            match stepped {
                Stepped::Waiting => break,
                Stepped::Taken(loss) => sum += loss,
                Stepped::Alone => {
                    let batch = self.batch_of(self.trainer.step);
                    own.push(self.trainer.step(&batch, objective));
                    if let Some(group) = &mut group {
                        group.note_own(start.elapsed().as_secs_f64() * 1e3);
                    }
                }
            }
            taken += 1;
        }
        if !own.is_empty() {
            sum += read(own).await?.concat().iter().sum::<f32>();
        }
        Ok((taken, sum))
    }

    /// A step by the workers of `group`, as far as it gets; tells what has become of them.
    async fn together(
        &mut self,
        group: &mut Group,
        objective: &Objective<'_>,
        out: &mut Outbox,
    ) -> Result<Stepped> {
        if group.wants_alone() {
            let batch = self.batch_of(self.trainer.step);
            let ms = match group.plan().simulated() {
                true => 0.0,
                false => measure_alone(&self.trainer, &batch, objective).await?,
            };
            group.note_alone(ms);
        }
        let stepped = group.step(&mut self.trainer, objective).await;
        for (worker, reason) in group.losses() {
            out.event(Event::WorkerLost {
                worker: worker as u32,
                reason,
            });
        }
        if let Some(workers) = group.tell(false) {
            out.event(Event::Workers(workers));
        }
        stepped
    }
}
