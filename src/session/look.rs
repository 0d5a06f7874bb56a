//! The network as it was at some time, and how its weights ranked then: what curves and previews are of.

use crate::learn::train::Trainer;
use crate::net::Parameters;
use crate::prune::Ranking;
use crate::prune::method::Method;
use std::rc::Rc;

/// The network as it was when it was looked at.
pub(super) struct Look {
    pub(super) revision: u32,
    pub(super) trainer: Trainer,
    pub(super) parameters: Parameters,
}

/// How the weights of a network rank by a method.
pub(super) struct Ranked {
    pub(super) look: Rc<Look>,
    pub(super) method: Method,
    pub(super) ranking: Ranking,
}
