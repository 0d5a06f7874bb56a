//! What a run is at: one thing at a time.

use super::following::Following;
use crate::model::Cnn;
use crate::protocol::Activity;
use crate::recipe::Distillation;
use crate::train::Objective;

pub(super) enum Work {
    /// Nothing but what is measured at rest.
    Rest,
    /// Training without end.
    Train(Lesson),
    /// So many steps, then a point.
    Tune { left: u32, lesson: Lesson },
    /// A recipe, also while it is paused.
    Follow(Following),
}

/// What training steps learn from.
#[derive(Clone)]
pub(super) enum Lesson {
    Labels,
    Teacher(Cnn, Distillation),
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
