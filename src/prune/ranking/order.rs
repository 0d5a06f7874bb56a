//! The order in which units go.

use crate::prune::method::{Granularity, Method};
use crate::prune::selection::RankedGroup;
use crate::prune::units::Units;
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
    let left = all().filter(|&u| !held[u]);
    order.extend(by_score(left.map(|u| (key(scores[u]), u as u32)).collect()));
    order
}

/// Finite scores as numbers of the same order: those of 0 and -0 are equal.
fn key(score: f32) -> u32 {
    let bits = (score + 0.0).to_bits();
    bits ^ match bits >> 31 {
        0 => 1 << 31,
        _ => u32::MAX,
    }
}

/// Sorts units by their keys, equals as they are: digit by digit, the last one first. While a network trains its weights
/// are ranked again and again, and a sort that compares them takes several times as long.
fn by_score(mut units: Vec<(u32, u32)>) -> impl Iterator<Item = u32> {
    const DIGIT: u32 = 11;
    let mut sorted = vec![(0, 0); units.len()];
    for shift in (0..u32::BITS).step_by(DIGIT as usize) {
        let digit = |key: u32| (key >> shift) as usize % (1 << DIGIT);
        let mut places = [0; 1 << DIGIT];
        for &(key, _) in &units {
            places[digit(key)] += 1;
        }
        let mut before = 0;
        for place in &mut places {
            before += std::mem::replace(place, before);
        }
        for &unit in &units {
            let place = &mut places[digit(unit.0)];
            sorted[*place] = unit;
            *place += 1;
        }
        std::mem::swap(&mut units, &mut sorted);
    }
    units.into_iter().map(|(_, unit)| unit)
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finite_scores_of_any_size_and_sign_are_in_order_and_equals_by_position(
            mut scores in prop::collection::vec(any::<f32>().prop_filter("finite", |s| s.is_finite()), 0..200),
        ) {
            scores.extend([0.0, -0.0, f32::MAX, f32::MIN, -f32::MIN_POSITIVE, 0.0]);
            let all = vec![true; scores.len()];
            let order = in_order(0..scores.len(), &all, &vec![false; scores.len()], &scores);
            let mut expected: Vec<u32> = (0..scores.len() as u32).collect();
            expected.sort_by(|&a, &b| scores[a as usize].partial_cmp(&scores[b as usize]).expect("finite"));
            prop_assert_eq!(order, expected);
        }
    }
}
