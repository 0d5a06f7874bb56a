//! Training in slices, with a report and a checkpoint now and then.

use super::Outbox;
use super::run::Run;
use crate::error::{Error, ErrorCode, Result};
use crate::parallel::group::{Group, Stepped, measure_alone};
use crate::protocol::{Activity, Bulk, Event};
use crate::train::{Objective, read};
use web_time::Instant;

impl Run {
    /// As many steps as fit a slice; now and then a report and a checkpoint.
    pub(super) async fn train_slice(&mut self, out: &mut Outbox) -> Result<()> {
        let steps = self.pace.steps().min(self.remaining.unwrap_or(u32::MAX));
        if steps > 0 && self.train(steps, out).await? == 0 {
            return Ok(());
        }
        if self.remaining == Some(0) {
            if !self.follows() {
                return self.finish(out).await;
            }
            // A recipe goes on with its next action.
            self.activity = Activity::Idle;
            return self.measured_point(out).await;
        }
        if self.pace.report_due() {
            let start = Instant::now();
            self.report(out).await?;
            let workers = self.group.as_ref().is_some_and(Group::active);
            self.pace.reported(start.elapsed(), workers);
        }
        if self.pace.save_due() {
            self.save(out).await?;
            self.pace.saved();
        }
        Ok(())
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
    pub(super) async fn train_once(&mut self, out: &mut Outbox) -> Result<()> {
        while self.train(1, out).await? == 0 {}
        Ok(())
    }

    /// At most `steps` steps, by all workers there are, until one has to wait for them; how many.
    async fn train(&mut self, steps: u32, out: &mut Outbox) -> Result<u32> {
        let start = Instant::now();
        let mut group = self.group.take();
        let done = self.steps(steps, group.as_mut(), out).await;
        self.group = group;
        let (steps, sum) = done?;
        let took = self.pace.waited(start.elapsed());
        if steps == 0 {
            return Ok(0);
        }
        self.pace.trained(steps, took);
        self.trained();
        self.remaining = self.remaining.map(|r| r.saturating_sub(steps));
        let loss = sum / steps as f32;
        if !loss.is_finite() {
            return Err(Error::new(
                ErrorCode::Diverged,
                format!(
                    "the loss is {loss} after step {}: training has diverged; go back to an earlier \
                     point or lower the learning rate",
                    self.trainer.step
                ),
            ));
        }
        let images = f64::from(steps * self.config.batch);
        out.event(Event::Trained {
            step: self.trainer.step,
            epoch: self.epoch(),
            loss,
            images_per_second: images / took.as_secs_f64().max(1e-9),
            remaining: self.remaining,
        });
        Ok(steps)
    }

    /// How many of `steps` steps were taken, and the sum of their losses: those of the session's own are read at once. Added
    /// up here, since on a GPU each sum would be a dispatch, and a kernel more to compile.
    async fn steps(
        &mut self,
        steps: u32,
        mut group: Option<&mut Group>,
        out: &mut Outbox,
    ) -> Result<(u32, f32)> {
        let (mut own, mut sum) = (Vec::new(), 0.0);
        let mut taken = 0;
        let teacher = self.distil.zip(self.teacher.clone());
        let objective = match &teacher {
            None => Objective::Labels,
            Some((how, teacher)) => Objective::Teacher(teacher, how),
        };
        while taken < steps {
            let start = Instant::now();
            let stepped = match &mut group {
                Some(group) => self.together(group, &objective, out).await?,
                None => Stepped::Alone,
            };
            match stepped {
                Stepped::Waiting => break,
                Stepped::Taken(loss) => sum += loss,
                Stepped::Alone => {
                    let batch = self.batch_of(self.trainer.step);
                    own.push(self.trainer.step(&batch, &objective));
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
