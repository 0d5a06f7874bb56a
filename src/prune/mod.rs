//! Pruning as pure functions of numbers: scores, selection, masks; and, in `scoring`, scores that need the network.
//!
//! All prunable weights of a network are seen as one sequence: layer after layer, row-major in each.
//! A mask is a byte a weight: 1 keeps, 0 is cut.

pub mod breaking;
pub mod method;
pub mod ranking;
pub mod rates;
pub mod recipe;
pub mod schedule;
pub mod scores;
pub mod scoring;
pub mod selection;
pub mod shuffle;
pub mod tables;
pub mod thinning;
pub mod units;

pub use ranking::{Ranking, prune_count};
pub use units::{Scores, Units};
