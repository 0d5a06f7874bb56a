//! Training in slices, with a report and a checkpoint now and then.

use super::Outbox;
use super::run::Run;
use crate::error::{Error, ErrorCode, Result};
use crate::float;
use crate::protocol::{Activity, Bulk, Event};
use crate::train::{Objective, read};
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
            self.pace.reported(start.elapsed());
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

    /// Exactly `steps` steps, one read of their mean loss.
    pub(super) async fn train(&mut self, steps: u32, out: &mut Outbox) -> Result<()> {
        let start = Instant::now();
        let mut sum = None;
        let teacher = self.distil.zip(self.teacher.clone());
        let objective = match &teacher {
            None => Objective::Labels,
            Some((how, teacher)) => Objective::Teacher(teacher, how),
        };
        for _ in 0..steps {
            let batch = self.batch_of(self.trainer.step);
            let loss = self.trainer.step(&batch, &objective);
            sum = Some(match sum {
                None => loss,
                Some(sum) => float::add(sum, loss),
            });
        }
        let Some(sum) = sum else { return Ok(()) };
        let sum = read(vec![sum])
            .await?
            .concat()
            .first()
            .copied()
            .unwrap_or(f32::NAN);
        self.pace.trained(steps, start.elapsed());
        self.changed();
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
}
