//! Dropout (Srivastava et al., JMLR 2014). Which values go is a pure function of seed, step, node and place in the batch: there
//! is no random state to save, and workers that share a batch drop what one would.

use crate::data::random::{draw, key};
use crate::ops::float::mul;
use crate::ops::values::Values;

/// What is drawn at a training step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    pub seed: u32,
    pub step: u32,
    /// Where the rows at hand begin in the batch of the step.
    pub first_row: u32,
}

impl Draws {
    pub(super) fn key(&self, node: usize) -> u64 {
        key(*b"dropout.", &[self.seed, self.step, node as u32])
    }
}

/// Of `rows` rows of `len` values each: 0 for `percent` per cent, drawn, and for the others what keeps the mean.
fn factors(percent: u32, key: u64, first_row: u32, rows: usize, len: usize) -> Vec<f32> {
    let kept = 1.0 / (1.0 - percent as f32 / 100.0);
    let below = (u64::from(percent) * (1 << 32) / 100) as u32;
    let from = first_row.wrapping_mul(len as u32);
    (0..(rows * len) as u32)
        .map(|i| match draw(key, from.wrapping_add(i)) < below {
            true => 0.0,
            false => kept,
        })
        .collect()
}

/// `x`, of rows that begin at `first_row` of a batch, with `percent` per cent of its values dropped.
pub(super) fn dropout(x: &Values, percent: u32, key: u64, first_row: u32) -> Values {
    // Each number by itself: the rank does not matter.
    let x = x.tensor::<1>();
    let dims = x.shape().to_vec();
    let rows = dims.first().copied().unwrap_or(1);
    let len = dims.iter().skip(1).product();
    let factors = factors(percent, key, first_row, rows, len);
    let factors = Values::new(factors, &dims, &x.device());
    Values::of(mul(x, factors.tensor::<1>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DRAWS: Draws = Draws {
        seed: 1,
        step: 2,
        first_row: 0,
    };

    proptest! {
        #[test]
        fn shares_of_a_batch_drop_what_the_batch_drops(
            percent in 0u32..=95, rows in 1usize..20, len in 1usize..50, at in 0usize..20,
        ) {
            let at = at.min(rows);
            let key = DRAWS.key(3);
            let whole = factors(percent, key, 0, rows, len);
            let first = factors(percent, key, 0, at, len);
            let rest = factors(percent, key, at as u32, rows - at, len);
            prop_assert_eq!(whole, [first, rest].concat());
        }

        #[test]
        fn as_many_go_as_asked_and_the_mean_stays(percent in 0u32..=95, seed: u32, step: u32, node in 0usize..300) {
            let draws = Draws { seed, step, first_row: 0 };
            let factors = factors(percent, draws.key(node), 0, 100, 100);
            let share = f64::from(percent) / 100.0;
            let gone = factors.iter().filter(|&&f| f == 0.0).count() as f64 / 1e4;
            // Six standard deviations.
            prop_assert!((gone - share).abs() <= 6.0 * (share * (1.0 - share) / 1e4).sqrt(), "{}", gone);
            let kept = factors.iter().copied().reduce(f32::max).unwrap_or_default();
            prop_assert!((f64::from(kept) * (1.0 - share) - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn other_steps_nodes_and_seeds_drop_others() {
        let of = |draws: Draws, node| factors(50, draws.key(node), 0, 4, 64);
        let all = [
            of(DRAWS, 3),
            of(DRAWS, 4),
            of(Draws { step: 3, ..DRAWS }, 3),
            of(Draws { seed: 2, ..DRAWS }, 3),
        ];
        for (i, a) in all.iter().enumerate() {
            for b in &all[..i] {
                let same = a.iter().zip(b).filter(|(a, b)| a == b).count();
                assert!((80..=176).contains(&same), "{same} of 256");
            }
        }
    }
}
