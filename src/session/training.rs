//! Training in slices, with a report and a checkpoint now and then.

use super::Outbox;
use super::run::Run;
use crate::error::{Error, ErrorCode, Result};
use crate::learn::objective::Objective;
use crate::ops::transfer::read;
use crate::parallel::group::{Group, measure_alone};
use crate::protocol::{Activity, Bulk, Event};
use web_time::Instant;

impl Run {
    /// As many steps as fit a slice; now and then a report and a checkpoint.
    pub(super) async fn train_slice(&mut self, out: &mut Outbox) -> Result<()> {
        let steps = self.pace.steps().min(self.remaining.unwrap_or(u32::MAX));
        self.train(steps, out).await?;
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

    /// Exactly `steps` steps, by all workers there are.
    pub(super) async fn train(&mut self, steps: u32, out: &mut Outbox) -> Result<()> {
        let start = Instant::now();
        let mut group = self.group.take();
        let sum = self.steps(steps, group.as_mut(), out).await;
        self.group = group;
        let sum = sum?;
        if steps == 0 {
            return Ok(());
        }
        self.pace.trained(steps, start.elapsed());
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
            images_per_second: images / start.elapsed().as_secs_f64().max(1e-9),
            remaining: self.remaining,
        });
        Ok(())
    }

    /// The sum of the losses of `steps` steps: those of the session's own are read at once. Added up here, since on a GPU each
    /// sum would be a dispatch, and a kernel more to compile.
    async fn steps(
        &mut self,
        steps: u32,
        mut group: Option<&mut Group>,
        out: &mut Outbox,
    ) -> Result<f32> {
        let (mut own, mut sum) = (Vec::new(), 0.0);
        let teacher = self.distil.zip(self.teacher.clone());
        let objective = match &teacher {
            None => Objective::Labels,
            Some((how, teacher)) => Objective::Teacher(teacher, how),
        };
        for _ in 0..steps {
            let start = Instant::now();
            let together = match &mut group {
                Some(group) => self.together(group, &objective, out).await?,
                None => None,
            };
            if let Some(loss) = together {
                sum += loss;
            } else {
                let batch = self.batch_of(self.trainer.step);
                own.push(self.trainer.step(&batch, &objective));
            }
            if let Some(group) = &mut group {
                group.note(start.elapsed().as_secs_f64() * 1e3);
            }
        }
        if !own.is_empty() {
            sum += read(own).await?.concat().iter().sum::<f32>();
        }
        Ok(sum)
    }

    /// One step by the workers of `group`, if it has any; tells what has become of them.
    async fn together(
        &mut self,
        group: &mut Group,
        objective: &Objective<'_>,
        out: &mut Outbox,
    ) -> Result<Option<f32>> {
        if group.wants_alone() {
            let batch = self.batch_of(self.trainer.step);
            let ms = match group.plan().simulated() {
                true => 0.0,
                false => measure_alone(&self.trainer, &batch, objective).await?,
            };
            group.note_alone(ms);
        }
        let loss = group.step(&mut self.trainer, objective).await;
        for (worker, reason) in group.losses() {
            out.event(Event::WorkerLost {
                worker: worker as u32,
                reason,
            });
        }
        if let Some(workers) = group.tell() {
            out.event(Event::Workers(workers));
        }
        loss
    }
}
