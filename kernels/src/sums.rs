//! Sums of many numbers: lanes in single precision over so few that nothing is lost, the rest in double.

use wide::f32x4;

/// Vectors that are summed apart, so that an addition need not wait for the one before it.
const SUMS: usize = 4;
/// Numbers summed in single precision.
const RUN: usize = 1024;

/// Of all numbers.
pub fn sum(values: &[f32]) -> f64 {
    sum_of(values, values, |a, _| a)
}

/// Of `term` of each pair; both slices are of one length.
#[inline(always)]
pub fn sum_of(a: &[f32], b: &[f32], term: impl Fn(f32x4, f32x4) -> f32x4) -> f64 {
    debug_assert_eq!(a.len(), b.len());
    let runs = a.chunks(RUN).zip(b.chunks(RUN));
    runs.map(|(a, b)| {
        let mut sums = [f32x4::ZERO; SUMS];
        let (a, last_a) = a.as_chunks::<{ 4 * SUMS }>();
        let (b, last_b) = b.as_chunks::<{ 4 * SUMS }>();
        for (a, b) in a.iter().zip(b) {
            let (a, b) = (a.as_chunks::<4>().0, b.as_chunks::<4>().0);
            for (i, sum) in sums.iter_mut().enumerate() {
                *sum += term(f32x4::new(a[i]), f32x4::new(b[i]));
            }
        }
        let mut all: f64 = 0.0;
        for (&a, &b) in last_a.iter().zip(last_b) {
            all += f64::from(term(f32x4::splat(a), f32x4::splat(b)).to_array()[0]);
        }
        let lanes = sums.iter().flat_map(|sum| sum.to_array());
        all + lanes.map(f64::from).sum::<f64>()
    })
    .sum()
}

/// Of each channel of `[n, channels, plane]`: the gradient of what is added to all numbers of a channel.
pub fn plane_sums(values: &[f32], channels: usize, plane: usize) -> Vec<f32> {
    let mut sums = vec![0.0; channels];
    for (i, plane) in values.chunks_exact(plane.max(1)).enumerate() {
        sums[i % channels] += sum(plane);
    }
    sums.into_iter().map(|sum| sum as f32).collect()
}
