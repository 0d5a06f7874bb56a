//! Sums of runs of memory, each times a factor: what the backward passes are made of.

use wide::f32x4;

/// A factor, and where the run that it multiplies begins.
#[derive(Clone, Copy, Default)]
pub struct Term {
    pub at: usize,
    pub factor: f32,
}

/// Adds to `sum` each term's factor times the run of `values` at its place.
#[inline(always)]
pub fn add_all(sum: &mut [f32], values: &[f32], terms: &[Term]) {
    let (fours, rest) = terms.as_chunks::<4>();
    for four in fours {
        add(sum, values, four);
    }
    for term in rest {
        add(sum, values, std::array::from_ref(term));
    }
}

#[inline(always)]
fn add<const N: usize>(sum: &mut [f32], values: &[f32], terms: &[Term; N]) {
    let len = sum.len();
    let runs: [&[f32]; N] = std::array::from_fn(|i| &values[terms[i].at..][..len]);
    let factors: [f32x4; N] = std::array::from_fn(|i| f32x4::splat(terms[i].factor));
    let lanes: [_; N] = runs.map(|run| run.as_chunks::<4>().0);
    let (sums, rest) = sum.as_chunks_mut::<4>();
    for (i, sum) in sums.iter_mut().enumerate() {
        let mut total = f32x4::new(*sum);
        for (lanes, factor) in lanes.iter().zip(factors) {
            total += f32x4::new(lanes[i]) * factor;
        }
        *sum = total.to_array();
    }
    let done = len - rest.len();
    for (i, sum) in rest.iter_mut().enumerate() {
        for (run, term) in runs.iter().zip(terms) {
            *sum += run[done + i] * term.factor;
        }
    }
}
