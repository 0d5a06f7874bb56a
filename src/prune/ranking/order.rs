//! The order in which units go.

use crate::prune::method::{Granularity, Method};
use crate::prune::selection::RankedGroup;
use crate::prune::units::Units;
use std::cmp::Ordering;
use std::ops::Range;

/// Those of `range` that may go: the held ones, then the others by score, ties by position.
pub(super) fn in_order(
    range: Range<usize>,
    may_go: &[bool],
    held: &[bool],
    scores: &[f32],
) -> Vec<u32> {
    let all = || range.clone().filter(|&u| may_go[u]);
    let mut order: Vec<u32> = all().filter(|&u| held[u]).map(|u| u as u32).collect();
    let first = order.len();
    order.extend(all().filter(|&u| !held[u]).map(|u| u as u32));
    order[first..].sort_unstable_by(|&a, &b| {
        let by_score = scores[a as usize].partial_cmp(&scores[b as usize]);
        by_score.unwrap_or(Ordering::Equal).then(a.cmp(&b))
    });
    order
}

/// Which units the method's options let go.
pub(super) fn may_go(units: &Units, held: &[bool], method: &Method) -> Vec<bool> {
    let mut may_go = vec![true; units.scores.len()];
    let last = units.layout.layers().count().saturating_sub(1);
    // Fours leave half of a layer.
    let never_empty = method.never_empty && method.granularity != Granularity::TwoOfFour;
    for (layer, (_, range)) in units.layout.layers().enumerate() {
        if method.spare_classifier && layer == last {
            may_go[range].fill(false);
        } else if never_empty {
            let best = range.filter(|&u| !held[u]).reduce(|a, b| {
                if units.scores[b] >= units.scores[a] {
                    b
                } else {
                    a
                }
            });
            if let Some(best) = best {
                may_go[best] = false;
            }
        }
    }
    may_go
}

/// Merges the orders of the layers: the r-th (from 0) of n units goes as soon as `p * n` rounds to
/// more than r, that is at p = (r + 1/2) / n; of those that go together, the ones that a half
/// rounds up to come first. Units already cut stay in front.
pub(super) fn merge(layers: &[Vec<u32>], groups: &[RankedGroup]) -> Vec<u32> {
    let mut next: Vec<usize> = groups.iter().map(|g| g.held as usize).collect();
    let held = layers.iter().zip(&next).flat_map(|(l, &held)| &l[..held]);
    let mut order: Vec<u32> = held.copied().collect();
    let sooner = |(r, n): (u64, u64), (s, m): (u64, u64)| {
        let break_points = ((2 * r + 1) * m).cmp(&((2 * s + 1) * n));
        break_points.then((r % 2 == 0).cmp(&(s % 2 == 0))).is_lt()
    };
    loop {
        let mut first: Option<(usize, (u64, u64))> = None;
        for (layer, members) in layers.iter().enumerate() {
            let place = (next[layer] as u64, members.len() as u64);
            if place.0 < place.1 && first.is_none_or(|(_, best)| sooner(place, best)) {
                first = Some((layer, place));
            }
        }
        let Some((layer, _)) = first else {
            return order;
        };
        order.push(layers[layer][next[layer]]);
        next[layer] += 1;
    }
}
