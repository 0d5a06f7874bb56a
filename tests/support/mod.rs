//! What the tests of every target share: a session driven to rest, and figures that all targets give.
#![allow(dead_code)]

#[cfg(all(not(target_arch = "wasm32"), feature = "cpu"))]
pub mod peers;

use burn::tensor::Device;
use pruning_playground::config::RunConfig;
use pruning_playground::files::checkpoint::to_bytes;
use pruning_playground::learn::state::TrainState;
use pruning_playground::net::Graph;
use pruning_playground::protocol::{Bulk, Command, Event, Message, Point};
use pruning_playground::session::Session;

/// Mean loss of training steps 81 to 100 on `digits` with the default settings, on the CPU backend.
pub const LOSS_TO_STEP_100: f32 = 1.202_312_5;

pub struct Driven {
    pub session: Session,
    /// The number of the last command.
    pub last: u32,
}

impl Driven {
    pub fn over(session: Session) -> Self {
        Self { session, last: 0 }
    }

    /// A run that has been ranked.
    pub async fn new(device: Device, config: RunConfig) -> (Self, Vec<Message>) {
        let mut driven = Self::over(Session::new(device));
        let mut messages = driven.send(Command::Configure { run_id: 1, config }).await;
        messages.extend(driven.scored().await);
        (driven, messages)
    }

    /// Has a command taken up, and no more.
    pub async fn begin(&mut self, command: Command, bulk: Bulk) -> Vec<Message> {
        self.last += 1;
        self.session.apply(self.last, command, bulk).await
    }

    /// Carries out a command to its end; all messages until then.
    pub async fn ask(&mut self, command: Command, bulk: Bulk) -> Vec<Message> {
        let mut all = self.begin(command, bulk).await;
        while !ended(&all, self.last) {
            assert!(self.session.busy(), "command {} never ends", self.last);
            all.extend(self.session.advance().await);
        }
        all
    }

    pub async fn send(&mut self, command: Command) -> Vec<Message> {
        self.ask(command, Bulk::default()).await
    }

    /// Advances until the weights are ranked, or can't be.
    pub async fn scored(&mut self) -> Vec<Message> {
        let mut all = Vec::new();
        let ranked = |all: &[Message]| {
            all.iter()
                .any(|m| matches!(m.event, Event::Scored { .. } | Event::Error { .. }))
        };
        while !ranked(&all) && self.session.busy() {
            all.extend(self.session.advance().await);
        }
        all
    }

    /// Advances until nothing is left to do.
    pub async fn settle(&mut self) -> Vec<Message> {
        let mut all = Vec::new();
        while self.session.busy() {
            all.extend(self.session.advance().await);
        }
        all
    }

    /// Trains `steps` steps and measures; all messages.
    pub async fn train(&mut self, steps: u32) -> Vec<Message> {
        let mut all = self
            .send(Command::FineTune {
                steps,
                distil: None,
            })
            .await;
        all.extend(self.settle().await);
        all
    }

    pub async fn restore(&mut self, checkpoint: &[u8]) -> Vec<Message> {
        let bulk = Bulk {
            checkpoint: Some(checkpoint.to_vec()),
            ..Default::default()
        };
        self.ask(Command::Restore { run_id: 2 }, bulk).await
    }
}

/// Goes back to the weights of `state` scaled up so far that the test images are still within the range of floats, and
/// training overflows within an epoch.
pub async fn to_the_brink(driven: &mut Driven, state: &TrainState, graph: &Graph) {
    let (mut low, mut high) = (10.0, 14.0);
    let scaled = |exponent: f64| {
        let mut state = state.clone();
        state.parameters.map(|w| w * 10f32.powf(exponent as f32));
        to_bytes(&state, &RunConfig::default(), graph).expect("a checkpoint")
    };
    for _ in 0..20 {
        let middle = (low + high) / 2.0;
        match errors(&driven.restore(&scaled(middle)).await).is_empty() {
            true => low = middle,
            false => high = middle,
        }
    }
    assert_eq!(errors(&driven.restore(&scaled(low)).await), [""; 0]);
}

/// Whether the command of this number has ended.
pub fn ended(messages: &[Message], command: u32) -> bool {
    let ends = |m: &Message| matches!(m.event, Event::Done | Event::Error { .. });
    messages.iter().any(|m| m.command == command && ends(m))
}

pub fn errors(messages: &[Message]) -> Vec<String> {
    messages
        .iter()
        .filter_map(|m| match &m.event {
            Event::Error { message, .. } => Some(message.clone()),
            _ => None,
        })
        .collect()
}

/// The last point told of, with its checkpoint.
pub fn point(messages: &[Message]) -> Option<(Point, Vec<u8>)> {
    messages
        .iter()
        .rev()
        .find_map(|m| match (&m.event, &m.bulk.checkpoint) {
            (Event::Point(point), Some(bytes)) => Some((point.clone(), bytes.clone())),
            _ => None,
        })
}

/// Mean loss of the last 20 of 100 training steps, told in steps of one.
pub async fn loss_to_step_100(device: Device) -> f32 {
    let (mut driven, _) = Driven::new(device, RunConfig::default()).await;
    let mut losses = Vec::new();
    for _ in 0..100 {
        for message in driven.send(Command::Step).await {
            if let Event::Trained { loss, .. } = message.event {
                losses.push(loss);
            }
        }
    }
    losses[80..].iter().sum::<f32>() / 20.0
}

/// Test accuracy after 150 training steps on `digits` with the default settings, on the CPU backend.
pub const ACCURACY_AT_STEP_150: f64 = 305.0 / 360.0;

pub async fn accuracy_at_step_150(device: Device) -> f64 {
    let (mut driven, _) = Driven::new(device, RunConfig::default()).await;
    let mut messages = driven
        .send(Command::FineTune {
            steps: 150,
            distil: None,
        })
        .await;
    while point(&messages).is_none() {
        messages = driven.session.advance().await;
    }
    point(&messages).map_or(0.0, |(p, _)| p.test.accuracy)
}
