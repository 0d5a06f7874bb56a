//! The shares of a batch that workers take of a step.

use std::ops::Range;

/// A step under way, until all of its shares are there.
pub(super) struct Shares {
    pub(super) rows: Vec<Range<usize>>,
    /// Loss and gradients of each.
    pub(super) done: Vec<Option<(f32, Vec<f32>)>>,
    pub(super) bytes: usize,
    /// When the last answer was there.
    pub(super) latest: f64,
}

impl Shares {
    pub(super) fn new(batch: usize, workers: usize, clock: f64) -> Self {
        let rows = shares(batch, workers);
        Self {
            done: vec![None; rows.len()],
            rows,
            bytes: 0,
            latest: clock,
        }
    }
}

/// Consecutive rows of a batch for each worker, as even as can be; none where there are fewer rows than workers.
fn shares(batch: usize, workers: usize) -> Vec<Range<usize>> {
    let workers = workers.clamp(1, batch.max(1));
    (0..workers)
        .map(|w| batch * w / workers..batch * (w + 1) / workers)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn shares_are_the_batch_and_as_even_as_can_be(batch in 1usize..600, workers in 1usize..17) {
            let shares = shares(batch, workers);
            prop_assert!(shares.iter().cloned().flatten().eq(0..batch));
            let lens = shares.iter().map(ExactSizeIterator::len);
            prop_assert!(lens.clone().max().unwrap() - lens.min().unwrap() <= 1);
        }
    }
}
