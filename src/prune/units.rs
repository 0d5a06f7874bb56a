//! Units of cutting: what goes at once. A weight; a filter with all that reads it; two of four neighbours.

mod filters;
mod fours;

use super::method::{Granularity, Method, Scope};
use crate::net::Layout;
use filters::Filters;
use fours::Fours;

/// No unit; a rank that is never reached.
pub const NEVER: u32 = u32::MAX;

/// Scores as criteria give them.
#[derive(Clone, Debug, PartialEq)]
pub enum Scores {
    /// One for each prunable weight. A filter has the mean over its weights, a four the sum of the two
    /// that go; those of cut weights count as 0.
    Weights(Vec<f32>),
    /// One for each filter of conv1, then of conv2, whose sizes have been divided out.
    Filters(Vec<f32>),
    /// One for each unit, to be compared as they are; `within` has one for each weight, by which two of
    /// four are chosen (empty for other units).
    Units { scores: Vec<f32>, within: Vec<f32> },
}

/// The units of a network, each with its score: the lower, the sooner it goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Units {
    /// How many units each layer has.
    pub layout: Layout,
    pub scores: Vec<f32>,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Weights,
    Filters(Filters),
    Fours(Fours),
}

impl Units {
    /// `shapes` are the weight shapes of conv1, conv2 and the linear layer, `held` the mask over all
    /// weights.
    pub fn new(method: &Method, shapes: &[Vec<usize>; 3], scores: Scores, held: &[u8]) -> Self {
        let granularity = match scores {
            Scores::Filters(_) => Granularity::Filter,
            _ => method.granularity,
        };
        let layout = unit_layout(granularity, shapes);
        match granularity {
            Granularity::Weight => Self {
                layout,
                scores: of_weights(scores, held),
                kind: Kind::Weights,
            },
            Granularity::TwoOfFour => {
                let (kind, scores) = Fours::new(shapes, scores, held);
                Self {
                    layout,
                    scores,
                    kind: Kind::Fours(kind),
                }
            }
            Granularity::Filter => {
                let kind = Filters::new(shapes);
                let mean = method.normalise && method.scope == Scope::Global;
                Self {
                    scores: kind.scores(scores, held, mean.then_some(&layout)),
                    layout,
                    kind: Kind::Filters(kind),
                }
            }
        }
    }

    /// Whether every unit is a single weight.
    pub fn are_weights(&self) -> bool {
        self.kind == Kind::Weights
    }

    /// Which units the held mask has cut already: those that would take nothing more.
    pub fn held(&self, mask: &[u8]) -> Vec<bool> {
        match &self.kind {
            Kind::Weights => mask.iter().map(|&m| m == 0).collect(),
            Kind::Filters(filters) => filters.held(mask),
            Kind::Fours(fours) => fours.held(mask),
        }
    }

    /// The mask that is left of `held` when the units marked in `cut` go.
    pub fn mask(&self, cut: &[bool], held: &[u8]) -> Vec<u8> {
        match &self.kind {
            Kind::Weights => {
                let left = |(&cut, &m): (&bool, &u8)| u8::from(m == 1 && !cut);
                cut.iter().zip(held).map(left).collect()
            }
            Kind::Filters(filters) => filters.mask(cut, held),
            Kind::Fours(fours) => fours.mask(cut, held),
        }
    }

    /// For each weight the first rank at which it goes.
    pub fn ranks(&self, unit_ranks: &[u32]) -> Vec<u32> {
        match &self.kind {
            Kind::Weights => unit_ranks.to_vec(),
            Kind::Filters(filters) => filters.ranks(unit_ranks),
            Kind::Fours(fours) => fours.ranks(unit_ranks),
        }
    }
}

/// How many units each layer has. Layers with rows that four does not divide have no fours.
pub fn unit_layout(granularity: Granularity, shapes: &[Vec<usize>; 3]) -> Layout {
    let [first, second, last] = match granularity {
        Granularity::Weight => shapes.each_ref().map(|s| size(s)),
        Granularity::Filter => [shapes[0][0], shapes[1][0], 0],
        Granularity::TwoOfFour => shapes.each_ref().map(|s| fours::count(s)),
    };
    Layout::new([("conv1", first), ("conv2", second), ("fc", last)])
}

/// Of each layer where it lies in the sequence of all weights.
fn ranges(shapes: &[Vec<usize>; 3]) -> [std::ops::Range<usize>; 3] {
    let [a, b, c] = shapes.each_ref().map(|s| size(s));
    [0..a, a..a + b, a + b..a + b + c]
}

fn size(shape: &[usize]) -> usize {
    shape.iter().product()
}

/// What is cut stays cut: whatever its score says now, it counts as 0.
fn of_weights(scores: Scores, held: &[u8]) -> Vec<f32> {
    let (Scores::Weights(mut scores)
    | Scores::Filters(mut scores)
    | Scores::Units { mut scores, .. }) = scores;
    for (score, _) in scores.iter_mut().zip(held).filter(|(_, m)| **m == 0) {
        *score = 0.0;
    }
    scores
}

#[cfg(test)]
mod tests;
