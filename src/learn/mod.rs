//! The network on a device: forward, backward, steps, evaluation.

pub mod distillation;
pub mod dropout;
pub mod eval;
pub mod gradients;
pub mod model;
pub mod objective;
pub mod optimiser;
pub mod reestimate;
pub mod schedule;
pub mod state;
pub mod train;
