//! What the network says of an image that is not of the data set.

use super::outbox::Outbox;
use super::run::Run;
use crate::data::Split;
use crate::error::{Error, ErrorCode, Result};
use crate::learn::eval::{logits, probabilities};
use crate::protocol::{Bulk, Event};
use crate::prune::selection::Selection;

impl Run {
    pub(super) async fn classify(
        &mut self,
        selection: Selection,
        pixels: Vec<u8>,
        out: &mut Outbox,
    ) -> Result<()> {
        let expected = self.data.image_len();
        if pixels.len() != expected {
            return Err(Error::new(
                ErrorCode::BadCommand,
                format!(
                    "an image of {} bytes came; this data set has {} channels of {}x{}, {expected} bytes",
                    pixels.len(),
                    self.data.channels,
                    self.data.height,
                    self.data.width
                ),
            ));
        }
        // Somebody draws: training takes shorter slices, as while the slider moves.
        self.pace.answered();
        let image = Split {
            pixels,
            labels: vec![0],
        };
        let batch = [self.batcher.batch(&image, 0..1, &self.device)];
        let cut = self.cut(&selection)?;
        let mut values = logits(&self.trainer.model, &batch).await?;
        values.extend(logits(&cut.model, &batch).await?);
        out.with(
            Event::Classified { selection },
            Bulk {
                probabilities: Some(probabilities(&values, self.graph().classes())),
                ..Default::default()
            },
        );
        Ok(())
    }
}
