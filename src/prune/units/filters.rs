//! Filters: an output channel of a convolution with its bias and the inputs that read it. A weight
//! belongs to at most two: its own filter and, as an input, the filter that feeds it.

use super::scores::{NEVER, Scores, of_weights, ranges, size};
use crate::net::Layout;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filters {
    shapes: [Vec<usize>; 3],
}

impl Filters {
    pub(super) fn new(shapes: &[Vec<usize>; 3]) -> Self {
        Self {
            shapes: shapes.clone(),
        }
    }

    fn count(&self) -> usize {
        self.shapes[0][0] + self.shapes[1][0]
    }

    /// Each filter's score. With a `layout`, scores are divided by the mean of their layer's.
    pub(super) fn scores(&self, scores: Scores, held: &[u8], layout: Option<&Layout>) -> Vec<f32> {
        let mut scores = match scores {
            Scores::Units { scores, .. } => return scores,
            Scores::Filters(scores) => scores,
            Scores::Weights(_) => self.means(&of_weights(scores, held)),
        };
        if let Some(layout) = layout {
            divide_by_means(&mut scores, &self.held(held), layout);
        }
        scores
    }

    /// The mean over a filter's weights, so that a large filter does not win by being large.
    fn means(&self, scores: &[f32]) -> Vec<f32> {
        let mut means = Vec::with_capacity(self.count());
        for (range, shape) in ranges(&self.shapes).into_iter().zip(&self.shapes[..2]) {
            let len = size(&shape[1..]).max(1);
            let mean = |f: &[f32]| f.iter().map(|&s| f64::from(s)).sum::<f64>() / len as f64;
            means.extend(scores[range].chunks(len).map(|f| mean(f) as f32));
        }
        means
    }

    /// Of each weight its own filter and the filter of the layer before that feeds it.
    fn owners(&self) -> impl Iterator<Item = [u32; 2]> {
        let [conv1, conv2, fc] = &self.shapes;
        let (w1, w2, rows) = (conv1[0] as u32, conv2[0] as u32, fc[0]);
        let [own, window] = [size(&conv1[1..]), conv2.get(2..).map_or(1, size)];
        let positions = fc[1] / conv2[0].max(1);
        let first = (0..w1).flat_map(move |f| std::iter::repeat_n([f, NEVER], own));
        let second = (w1..w1 + w2).flat_map(move |f| {
            (0..w1).flat_map(move |from| std::iter::repeat_n([f, from], window))
        });
        let last = (0..rows).flat_map(move |_| {
            (w1..w1 + w2).flat_map(move |from| std::iter::repeat_n([NEVER, from], positions))
        });
        first.chain(second).chain(last)
    }

    /// Those all of whose weights are gone, with all that read them.
    pub(super) fn held(&self, mask: &[u8]) -> Vec<bool> {
        let mut has_weights = vec![false; self.count()];
        let mut is_left = vec![false; self.count()];
        for (owners, &m) in self.owners().zip(mask) {
            for unit in owners.into_iter().filter(|&u| u != NEVER) {
                has_weights[unit as usize] = true;
                is_left[unit as usize] |= m == 1;
            }
        }
        let held = |(has, left): (bool, bool)| has && !left;
        has_weights.into_iter().zip(is_left).map(held).collect()
    }

    pub(super) fn mask(&self, cut: &[bool], held: &[u8]) -> Vec<u8> {
        let gone = |u: u32| u != NEVER && cut[u as usize];
        self.owners()
            .zip(held)
            .map(|([a, b], &m)| u8::from(m == 1 && !gone(a) && !gone(b)))
            .collect()
    }

    pub(super) fn ranks(&self, unit_ranks: &[u32]) -> Vec<u32> {
        let rank = |u: u32| unit_ranks.get(u as usize).copied().unwrap_or(NEVER);
        self.owners().map(|[a, b]| rank(a).min(rank(b))).collect()
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
