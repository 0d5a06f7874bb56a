//! Which gradients may be under way at once, and which may be applied, so that none is ever staler than the bound.
//!
//! A gradient's staleness is the number of updates made since its weights were pulled. Those under way, in the order of
//! their pulls, can all be kept within the bound when each could still be applied after those before it.

/// A gradient under way, by the version of the weights that it is of.
pub type Version = u64;

/// Whether gradients pulled at `versions` (ascending) can all be applied within `bound`, one after another, from `now` on.
fn feasible(versions: impl Iterator<Item = Version>, now: Version, bound: Option<u32>) -> bool {
    let Some(bound) = bound else { return true };
    let mut after = now..;
    versions
        .zip(&mut after)
        .all(|(pulled, at)| at.saturating_sub(pulled) <= u64::from(bound))
}

/// Whether one more may pull the weights of version `now` while those of `under_way` (ascending) are.
pub fn admits(under_way: &[Version], now: Version, bound: Option<u32>) -> bool {
    feasible(under_way.iter().copied().chain([now]), now, bound)
}

/// Whether the one at `index` of `under_way` (ascending) may be applied to version `now` before all others.
pub fn applicable(under_way: &[Version], index: usize, now: Version, bound: Option<u32>) -> bool {
    let others = under_way.iter().enumerate();
    let others = others
        .filter(|(i, _)| *i != index)
        .map(|(_, version)| *version);
    let itself = under_way
        .get(index)
        .is_some_and(|&pulled| bound.is_none_or(|b| now - pulled <= u64::from(b)));
    itself && feasible(others, now + 1, bound)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Workers come and go in any order: no gradient is ever too stale, and there is always one that can be applied.
        #[test]
        fn no_gradient_is_staler_than_the_bound_and_none_waits_for_ever(
            bound in prop::option::of(0u32..6), workers in 1usize..8, choices in prop::collection::vec(any::<prop::sample::Index>(), 200),
        ) {
            let mut under_way: Vec<Version> = Vec::new();
            for (now, choice) in (0..).zip(choices) {
                while under_way.len() < workers && admits(&under_way, now, bound) {
                    under_way.push(now);
                }
                let can: Vec<usize> = (0..under_way.len()).filter(|&i| applicable(&under_way, i, now, bound)).collect();
                prop_assert!(can.contains(&0), "the oldest can always be applied");
                let pulled = under_way.remove(can[choice.index(can.len())]);
                prop_assert!(bound.is_none_or(|b| now - pulled <= u64::from(b)));
            }
        }
    }

    #[test]
    fn a_bound_of_0_leaves_one_under_way() {
        assert!(admits(&[], 5, Some(0)));
        assert!(!admits(&[5], 5, Some(0)));
        assert!(admits(&[5], 5, Some(1)));
        assert!(admits(&[5; 9], 5, None));
    }

    #[test]
    fn a_fast_worker_waits_for_the_one_that_would_be_too_stale() {
        assert!(applicable(&[3, 4], 1, 4, Some(2)));
        assert!(!applicable(&[3, 5], 1, 5, Some(2)));
        assert!(applicable(&[3, 5], 0, 5, Some(2)));
    }
}
