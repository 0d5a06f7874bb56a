//! Units of cutting: what goes at once. A weight; a filter with all that reads it; two of four neighbours.

mod filters;
mod fours;
mod scores;

use super::method::{Granularity, Method, Scope};
use crate::net::Layout;
use filters::Filters;
use fours::Fours;
pub use scores::{NEVER, Scores};
use scores::{of_weights, size};

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

#[cfg(test)]
mod tests;
