//! What every cut of a large network comes to, without an array a weight: figures at some places of the order of cutting.

use super::ranking::Ranking;
use super::units::NEVER;
use crate::net::Layout;

/// Figures at places of the order; between them, they change evenly as far as a page can show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// Units cut, ascending: from those that are cut already to all, evenly spaced. Each place once.
    pub knots: Vec<u32>,
    /// For each of them the threshold: the score of the unit that goes next; past the last, the least number above its score.
    pub scores: Vec<f32>,
    /// Weights kept of each layer at each of them, layer after layer.
    pub kept: Vec<u32>,
}

impl Tables {
    /// Of `ranking` at `spaces` + 1 places, or at every one where there are fewer; `weights` is where the layers lie among all
    /// weights.
    pub fn new(ranking: &Ranking, weights: &Layout, spaces: usize) -> Self {
        let all = ranking.all();
        let (held, units) = (all.held as usize, all.units as usize);
        let spaces = (units - held).min(spaces);
        let knots = (0..=spaces)
            .map(|i| knot(held, units, i, spaces))
            .collect::<Vec<u32>>();
        let score = |&knot: &u32| {
            let next = ranking.score_at(knot as usize);
            next.unwrap_or_else(|| above_all(ranking, units))
        };
        Self {
            scores: knots.iter().map(score).collect(),
            kept: kept_at(ranking, &knots, weights),
            knots,
        }
    }
}

/// Where the `i`th of `spaces` ends between `held` and `units`. The product is of more than the 32 bits of a browser's `usize`.
fn knot(held: usize, units: usize, i: usize, spaces: usize) -> u32 {
    let way = (units - held) as u64 * i as u64 / spaces.max(1) as u64;
    held as u32 + way as u32
}

/// Above every score of those that may go.
fn above_all(ranking: &Ranking, units: usize) -> f32 {
    let scores = (0..units).filter_map(|place| ranking.score_at(place));
    scores.reduce(f32::max).map_or(0.0, f32::next_up)
}

fn kept_at(ranking: &Ranking, knots: &[u32], weights: &Layout) -> Vec<u32> {
    let ranks = ranking.ranks();
    let mut kept = Vec::with_capacity(knots.len() * weights.layers().count());
    for (_, range) in weights.layers() {
        // Of those kept now, how many go between each place and the next; what never goes is with the last.
        let mut going = vec![0u32; knots.len()];
        let held = ranking.held_mask()[range.clone()].iter();
        for (&rank, _) in ranks[range].iter().zip(held).filter(|(_, m)| **m != 0) {
            let after = match rank {
                NEVER => knots.len(),
                rank => knots.partition_point(|&knot| knot <= rank),
            };
            // It is kept as long as no more units go than come before it.
            going[after.saturating_sub(1)] += 1;
        }
        let mut left = 0;
        for count in going.iter_mut().rev() {
            left += *count;
            *count = left;
        }
        kept.append(&mut going);
    }
    kept
}
