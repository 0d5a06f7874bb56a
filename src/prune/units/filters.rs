//! Channel groups: filters that go together, with their biases and the inputs that read them. A weight belongs to at most two:
//! its own filter's and, as an input, that of the channel it reads.

use super::scores::{NEVER, Scores, of_weights, size};
use crate::net::{Graph, Layout};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filters {
    graph: Arc<Graph>,
}

impl Filters {
    pub(super) fn new(graph: &Arc<Graph>) -> Self {
        Self {
            graph: graph.clone(),
        }
    }

    fn count(&self) -> usize {
        self.graph.channels().groups().len()
    }

    /// Each group's score. With a `layout`, scores are divided by the mean of their space's.
    pub(super) fn scores(&self, scores: Scores, held: &[u8], layout: Option<&Layout>) -> Vec<f32> {
        let of_filters = match scores {
            Scores::Units { scores, .. } => return scores,
            Scores::Filters(scores) => scores.into_iter().map(f64::from).collect(),
            Scores::Weights(_) => self.means(&of_weights(scores, held)),
        };
        let mut scores = self.of_groups(&of_filters);
        if let Some(layout) = layout {
            divide_by_means(&mut scores, &self.held(held), layout);
        }
        scores
    }

    /// The mean over a filter's weights, so that a large filter does not win by being large; of each filter of each layer.
    fn means(&self, scores: &[f32]) -> Vec<f64> {
        let layers = self.graph.layers().iter().zip(self.graph.layout().layers());
        layers
            .flat_map(|(layer, (_, range))| {
                let len = size(&layer.dims[1..]).max(1);
                let filters = scores[range].chunks(len);
                filters.map(move |f| f.iter().map(|&s| f64::from(s)).sum::<f64>() / len as f64)
            })
            .collect()
    }

    /// The mean over the filters of a group.
    fn of_groups(&self, of_filters: &[f64]) -> Vec<f32> {
        let mut starts = vec![0];
        for layer in self.graph.layers() {
            starts.push(starts[starts.len() - 1] + layer.dims[0]);
        }
        let groups = self.graph.channels().groups().iter();
        groups
            .map(|members| {
                let score = |&(layer, filter): &(usize, usize)| of_filters[starts[layer] + filter];
                (members.iter().map(score).sum::<f64>() / members.len() as f64) as f32
            })
            .collect()
    }

    /// Those all of whose weights are gone, with all that read them.
    pub(super) fn held(&self, mask: &[u8]) -> Vec<bool> {
        let removed = self.graph.removed_groups(mask);
        removed.unwrap_or_else(|| vec![false; self.count()])
    }

    pub(super) fn mask(&self, cut: &[bool], held: &[u8]) -> Vec<u8> {
        let gone = |u: u32| u != NEVER && cut[u as usize];
        let owners = self.graph.owners().zip(held);
        owners
            .map(|([a, b], &m)| u8::from(m == 1 && !gone(a) && !gone(b)))
            .collect()
    }

    pub(super) fn ranks(&self, unit_ranks: &[u32]) -> Vec<u32> {
        let rank = |u: u32| unit_ranks.get(u as usize).copied().unwrap_or(NEVER);
        let owners = self.graph.owners();
        owners.map(|[a, b]| rank(a).min(rank(b))).collect()
    }
}

/// Of the filters that are still there. Scores that can be negative count by their size, so that no
/// order is turned round.
fn divide_by_means(scores: &mut [f32], held: &[bool], layout: &Layout) {
    for (_, range) in layout.layers() {
        let left = range.clone().filter(|&u| !held[u]);
        let sizes = left.map(|u| f64::from(scores[u].abs()));
        let (n, sum) = sizes.fold((0, 0.0), |(n, sum), s| (n + 1, sum + s));
        if sum > 0.0 {
            let mean = sum / f64::from(n);
            for score in &mut scores[range] {
                *score = (f64::from(*score) / mean) as f32;
            }
        }
    }
}
