//! Units of cutting: what goes at once. A weight belongs to at most two units: its own filter and,
//! as an input, the filter that feeds it.

use super::method::{Granularity, Method};
use crate::net::Layout;

/// No unit; a rank that is never reached.
pub const NEVER: u32 = u32::MAX;

/// Scores as criteria give them.
#[derive(Clone, Debug, PartialEq)]
pub enum Scores {
    /// One for each prunable weight.
    Weights(Vec<f32>),
    /// One for each filter of conv1, then of conv2.
    Filters(Vec<f32>),
}

/// The units of a network, each with its score.
#[derive(Clone, Debug, PartialEq)]
pub struct Units {
    /// How many units each layer has.
    pub layout: Layout,
    pub scores: Vec<f32>,
    /// For each weight the units that take it, [`NEVER`] where there is none.
    owners: Vec<[u32; 2]>,
}

impl Units {
    /// `shapes` are the weight shapes of conv1, conv2 and the linear layer, `held` the mask over all
    /// weights.
    pub fn new(method: &Method, shapes: &[Vec<usize>; 3], scores: Scores, held: &[u8]) -> Self {
        match (method.granularity, scores) {
            (Granularity::Weight, Scores::Weights(scores)) => Self {
                layout: weights_of(shapes),
                owners: (0..scores.len() as u32).map(|i| [i, NEVER]).collect(),
                scores,
            },
            (Granularity::TwoOfFour, Scores::Weights(scores)) => Self {
                layout: Layout::new([("conv1", 1), ("conv2", 0), ("fc", 0)]),
                owners: two_of_four(shapes, &scores, held, method.spare_classifier),
                scores: vec![0.0],
            },
            (_, scores) => {
                let scores = match scores {
                    Scores::Filters(scores) => scores,
                    Scores::Weights(scores) => filter_sums(shapes, &scores),
                };
                let filters = [("conv1", shapes[0][0]), ("conv2", shapes[1][0]), ("fc", 0)];
                Self {
                    layout: Layout::new(filters),
                    owners: filter_owners(shapes),
                    scores,
                }
            }
        }
    }

    /// Which units the held mask has cut already: those all of whose weights are gone.
    pub fn held(&self, mask: &[u8]) -> Vec<bool> {
        let mut weights = vec![0u32; self.scores.len()];
        let mut left = vec![0u32; self.scores.len()];
        for (owners, &m) in self.owners.iter().zip(mask) {
            for &unit in owners.iter().filter(|&&u| u != NEVER) {
                weights[unit as usize] += 1;
                left[unit as usize] += u32::from(m);
            }
        }
        weights
            .iter()
            .zip(&left)
            .map(|(&n, &left)| n > 0 && left == 0)
            .collect()
    }

    /// The mask that is left of `held` when the units marked in `cut` go.
    pub fn mask(&self, cut: &[bool], held: &[u8]) -> Vec<u8> {
        let gone = |u: u32| u != NEVER && cut[u as usize];
        self.owners
            .iter()
            .zip(held)
            .map(|(owners, &m)| u8::from(m == 1 && !owners.iter().any(|&u| gone(u))))
            .collect()
    }

    /// For each weight the first rank at which it goes.
    pub fn ranks(&self, unit_ranks: &[u32]) -> Vec<u32> {
        let rank = |u: u32| unit_ranks.get(u as usize).copied().unwrap_or(NEVER);
        self.owners
            .iter()
            .map(|&[a, b]| rank(a).min(rank(b)))
            .collect()
    }
}

fn weights_of(shapes: &[Vec<usize>; 3]) -> Layout {
    let names = ["conv1", "conv2", "fc"];
    Layout::new(
        names
            .into_iter()
            .zip(shapes.iter().map(|s| s.iter().product())),
    )
}

/// A filter's score from its weights' scores: their sum (of |w|: the L1 norm).
fn filter_sums(shapes: &[Vec<usize>; 3], scores: &[f32]) -> Vec<f32> {
    let mut sums = Vec::new();
    for ((_, range), shape) in weights_of(shapes).layers().zip(&shapes[..2]) {
        let len = shape[1..].iter().product::<usize>();
        sums.extend(scores[range].chunks(len).map(|f| f.iter().sum::<f32>()));
    }
    sums
}

/// Each weight's own filter and the filter of the layer before that feeds it.
fn filter_owners(shapes: &[Vec<usize>; 3]) -> Vec<[u32; 2]> {
    let [conv1, conv2, fc] = shapes;
    let (w1, w2) = (conv1[0], conv2[0]);
    let per_filter = conv1[1..].iter().product::<usize>();
    let positions = fc[1] / w2.max(1);
    let first = (0..w1 * per_filter).map(|i| [(i / per_filter) as u32, NEVER]);
    let second = (0..w2 * w1 * 9).map(|i| [(w1 + i / (w1 * 9)) as u32, (i / 9 % w1) as u32]);
    let last = (0..fc[0] * fc[1]).map(|i| [NEVER, (w1 + i % fc[1] / positions) as u32]);
    first.chain(second).chain(last).collect()
}

/// One unit, which takes two of every four neighbours along a row: first those already cut, then the
/// lowest, of equals the first.
fn two_of_four(
    shapes: &[Vec<usize>; 3],
    scores: &[f32],
    held: &[u8],
    spare_classifier: bool,
) -> Vec<[u32; 2]> {
    let mut owners = vec![[NEVER; 2]; scores.len()];
    for (layer, ((_, range), shape)) in weights_of(shapes).layers().zip(shapes).enumerate() {
        let row = shape[1..].iter().product::<usize>();
        if row % 4 != 0 || (layer == 2 && spare_classifier) {
            continue;
        }
        for four in (range.start..range.end).step_by(4) {
            let mut order = [four, four + 1, four + 2, four + 3];
            order.sort_by(|&a, &b| held[a].cmp(&held[b]).then(scores[a].total_cmp(&scores[b])));
            owners[order[0]] = [0, NEVER];
            owners[order[1]] = [0, NEVER];
        }
    }
    owners
}
