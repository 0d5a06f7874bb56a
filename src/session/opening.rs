//! Opening a network from a file: it is read and measured beside the run in hand, and takes its place only when
//! all has gone well.

use super::outbox::Outbox;
use super::run::Run;
use super::samples::Sweep;
use super::{Session, jobs};
use crate::error::{Error, ErrorCode, Result};
use crate::export::{self, Stored};
use crate::model::CnnConfig;
use crate::protocol::Event;

/// A network from a file that is being measured.
pub(super) struct Opening {
    command: u32,
    run_id: u32,
    run: Run,
    stored: Stored,
    sweep: Sweep,
    /// What is to be told once all has gone well.
    told: Outbox,
}

impl Session {
    /// Reads and checks the file; measuring is left to `advance`.
    pub(super) fn open(
        &mut self,
        run_id: u32,
        files: Vec<Vec<u8>>,
        out: &mut Outbox,
    ) -> Result<()> {
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
        let mut told = Outbox::of(out.command());
        let run = Run::new(
            stored.config.clone(),
            data,
            shape,
            &state,
            &self.device,
            &mut told,
        );
        let sweep = run.full_test(run.trainer.model.clone());
        self.stop_opening(out);
        run.announce(&mut told);
        self.opening = Some(Opening {
            command: out.command(),
            run_id,
            run,
            stored,
            sweep,
            told,
        });
        Ok(())
    }

    /// What is being opened gives way to something else.
    pub(super) fn stop_opening(&mut self, out: &mut Outbox) {
        if let Some(Opening { command, .. }) = self.opening.take() {
            let by = out.command();
            out.by(command).error(jobs::cancelled());
            out.by(by);
        }
    }

    /// Measures and ranks on; the last slice puts the network in the place of the run in hand.
    pub(super) async fn go_on_opening(
        &mut self,
        mut opening: Opening,
        out: &mut Outbox,
    ) -> Result<()> {
        let Opening {
            command,
            run,
            stored,
            sweep,
            told,
            ..
        } = &mut opening;
        out.by(*command);
        if !sweep.finished() {
            run.sweep_on(sweep).await.map_err(useless)?;
            self.opening = Some(opening);
            return Ok(());
        }
        if run.wants_scoring() || run.scores() {
            run.measure(told).await.map_err(useless)?;
            self.opening = Some(opening);
            return Ok(());
        }
        told.by(*command);
        run.measured_point(told).await.map_err(useless)?;
        told.event(Event::Opened {
            network: stored.kind(run.trainer.mask()),
            stored: stored.test,
            same_images: stored.digest.is_none_or(|d| d == run.data.digest()),
            test: sweep.tally().metrics(),
        });
        told.done();
        self.take_up(opening.run, opening.run_id, out);
        out.append(opening.told);
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
