//! Measuring what a mask buys, while the session rests: a round at a time, so that commands are not kept waiting.

use crate::error::Result;
use crate::protocol::{Bulk, Event};
use crate::prune::selection::Selection;
use crate::session::outbox::Outbox;
use crate::session::queue::{Job, Kind, Slice, cancelled};
use crate::session::run::Run;
use crate::shrink::meter::{Encoded, Meter, encodings};

/// Rounds that count; one more comes before them.
const ROUNDS: u32 = 15;
/// Multiply-accumulates of the images that are timed together, and the fewest images.
const MACS: usize = 300_000_000;
const FEWEST: usize = 16;

/// A measurement under way.
struct Metering {
    command: u32,
    /// The state of weights and masks that it is of.
    revision: u32,
    selection: Selection,
    meter: Meter,
    images: u32,
    remaining: u32,
    encoded: Vec<Encoded>,
    files: Vec<Vec<u8>>,
}

impl Job<Run> for Metering {
    fn kind(&self) -> Kind {
        Kind::Meter
    }

    fn command(&self) -> u32 {
        self.command
    }

    fn awaited(&self) -> bool {
        true
    }

    /// The next round; tells what was measured with the last one.
    fn slice<'a>(&'a mut self, run: &'a mut Run, out: &'a mut Outbox) -> Slice<'a> {
        Box::pin(async move {
            if self.revision != run.revision {
                return Err(cancelled());
            }
            self.meter.round().await?;
            if self.remaining > 0 {
                self.remaining -= 1;
                return Ok(false);
            }
            out.with(
                Event::Metered {
                    selection: self.selection.clone(),
                    images: self.images,
                    timings: self.meter.timings(),
                    encoded: std::mem::take(&mut self.encoded),
                },
                Bulk {
                    files: Some(std::mem::take(&mut self.files)),
                    ..Default::default()
                },
            );
            Ok(true)
        })
    }
}

impl Run {
    /// Begins to measure what `selection` would buy; what was under way is given up.
    pub(in crate::session) async fn meter(
        &mut self,
        selection: Selection,
        out: &mut Outbox,
    ) -> Result<()> {
        let mut state = self.trainer.state().await?;
        state.mask = self.cut(&selection)?.into_mask();
        let macs = self.graph().macs().iter().sum::<usize>().max(1);
        let images = (MACS / macs).clamp(FEWEST, 256).min(self.data.test.len());
        let batch = self.batcher.batch(&self.data.test, 0..images, &self.device);
        // What the first cut was made from; of an opened network there is none.
        let dense = match self.masked() {
            false => Some(self.trainer.model.clone()),
            true => self.dense.clone(),
        };
        let before = match &dense {
            Some(dense) => Some(dense.parameters().await?),
            None => None,
        };
        let dense = dense.unwrap_or_else(|| self.trainer.model.clone());
        let meter = Meter::new(self.graph(), dense, &state, batch, &self.device).await?;
        let (encoded, files) = encodings(self.graph(), before.as_ref(), &state)
            .into_iter()
            .unzip();
        let metering = Metering {
            command: out.command(),
            revision: self.revision,
            selection,
            meter,
            images: images as u32,
            remaining: ROUNDS,
            encoded,
            files,
        };
        self.jobs.add(metering, out);
        Ok(())
    }
}
