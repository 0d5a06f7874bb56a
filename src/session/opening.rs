//! Opening a network from a file: it is read and measured beside the run in hand, and takes its place only when
//! all has gone well.

use super::run::Run;
use super::samples::Sweep;
use super::{Outbox, Session};
use crate::error::{Error, ErrorCode, Result};
use crate::files::export::{self, Stored};
use crate::net::CnnConfig;
use crate::protocol::Event;

/// A network from a file that is being measured.
pub(super) struct Opening {
    run_id: u32,
    run: Run,
    stored: Stored,
    sweep: Sweep,
}

impl Session {
    /// Reads and checks the file; measuring is left to `advance`.
    pub(super) fn open(&mut self, run_id: u32, files: Vec<Vec<u8>>) -> Result<()> {
        let [bytes] = files.as_slice() else {
            return Err(Error::new(
                ErrorCode::BadCommand,
                format!("{} files came; a network is one", files.len()),
            ));
        };
        let stored = export::read(bytes)?;
        let data = self.built_in(&stored.config)?;
        let shape = CnnConfig::of(&data, stored.config.widths);
        let state = stored.state(bytes, &shape)?;
        let run = Run::new(stored.config.clone(), data, shape, &state, &self.device);
        let sweep = run.full_test(run.trainer.model.clone());
        self.opening = Some(Opening {
            run_id,
            run,
            stored,
            sweep,
        });
        Ok(())
    }

    /// Measures on; the last slice puts the network in the place of the run in hand.
    pub(super) async fn go_on_opening(
        &mut self,
        mut opening: Opening,
        out: &mut Outbox,
    ) -> Result<()> {
        let slice = opening.run.sweep_on(&mut opening.sweep).await;
        slice.map_err(useless)?;
        if !opening.sweep.finished() {
            self.opening = Some(opening);
            return Ok(());
        }
        let Opening {
            run_id,
            mut run,
            stored,
            sweep,
        } = opening;
        let mut told = Outbox::default();
        run.announce(&mut told);
        run.measured_point(&mut told).await.map_err(useless)?;
        told.event(Event::Opened {
            network: stored.kind(run.trainer.mask()),
            stored: stored.test,
            same_images: stored.digest.is_none_or(|d| d == run.data.digest()),
            test: sweep.tally().metrics(),
        });
        self.take_up(run, run_id);
        out.0.append(&mut told.0);
        Ok(())
    }
}

/// A network that can't be measured or ranked is the file's fault, not the session's.
fn useless(error: Error) -> Error {
    match error.code {
        ErrorCode::Device => error,
        _ => Error::new(
            ErrorCode::BadNetwork,
            "this file can't be opened: its network does not compute finite numbers",
        ),
    }
}
