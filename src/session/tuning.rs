//! Fine-tuning: against the labels, or against a teacher.

use super::Outbox;
use super::run::Run;
use crate::error::{Error, ErrorCode, Result};
use crate::files::checkpoint;
use crate::learn::distillation::Distillation;
use crate::learn::model::Cnn;
use crate::net::CnnConfig;
use crate::protocol::Activity;

impl Run {
    pub(super) fn fine_tune(
        &mut self,
        steps: u32,
        distil: Option<Distillation>,
        out: &mut Outbox,
    ) -> Result<()> {
        if let Some(distil) = distil {
            distil.validate()?;
            if self.teacher.is_none() {
                return Err(Error::new(
                    ErrorCode::BadCommand,
                    "there is no dense network to learn from: train one, then prune it",
                ));
            }
        }
        self.give_up(out);
        self.distil = distil;
        self.work(Activity::FineTuning, Some(steps.max(1)), out);
        Ok(())
    }

    /// Takes the network of a checkpoint, of whatever widths, as the teacher of distillation.
    ///
    /// # Errors
    /// The checkpoint is damaged or was made on another data set; the teacher is as before.
    pub(super) fn learn_from(&mut self, bytes: &[u8]) -> Result<()> {
        let made_with = checkpoint::config_of(bytes)?;
        if made_with.dataset != self.config.dataset {
            return Err(Error::new(
                ErrorCode::BadCheckpoint,
                format!(
                    "this teacher learnt {}, and can't teach a network that learns {}: train one on \
                     the same data",
                    made_with.dataset.name(),
                    self.config.dataset.name()
                ),
            ));
        }
        let shape = CnnConfig {
            widths: made_with.widths.map(|w| w as usize),
            ..self.shape().clone()
        };
        let state = checkpoint::from_bytes(bytes, &shape)?;
        self.teacher = Some(Cnn::new(&shape, &state.parameters, &self.device));
        Ok(())
    }
}
