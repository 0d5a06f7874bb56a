//! Scores in the order of cutting, sorted once, so that any cut is a binary search.

use super::{Layout, scores::require_finite};
use crate::error::{Error, ErrorCode, Result};
use crate::protocol::Selection;
use std::cmp::Ordering;

/// How many of `n` go at fraction `p`: `round(p * n)`, halves to even, as PyTorch's `prune` does.
pub fn prune_count(p: f64, n: usize) -> usize {
    (p.clamp(0.0, 1.0) * n as f64).round_ties_even() as usize
}

/// The order in which weights go: those already cut first, then by score, ties by position (layer
/// order, then row-major index), so that a mask is a pure function of scores and held mask.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// Weight indices in the order of cutting.
    order: Vec<u32>,
    /// Scores in that order; 0 for those already cut.
    sorted: Vec<f32>,
    /// How many are already cut.
    held: usize,
}

impl Ranking {
    /// Ranks `scores` under the held `mask` (both of `layout.total()` elements).
    ///
    /// # Errors
    /// A score that is not finite, with its layer's name.
    pub fn new(scores: &[f32], mask: &[u8], layout: &Layout) -> Result<Self> {
        require_finite(scores, layout)?;
        let n = scores.len() as u32;
        let (mut order, mut kept): (Vec<u32>, Vec<u32>) =
            (0..n).partition(|&i| mask[i as usize] == 0);
        let held = order.len();
        // A stable sort keeps equal scores in order of position.
        kept.sort_by(|&a, &b| {
            let (a, b) = (scores[a as usize], scores[b as usize]);
            a.partial_cmp(&b).unwrap_or(Ordering::Equal)
        });
        let mut sorted = vec![0.0; held];
        sorted.extend(kept.iter().map(|&i| scores[i as usize]));
        order.append(&mut kept);
        Ok(Self {
            order,
            sorted,
            held,
        })
    }

    pub fn len(&self) -> usize {
        self.order.len()
    }

    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// How many weights the held mask has cut.
    pub fn held(&self) -> usize {
        self.held
    }

    /// Scores in the order of cutting.
    pub fn sorted(&self) -> &[f32] {
        &self.sorted
    }

    /// For each weight its place in the order of cutting.
    pub fn ranks(&self) -> Vec<u32> {
        let mut ranks = vec![0; self.order.len()];
        for (rank, &i) in (0u32..).zip(&self.order) {
            ranks[i as usize] = rank;
        }
        ranks
    }

    /// How many weights are cut, all told, under `selection`; never fewer than are held.
    ///
    /// # Errors
    /// A fraction outside 0 to 1, a threshold that is not a number.
    pub fn count(&self, selection: Selection) -> Result<usize> {
        let bad = |sentence: String| Err(Error::new(ErrorCode::BadCommand, sentence));
        let wanted = match selection {
            Selection::Fraction(p) if !(0.0..=1.0).contains(&p) => {
                return bad(format!(
                    "the fraction to prune must be between 0 and 1, not {p}"
                ));
            }
            Selection::Fraction(p) => prune_count(p, self.len()),
            Selection::Threshold(t) if t.is_nan() => {
                return bad("the threshold must be a number".into());
            }
            Selection::Threshold(t) => {
                self.held + self.sorted[self.held..].partition_point(|&s| s < t)
            }
        };
        Ok(wanted.max(self.held))
    }

    /// The mask that cuts the first `count` weights.
    pub fn mask(&self, count: usize) -> Vec<u8> {
        let mut mask = vec![1; self.order.len()];
        for &i in &self.order[..count.min(self.order.len())] {
            mask[i as usize] = 0;
        }
        mask
    }

