//! What a run is at: one thing at a time.

use crate::learn::distillation::Distillation;
use crate::learn::model::Model;
use crate::learn::objective::Objective;
use crate::learn::schedule::Phase;
use crate::learn::state::TrainState;
use crate::protocol::{Activity, Event, RecipeState};
use crate::prune::method::Method;
use crate::prune::recipe::Action;
use std::collections::VecDeque;

pub(super) enum Work {
    /// Nothing but what is measured at rest.
    Rest,
    /// Training without end.
    Train(Lesson),
    /// So many steps, then a point.
    Tune { left: u32, lesson: Lesson },
    /// A recipe, also while it is paused.
    Follow(Box<Following>),
}

/// What training steps learn from.
#[derive(Clone)]
pub(super) enum Lesson {
    Labels,
    Teacher(Box<Model>, Distillation),
}

impl Lesson {
    pub(super) fn objective(&self) -> Objective<'_> {
        match self {
            Self::Labels => Objective::Labels,
            Self::Teacher(teacher, how) => Objective::Teacher(teacher, how),
        }
    }
}

impl Work {
    /// Whether there is something to do, which is not measuring.
    pub(super) fn active(&self) -> bool {
        match self {
            Self::Rest => false,
            Self::Train(_) | Self::Tune { .. } => true,
            Self::Follow(following) => !following.paused(),
        }
    }

    /// `masked`: whether any weight is cut.
    pub(super) fn activity(&self, masked: bool) -> Activity {
        match self {
            Self::Rest => Activity::Idle,
            Self::Train(_) => Activity::Training,
            Self::Tune { .. } => Activity::FineTuning,
            Self::Follow(following) if following.paused() => Activity::Idle,
            Self::Follow(following) if following.trains() && masked => Activity::FineTuning,
            Self::Follow(_) => Activity::Training,
        }
    }

    /// What its steps are for: a recipe says it, else those of a pruned network (`masked`) are fine-tuning.
    pub(super) fn phase(&self, masked: bool) -> Phase {
        match self {
            Self::Follow(following) => following.phase(),
            _ if masked => Phase::FineTuning,
            _ => Phase::Training,
        }
    }

    /// Steps left of a training that ends.
    pub(super) fn left(&self) -> Option<u32> {
        match self {
            Self::Rest | Self::Train(_) => None,
            Self::Tune { left, .. } => Some(*left),
            Self::Follow(following) => following.left(),
        }
    }

    /// Takes steps off those that are left.
    pub(super) fn trained(&mut self, steps: u32) {
        match self {
            Self::Rest | Self::Train(_) => {}
            Self::Tune { left, .. } => *left = left.saturating_sub(steps),
            Self::Follow(following) => following.trained(steps),
        }
    }
}

/// A recipe in hand.
pub(super) struct Following {
    pub(super) name: String,
    /// What it scores by, whatever the page ranks by meanwhile.
    pub(super) method: Method,
    /// What is still to be done. The first is taken off when it has been, so that what fails can be tried again.
    pub(super) actions: VecDeque<Action>,
    pub(super) total: u32,
    pub(super) paused: bool,
    /// Whether the first action has begun.
    pub(super) begun: bool,
    /// The state to rewind to.
    pub(super) remembered: Option<TrainState>,
}

impl Following {
    pub(super) fn paused(&self) -> bool {
        self.paused
    }

    /// Whether it is at a training.
    pub(super) fn trains(&self) -> bool {
        self.left().is_some()
    }

    /// Steps left of the training that it is at.
    pub(super) fn left(&self) -> Option<u32> {
        match self.actions.front() {
            Some(Action::Train { steps, .. }) => Some(*steps),
            _ => None,
        }
    }

    fn phase(&self) -> Phase {
        match self.actions.front() {
            Some(Action::Train { phase, .. }) => *phase,
            _ => Phase::Training,
        }
    }

    pub(super) fn trained(&mut self, by: u32) {
        if let Some(Action::Train { steps, .. }) = self.actions.front_mut() {
            *steps = steps.saturating_sub(by);
        }
    }

    pub(super) fn event(&self, state: RecipeState) -> Event {
        Event::Recipe {
            name: self.name.clone(),
            done: self.total - self.actions.len() as u32,
            total: self.total,
            state,
        }
    }

    pub(super) fn progress(&self) -> Event {
        self.event(match self.paused {
            true => RecipeState::Paused,
            false => RecipeState::Running,
        })
    }
}
