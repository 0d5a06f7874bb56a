//! Measuring what a mask buys, while the session rests: a round at a time, so that commands are not kept waiting.

use super::Outbox;
use super::run::Run;
use crate::error::Result;
use crate::learn::model::{Cnn, model_parameters};
use crate::protocol::{Bulk, Event};
use crate::prune::selection::Selection;
use crate::shrink::meter::{Encoded, Meter, encodings};

/// Rounds that count; one more comes before them.
const ROUNDS: u32 = 15;
/// Multiply-accumulates of the images that are timed together, and the fewest images.
const MACS: usize = 300_000_000;
const FEWEST: usize = 16;

/// A measurement under way.
pub(super) struct Metering {
    request: u32,
    selection: Selection,
    meter: Meter,
    images: u32,
    remaining: u32,
    encoded: Vec<Encoded>,
    files: Vec<Vec<u8>>,
}

impl Run {
    /// Begins to measure what `selection` would buy; what was under way is given up.
    pub(super) async fn meter(&mut self, request: u32, selection: Selection) -> Result<()> {
        let mut state = self.trainer.state().await?;
        state.mask = self.cut(&selection)?.into_mask();
        let macs = self.shape().macs().iter().sum::<usize>().max(1);
        let images = (MACS / macs).clamp(FEWEST, 256).min(self.data.test.len());
        let batch = self.batcher.batch(&self.data.test, 0..images, &self.device);
        // What the first cut was made from. A teacher may have other widths, and an opened network none.
        let dense = match self.trainer.mask().contains(&0) {
            false => Some(self.trainer.model.clone()),
            true => self.teacher.clone().filter(|model| self.fits(model)),
        };
        let before = match &dense {
            Some(dense) => Some(model_parameters(dense).await?),
            None => None,
        };
        let dense = dense.unwrap_or_else(|| self.trainer.model.clone());
        let meter = Meter::new(self.shape(), dense, &state, batch, &self.device).await?;
        let (encoded, files) = encodings(self.shape(), before.as_ref(), &state)
            .into_iter()
            .unzip();
        self.metering = Some(Metering {
            request,
            selection,
            meter,
            images: images as u32,
            remaining: ROUNDS,
            encoded,
            files,
        });
        Ok(())
    }

    fn fits(&self, model: &Cnn) -> bool {
        let [first, second] = [&model.conv1.weight, &model.conv2.weight].map(|w| w.dims()[0]);
        [first, second] == self.shape().widths
    }

    /// The next round; tells what was measured with the last one.
    pub(super) async fn meter_round(&mut self, out: &mut Outbox) -> Result<()> {
        let Some(mut metering) = self.metering.take() else {
            return Ok(());
        };
        metering.meter.round().await?;
        if metering.remaining > 0 {
            metering.remaining -= 1;
            self.metering = Some(metering);
            return Ok(());
        }
        out.with(
            Event::Metered {
                request: metering.request,
                selection: metering.selection,
                images: metering.images,
                timings: metering.meter.timings(),
                encoded: metering.encoded,
            },
            Bulk {
                files: Some(metering.files),
                ..Default::default()
            },
        );
        Ok(())
    }
}
