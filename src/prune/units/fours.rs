//! Fours: four neighbours along the flattened inputs, two of which go at once.

use super::scores::{NEVER, Scores, size};
use crate::net::Graph;
use std::ops::Range;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fours {
    /// The weights that are in fours, layer by layer.
    ranges: Vec<Range<usize>>,
    /// All weights, in fours or not.
    weights: usize,
    /// For each four which of its weights go: a bit each, the lowest for the first.
    takes: Vec<u8>,
}

/// How many fours a layer has: none where four does not divide its rows.
pub(super) fn count(shape: &[usize]) -> usize {
    match size(&shape[1..]) % 4 {
        0 => size(shape) / 4,
        _ => 0,
    }
}

impl Fours {
    /// The fours, and the score of each.
    pub(super) fn new(graph: &Graph, scores: Scores, held: &[u8]) -> (Self, Vec<f32>) {
        let (given, within) = match scores {
            Scores::Units { scores, within } => (Some(scores), within),
            Scores::Weights(scores) | Scores::Filters(scores) => (None, scores),
        };
        let layers = graph.layout().layers().zip(graph.layers());
        let ranges: Vec<_> = layers
            .filter(|(_, layer)| count(&layer.dims) > 0)
            .map(|((_, range), _)| range)
            .collect();
        let total = ranges.iter().map(|r| r.len() / 4).sum();
        let (mut takes, mut sums) = (Vec::with_capacity(total), Vec::with_capacity(total));
        for start in ranges.iter().flat_map(|r| r.clone().step_by(4)) {
            let (bits, sum) = lower_two(&within[start..start + 4], &held[start..start + 4]);
            takes.push(bits);
            sums.push(sum);
        }
        let weights = held.len();
        let fours = Self {
            ranges,
            weights,
            takes,
        };
        (fours, given.unwrap_or(sums))
    }

    /// Each four's first weight.
    fn starts(&self) -> impl Iterator<Item = usize> {
        self.ranges.iter().flat_map(|r| r.clone().step_by(4))
    }

    /// Each four's weights that go, with the four.
    fn taken(&self) -> impl Iterator<Item = (usize, usize)> {
        self.starts()
            .zip(&self.takes)
            .enumerate()
            .flat_map(|(unit, (start, &bits))| {
                (0..4)
                    .filter(move |i| bits >> i & 1 == 1)
                    .map(move |i| (unit, start + i))
            })
    }

    /// Those that have lost two weights.
    pub(super) fn held(&self, mask: &[u8]) -> Vec<bool> {
        let lost = |start: usize| mask[start..start + 4].iter().filter(|&&m| m == 0).count();
        self.starts().map(|start| lost(start) >= 2).collect()
    }

    pub(super) fn mask(&self, cut: &[bool], held: &[u8]) -> Vec<u8> {
        let mut mask = held.to_vec();
        for (_, weight) in self.taken().filter(|&(unit, _)| cut[unit]) {
            mask[weight] = 0;
        }
        mask
    }

    pub(super) fn ranks(&self, unit_ranks: &[u32]) -> Vec<u32> {
        let mut ranks = vec![NEVER; self.weights];
        for (unit, weight) in self.taken() {
            ranks[weight] = unit_ranks[unit];
        }
        ranks
    }
}

/// The two of four that go: first those already cut, which cost nothing, then the lowest, of equals
/// the first. And what cutting them loses: their sum, or what is not finite among the four.
fn lower_two(scores: &[f32], held: &[u8]) -> (u8, f32) {
    // -0 is no lower than 0.
    let cost = |i: usize| if held[i] == 0 { 0.0 } else { scores[i] + 0.0 };
    let costs = [0, 1, 2, 3].map(cost);
    let mut order = [0, 1, 2, 3];
    order.sort_by(|&a, &b| held[a].cmp(&held[b]).then(costs[a].total_cmp(&costs[b])));
    let unfit = costs.into_iter().find(|c| !c.is_finite());
    let sum = costs[order[0]] + costs[order[1]];
    (1 << order[0] | 1 << order[1], unfit.unwrap_or(sum))
}
