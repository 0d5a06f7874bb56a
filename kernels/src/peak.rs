//! Multiplications and additions alone, to time the most that SIMD of 4 lanes can do.

use wide::f32x4;

/// Multiplications and additions of one round: 12 sums of 4 lanes.
pub const OPERATIONS: usize = 12 * 4 * 2;

/// So many rounds over independent sums: enough of them to hide the latency of an addition, few enough for the registers.
/// Returns what has to be used, or nothing would be computed.
pub fn multiply_add(rounds: usize, factor: f32, term: f32) -> f32 {
    let (factor, term) = (f32x4::splat(factor), f32x4::splat(term));
    let mut sums = [f32x4::ONE; 12];
    for _ in 0..rounds {
        for sum in &mut sums {
            *sum = *sum * factor + term;
        }
    }
    sums.iter()
        .map(|sum| sum.to_array().iter().sum::<f32>())
        .sum()
}
