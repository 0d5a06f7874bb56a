//! Training in slices: long enough to be efficient, short enough to be interrupted.

use super::Outbox;
use super::run::Run;
use crate::error::{Error, ErrorCode, Result};
use crate::protocol::{Activity, Bulk, Event};
use crate::train::{Objective, read};
use web_time::{Duration, Instant};

/// A slice of training while nobody moves the slider, and while somebody does.
const SLICE: Duration = Duration::from_millis(60);
const SLICE_WHILE_PREVIEWING: Duration = Duration::from_millis(15);
/// Reports take at most about a tenth of the time, and come at most this often.
const REPORT_EVERY: Duration = Duration::from_millis(500);
const SAVE_EVERY: Duration = Duration::from_secs(10);

/// What is known of the speed of this device, and when things were last done.
#[derive(Default)]
pub(super) struct Pace {
    step: Option<Duration>,
    report_cost: Duration,
    previewed: Option<Instant>,
    reported: Option<Instant>,
    saved: Option<Instant>,
}

impl Pace {
    pub(super) fn previewed(&mut self) {
        self.previewed = Some(Instant::now());
    }

    /// How many steps make a slice; the first is a single one, to learn what it takes.
    fn steps(&self) -> u32 {
        let previewing = self
            .previewed
            .is_some_and(|at| at.elapsed() < Duration::from_secs(1));
        let slice = if previewing {
            SLICE_WHILE_PREVIEWING
        } else {
            SLICE
        };
        self.step.map_or(1, |step| {
            (slice.as_secs_f64() / step.as_secs_f64().max(1e-6)).clamp(1.0, 256.0) as u32
        })
    }

    fn took(&mut self, steps: u32, time: Duration) {
        let now = time / steps.max(1);
        self.step = Some(self.step.map_or(now, |before| (before * 3 + now) / 4));
    }

    fn report_due(&self) -> bool {
        let every = REPORT_EVERY.max(self.report_cost * 9);
        self.reported.is_none_or(|at| at.elapsed() >= every)
    }

    fn save_due(&self) -> bool {
        self.saved.is_none_or(|at| at.elapsed() >= SAVE_EVERY)
    }
}

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
            self.pace.report_cost = start.elapsed();
            self.pace.reported = Some(Instant::now());
        }
        if self.pace.save_due() {
            self.save(out).await?;
            self.pace.saved = Some(Instant::now());
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
                Some(sum) => sum + loss,
            });
        }
        let Some(sum) = sum else { return Ok(()) };
        let sum = read(vec![sum])
            .await?
            .concat()
            .first()
            .copied()
            .unwrap_or(f32::NAN);
        self.pace.took(steps, start.elapsed());
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
