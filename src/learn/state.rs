//! All that training changes, host side: what is saved, restored, exported and compacted.

use crate::net::{Graph, Initialisation, Parameters};

/// In place of the step of its cut, for a weight that is kept.
pub const KEPT: u32 = u32::MAX;

/// What the optimiser remembers of everything that is learnt, host side.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    /// Its own count of steps, for Adam's correction of bias.
    pub time: u32,
    /// Adam's means of gradients, or SGD's momentum.
    pub first: Parameters,
    /// Adam's means of their squares; empty with SGD.
    pub second: Parameters,
}

/// All that training changes, host side: what a checkpoint holds.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainState {
    pub step: u32,
    pub parameters: Parameters,
    /// None before the first step.
    pub moments: Option<Moments>,
    /// Over all prunable weights: 1 keeps, 0 is cut.
    pub mask: Vec<u8>,
    /// Over all prunable weights: the step at which it was cut, [`KEPT`] while it is not.
    pub cut_at: Vec<u32>,
}

impl TrainState {
    /// Fresh weights from the seed, nothing cut.
    pub fn fresh(graph: &Graph, seed: u32) -> Self {
        Self::initial(graph, Initialisation::HeNormal, seed)
    }

    /// As [`Self::fresh`], initialised as asked for.
    pub fn initial(graph: &Graph, how: Initialisation, seed: u32) -> Self {
        let weights = graph.layout().total();
        Self {
            step: 0,
            parameters: Parameters::initial(graph, how, seed),
            moments: None,
            mask: vec![1; weights],
            cut_at: vec![KEPT; weights],
        }
    }
}
