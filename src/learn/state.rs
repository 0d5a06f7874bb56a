//! All that training changes, host side: what is saved, restored, exported and compacted.

use crate::net::{CnnConfig, Parameters};

/// In place of the step of its cut, for a weight that is kept.
pub const KEPT: u32 = u32::MAX;

/// Adam's running means for every parameter, host side.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    /// Adam's own step count, for its bias correction.
    pub time: u32,
    pub first: Parameters,
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
    pub fn fresh(config: &CnnConfig, seed: u32) -> Self {
        Self {
            step: 0,
            parameters: Parameters::he_normal(config, seed),
            moments: None,
            mask: vec![1; config.layout().total()],
            cut_at: vec![KEPT; config.layout().total()],
        }
    }
}
