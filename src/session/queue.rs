//! Jobs that are to be done, a slice at a time, the most wanted first. What they work on is `R`.

use super::outbox::Outbox;
use crate::error::{Error, ErrorCode, Result};
use std::future::Future;
use std::pin::Pin;

/// What a slice comes to: whether the job is done.
pub(super) type Slice<'a> = Pin<Box<dyn Future<Output = Result<bool>> + 'a>>;

pub(super) trait Job<R> {
    fn kind(&self) -> Kind;

    /// The command that it comes of.
    fn command(&self) -> u32;

    /// Whether that command waits for its end.
    fn awaited(&self) -> bool {
        false
    }

    /// The next slice.
    fn slice<'a>(&'a mut self, on: &'a mut R, out: &'a mut Outbox) -> Slice<'a>;
}

/// Kinds of jobs, the most wanted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A file is of a state that is over, and is not kept waiting by what follows.
    Export,
    Cut,
    Preview,
    Score,
    Rehearse,
    Meter,
    Point,
    Curve,
}

impl Kind {
    /// How many of a kind may wait: where one more comes, the oldest is dropped. Of most only the latest counts.
    fn room(self) -> usize {
        match self {
            Self::Export | Self::Point => 4,
            _ => 1,
        }
    }

    /// Whether it is done while the network trains, too; others end when training begins.
    fn beside_training(self) -> bool {
        matches!(self, Self::Export | Self::Cut | Self::Score)
    }
}

/// Jobs that are to be done, in the order in which they are.
pub(super) struct Jobs<R>(Vec<Box<dyn Job<R>>>);

impl<R> Default for Jobs<R> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<R> Jobs<R> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.count(kind) > 0
    }

    pub(super) fn full(&self, kind: Kind) -> bool {
        self.count(kind) >= kind.room()
    }

    /// Whether a command waits for a job of this kind.
    pub(super) fn awaits(&self, kind: Kind) -> bool {
        self.0.iter().any(|job| job.kind() == kind && job.awaited())
    }

    fn count(&self, kind: Kind) -> usize {
        self.0.iter().filter(|job| job.kind() == kind).count()
    }

    /// Adds a job behind others of its kind; one that has to make room for it is told of.
    pub(super) fn add(&mut self, job: impl Job<R> + 'static, out: &mut Outbox) {
        let kind = job.kind();
        if self.full(kind)
            && let Some(oldest) = self.0.iter().position(|job| job.kind() == kind)
        {
            tell_dropped(&*self.0.remove(oldest), out);
        }
        self.put(Box::new(job));
    }

    /// Takes the first of a kind out, to do a slice of it.
    pub(super) fn take(&mut self, kind: Kind) -> Option<Box<dyn Job<R>>> {
        let at = self.0.iter().position(|job| job.kind() == kind)?;
        Some(self.0.remove(at))
    }

    /// Takes the most wanted out, to do a slice of it.
    pub(super) fn take_first(&mut self) -> Option<Box<dyn Job<R>>> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    /// Puts one that is not done back in front of others of its kind.
    pub(super) fn put_back(&mut self, job: Box<dyn Job<R>>) {
        let kind = job.kind();
        // What came meanwhile takes its place, where there is room for one only.
        if !self.full(kind) {
            let at = self.0.partition_point(|other| other.kind() < kind);
            self.0.insert(at, job);
        }
    }

    fn put(&mut self, job: Box<dyn Job<R>>) {
        let kind = job.kind();
        let at = self.0.partition_point(|other| other.kind() <= kind);
        self.0.insert(at, job);
    }

    /// Drops jobs of a kind; whether there were any.
    pub(super) fn drop_all(&mut self, kind: Kind, out: &mut Outbox) -> bool {
        let before = self.0.len();
        self.retain(|of| of != kind, out);
        self.0.len() < before
    }

    /// Training begins.
    pub(super) fn make_way(&mut self, out: &mut Outbox) {
        self.retain(Kind::beside_training, out);
    }

    fn retain(&mut self, keep: impl Fn(Kind) -> bool, out: &mut Outbox) {
        self.0.retain(|job| {
            let keeps = keep(job.kind());
            if !keeps {
                tell_dropped(&**job, out);
            }
            keeps
        });
    }
}

/// A command that waits for a job that is dropped ends with it.
fn tell_dropped<R>(job: &dyn Job<R>, out: &mut Outbox) {
    if job.awaited() {
        let before = out.command();
        out.by(job.command()).error(cancelled());
        out.by(before);
    }
}

pub(super) fn cancelled() -> Error {
    Error::new(
        ErrorCode::Cancelled,
        "given up: something else was asked for before this was done",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Event;

    struct Stub(Kind, u32);

    impl Job<()> for Stub {
        fn kind(&self) -> Kind {
            self.0
        }
        fn command(&self) -> u32 {
            self.1
        }
        fn awaited(&self) -> bool {
            true
        }
        fn slice<'a>(&'a mut self, _: &'a mut (), _: &'a mut Outbox) -> Slice<'a> {
            Box::pin(async { Ok(true) })
        }
    }

    fn commands(mut jobs: Jobs<()>) -> Vec<u32> {
        std::iter::from_fn(|| jobs.take_first().map(|job| job.command())).collect()
    }

    fn dropped(out: Outbox) -> Vec<u32> {
        let messages = out.addressed(1, 1);
        let of = |m: &crate::protocol::Message| match m.event {
            Event::Error {
                code: ErrorCode::Cancelled,
                ..
            } => Some(m.command),
            _ => None,
        };
        messages.iter().filter_map(of).collect()
    }

    #[test]
    fn the_most_wanted_comes_first_and_equals_in_their_order() {
        let (mut jobs, mut out) = (Jobs::default(), Outbox::default());
        for (kind, command) in [
            (Kind::Curve, 1),
            (Kind::Export, 2),
            (Kind::Score, 3),
            (Kind::Export, 4),
        ] {
            jobs.add(Stub(kind, command), &mut out);
        }
        assert_eq!(commands(jobs), [2, 4, 3, 1]);
        assert_eq!(dropped(out), [0; 0]);
    }

    #[test]
    fn none_grows_without_bound_and_whoever_waits_for_one_that_is_dropped_is_told() {
        for kind in [Kind::Export, Kind::Point, Kind::Preview, Kind::Meter] {
            let (mut jobs, mut out) = (Jobs::default(), Outbox::default());
            (0..100).for_each(|n| jobs.add(Stub(kind, n), &mut out));
            let left = commands(jobs);
            assert!(left.len() <= 4);
            assert_eq!(
                dropped(out),
                (0..100 - left.len() as u32).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn one_that_goes_on_stays_in_front_unless_another_took_its_place() {
        let (mut jobs, mut out) = (Jobs::default(), Outbox::default());
        (1..=2).for_each(|n| jobs.add(Stub(Kind::Export, n), &mut out));
        jobs.add(Stub(Kind::Preview, 3), &mut out);
        let first = jobs.take(Kind::Export).expect("there are two");
        jobs.put_back(first);
        let preview = jobs.take(Kind::Preview).expect("there is one");
        jobs.add(Stub(Kind::Preview, 4), &mut out);
        jobs.put_back(preview);
        assert_eq!(commands(jobs), [1, 2, 4]);
    }
}
