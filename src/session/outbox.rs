//! Events on their way out, each with the command that has led to it.

use crate::error::Error;
use crate::protocol::{Activity, Bulk, Event, Message};

#[derive(Default)]
pub(super) struct Outbox {
    /// The command that what comes next comes of.
    command: u32,
    /// The state of weights and masks that it speaks of; None for the present one.
    revision: Option<u32>,
    sent: Vec<Sent>,
}

struct Sent {
    command: u32,
    revision: Option<u32>,
    event: Event,
    bulk: Bulk,
}

impl Outbox {
    /// For what comes of `command`.
    pub(super) fn of(command: u32) -> Self {
        Self {
            command,
            ..Self::default()
        }
    }

    /// What comes next comes of `command` and speaks of the present.
    pub(super) fn by(&mut self, command: u32) -> &mut Self {
        self.about(command, None)
    }

    /// What comes next comes of `command` and speaks of an earlier `revision`.
    pub(super) fn about(&mut self, command: u32, revision: Option<u32>) -> &mut Self {
        self.command = command;
        self.revision = revision;
        self
    }

    pub(super) fn command(&self) -> u32 {
        self.command
    }

    pub(super) fn event(&mut self, event: Event) {
        self.with(event, Bulk::default());
    }

    pub(super) fn with(&mut self, event: Event, bulk: Bulk) {
        self.sent.push(Sent {
            command: self.command,
            revision: self.revision,
            event,
            bulk,
        });
    }

    pub(super) fn state(&mut self, activity: Activity) {
        self.event(Event::State { activity });
    }

    pub(super) fn done(&mut self) {
        self.event(Event::Done);
    }

    pub(super) fn error(&mut self, error: Error) {
        self.event(Event::Error {
            code: error.code,
            message: error.message,
        });
    }

    /// Takes over what `other` has.
    pub(super) fn append(&mut self, mut other: Self) {
        self.sent.append(&mut other.sent);
    }

    /// Addressed: whose they are, and which state they speak of where they don't say it themselves.
    pub(super) fn addressed(self, run_id: u32, revision: u32) -> Vec<Message> {
        let message = |sent: Sent| Message {
            run_id,
            revision: sent.revision.unwrap_or(revision),
            command: sent.command,
            event: sent.event,
            bulk: sent.bulk,
        };
        self.sent.into_iter().map(message).collect()
    }
}