    /// The smallest kept score when `count` are cut; above every score when none is kept.
    pub fn threshold(&self, count: usize) -> f32 {
        match self.sorted.get(count) {
            Some(&score) => score,
            None => self.sorted.last().map_or(0.0, |s| s.next_up()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn layout(n: usize) -> Layout {
        Layout::new([("conv1", n / 2), ("fc", n - n / 2)])
    }

    fn ranking(scores: &[f32]) -> Ranking {
        Ranking::new(scores, &vec![1; scores.len()], &layout(scores.len())).expect("finite")
    }

    #[test]
    fn a_score_that_is_not_finite_is_refused_with_its_layer() {
        let error = Ranking::new(&[1.0, 2.0, f32::NAN], &[1; 3], &layout(3)).unwrap_err();
        assert_eq!(error.code, ErrorCode::Diverged);
        assert!(error.message.contains("layer fc"), "{error}");
    }

    #[test]
    fn equal_scores_go_by_position() {
        let mask = ranking(&[1.0; 8]).mask(4);
        assert_eq!(mask, [0, 0, 0, 0, 1, 1, 1, 1]);
    }

    #[test]
    fn a_threshold_cuts_strictly_below_itself() {
        let r = ranking(&[0.5, 0.25, 0.5, 0.125]);
        assert_eq!(r.count(Selection::Threshold(0.5)), Ok(2));
        assert_eq!(r.count(Selection::Threshold(0.5f32.next_up())), Ok(4));
        assert_eq!(r.count(Selection::Threshold(f32::INFINITY)), Ok(4));
        assert!(r.count(Selection::Threshold(f32::NAN)).is_err());
        assert!(r.count(Selection::Fraction(1.5)).is_err());
    }

    fn scores() -> impl Strategy<Value = Vec<f32>> {
        // Few distinct values, so that ties are common.
        prop::collection::vec((0u8..20).prop_map(|v| f32::from(v) / 7.0), 1..200)
    }

    proptest! {
        #[test]
        fn counts_are_exact_and_the_lowest_go(scores in scores(), p in 0.0f64..=1.0) {
            let r = ranking(&scores);
            let k = r.count(Selection::Fraction(p)).expect("in range");
            prop_assert_eq!(k, prune_count(p, scores.len()));
            let mask = r.mask(k);
            prop_assert_eq!(mask.iter().filter(|&&m| m == 0).count(), k);
            let cut = scores.iter().zip(&mask).filter(|(_, m)| **m == 0).map(|(s, _)| *s);
            let kept = scores.iter().zip(&mask).filter(|(_, m)| **m == 1).map(|(s, _)| *s);
            let highest_cut = cut.fold(f32::NEG_INFINITY, f32::max);
            let lowest_kept = kept.fold(f32::INFINITY, f32::min);
            prop_assert!(highest_cut <= lowest_kept);
            if k < scores.len() {
                prop_assert_eq!(r.threshold(k), lowest_kept);
            }
        }

        #[test]
        fn nothing_goes_at_0_and_everything_at_1(scores in scores()) {
            let r = ranking(&scores);
            prop_assert!(r.mask(r.count(Selection::Fraction(0.0)).expect("ok")).iter().all(|&m| m == 1));
            prop_assert!(r.mask(r.count(Selection::Fraction(1.0)).expect("ok")).iter().all(|&m| m == 0));
        }

        #[test]
        fn masks_only_shrink_as_the_fraction_grows(scores in scores(), a in 0.0f64..=1.0, b in 0.0f64..=1.0) {
            let r = ranking(&scores);
            let (lo, hi) = (a.min(b), a.max(b));
            let lo = r.mask(r.count(Selection::Fraction(lo)).expect("ok"));
            let hi = r.mask(r.count(Selection::Fraction(hi)).expect("ok"));
            prop_assert!(lo.iter().zip(&hi).all(|(l, h)| h <= l));
        }

        #[test]
        fn a_held_mask_stays_cut(scores in scores(), held in 0.0f64..=1.0, p in 0.0f64..=1.0) {
            let first = ranking(&scores);
            let mask = first.mask(prune_count(held, scores.len()));
            let again = Ranking::new(&scores, &mask, &layout(scores.len())).expect("finite");
            let k = again.count(Selection::Fraction(p)).expect("in range");
            prop_assert_eq!(k, prune_count(p, scores.len()).max(again.held()));
            prop_assert!(again.mask(k).iter().zip(&mask).all(|(new, old)| new <= old));
        }

        #[test]
        fn the_threshold_of_a_count_reads_back_as_at_most_that_count(scores in scores(), p in 0.0f64..=1.0) {
            let r = ranking(&scores);
            let k = prune_count(p, scores.len());
            let again = r.count(Selection::Threshold(r.threshold(k))).expect("a number");
            // Fewer only where a tie straddles the cut.
            prop_assert!(again <= k);
            if k == 0 || k == scores.len() || r.sorted()[k - 1] < r.sorted()[k] {
                prop_assert_eq!(again, k);
            }
        }

        #[test]
        fn ranks_and_masks_agree(scores in scores(), k in 0usize..200) {
            let r = ranking(&scores);
            let k = k.min(scores.len());
            let from_ranks: Vec<u8> = r.ranks().iter().map(|&rank| u8::from(rank as usize >= k)).collect();
            prop_assert_eq!(from_ranks, r.mask(k));
        }

        #[test]
        fn a_positive_scale_changes_no_mask(scores in scores(), k in 0usize..200) {
            let doubled: Vec<f32> = scores.iter().map(|s| s * 4.0).collect();
            let k = k.min(scores.len());
            prop_assert_eq!(ranking(&scores).mask(k), ranking(&doubled).mask(k));
        }
    }
}
