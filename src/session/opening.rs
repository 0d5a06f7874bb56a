//! Opening a network from a file: it is read and measured beside the run in hand, and takes its place only when
//! all has gone well.

use super::outbox::Outbox;
use super::queue::cancelled;
use super::run::Run;
use super::samples::Sweep;
use crate::data::Dataset;
use crate::error::{Error, ErrorCode, Result};
use crate::files::export::Stored;
use crate::protocol::Event;
use burn::tensor::Device;
use std::rc::Rc;

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

/// What a slice of opening comes to.
pub(super) enum Opened {
    NotYet(Box<Opening>),
    /// The network may take the place of the run in hand; what is told of it then.
    Ready {
        run: Box<Run>,
        run_id: u32,
        told: Outbox,
    },
}

impl Opening {
    /// Makes a run of a network that has been read; measuring it is left to `advance`. `command` asks for it.
    pub(super) fn new(
        (command, run_id): (u32, u32),
        stored: Stored,
        bytes: &[u8],
        data: Rc<Dataset>,
        device: &Device,
    ) -> Result<Self> {
        let graph = stored.config.graph(&data)?;
        let state = stored.state(bytes, &graph)?;
        let mut told = Outbox::of(command);
        let config = stored.config.clone();
        let run = Run::new(config, data, graph, &state, device, &mut told);
        run.announce(&mut told);
        Ok(Self {
            command,
            run_id,
            sweep: run.full_test(run.trainer.model.clone()),
            run,
            stored,
            told,
        })
    }

    /// It gives way to something else.
    pub(super) fn end(self, out: &mut Outbox) {
        let before = out.command();
        out.by(self.command).error(cancelled());
        out.by(before);
    }

    /// Measures and ranks on.
    pub(super) async fn advance(mut self: Box<Self>, out: &mut Outbox) -> Result<Opened> {
        out.by(self.command);
        let (run, told) = (&mut self.run, &mut self.told);
        if !self.sweep.finished() {
            run.sweep_on(&mut self.sweep).await.map_err(useless)?;
            return Ok(Opened::NotYet(self));
        }
        if run.wants_scoring() || run.scores() {
            run.measure(told).await.map_err(useless)?;
            return Ok(Opened::NotYet(self));
        }
        told.by(self.command);
        run.measured_point(run.method(), told)
            .await
            .map_err(useless)?;
        told.event(Event::Opened {
            network: self.stored.kind(run.trainer.mask()),
            stored: self.stored.test,
            same_images: self.stored.digest.is_none_or(|d| d == run.data.digest()),
            test: self.sweep.tally().metrics(),
        });
        told.done();
        Ok(Opened::Ready {
            run: Box::new(self.run),
            run_id: self.run_id,
            told: self.told,
        })
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
