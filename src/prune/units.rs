//! Units of cutting: what goes at once. A weight; a filter with all that reads it; two of four neighbours.

mod filters;
mod fours;
mod scores;

use super::method::{Granularity, Method, Scope};
use crate::net::{Graph, Layout};
use filters::Filters;
use fours::Fours;
use scores::of_weights;
pub use scores::{NEVER, Scores};
use std::sync::Arc;

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
    /// The units of `graph`; `held` is the mask over all weights.
    pub fn new(method: &Method, graph: &Arc<Graph>, scores: Scores, held: &[u8]) -> Self {
        let granularity = match scores {
            Scores::Filters(_) => Granularity::Filter,
            _ => method.granularity,
        };
        let layout = unit_layout(granularity, graph);
        match granularity {
            Granularity::Weight => Self {
                layout,
                scores: of_weights(scores, held),
                kind: Kind::Weights,
            },
            Granularity::TwoOfFour => {
                let (kind, scores) = Fours::new(graph, scores, held);
                Self {
                    layout,
                    scores,
                    kind: Kind::Fours(kind),
                }
            }
            Granularity::Filter => {
                let kind = Filters::new(graph);
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
    #[cfg(test)]
    pub(super) fn of_weights(layout: Layout, scores: Vec<f32>) -> Self {
        Self {
            layout,
            scores,
            kind: Kind::Weights,
        }
    }

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
pub fn unit_layout(granularity: Granularity, graph: &Graph) -> Layout {
    let layers = graph.layers().iter().enumerate();
    Layout::new(layers.map(|(index, layer)| {
        let units = match granularity {
            Granularity::Weight => layer.dims.iter().product(),
            Granularity::TwoOfFour => fours::count(&layer.dims),
            Granularity::Filter => groups_from(graph, index),
        };
        (layer.name.as_str(), units)
    }))
}

/// How many channel groups begin with filters of this layer: those of the layers that are tied to it are all with the first.
fn groups_from(graph: &Graph, layer: usize) -> usize {
    let mut spaces = graph.channels().spaces().iter();
    spaces
        .find(|space| space.layers[0] == layer)
        .map_or(0, |space| space.groups.len())
}

#[cfg(test)]
mod tests;
