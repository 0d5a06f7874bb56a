//! A point once more, over the whole test set.

use crate::protocol::{Event, Point};
use crate::session::outbox::Outbox;
use crate::session::queue::{Job, Kind, Slice};
use crate::session::run::Run;
use crate::session::samples::Sweep;

pub(in crate::session) struct Remeasure {
    pub(in crate::session) command: u32,
    pub(in crate::session) point: Point,
    pub(in crate::session) sweep: Sweep,
}

impl Job<Run> for Remeasure {
    fn kind(&self) -> Kind {
        Kind::Point
    }

    fn command(&self) -> u32 {
        self.command
    }

    fn slice<'a>(&'a mut self, run: &'a mut Run, out: &'a mut Outbox) -> Slice<'a> {
        Box::pin(async move {
            run.sweep_on(&mut self.sweep).await?;
            if self.sweep.finished() {
                self.point.test = self.sweep.tally().metrics();
                out.event(Event::Point(self.point.clone()));
            }
            Ok(self.sweep.finished())
        })
    }
}
