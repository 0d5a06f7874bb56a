//! Multiplications and additions alone, to time the most that SIMD of 4 lanes can do.

use wide::f32x4;

/// Multiplications and additions of one round: 12 sums of 4 lanes.
pub const OPERATIONS: usize = 12 * 4 * 2;

/// So many rounds over independent sums: enough of them to hide the latency of an addition, few enough for the registers.
/// Written out, since sums in an array would be kept in memory. Returns what has to be used, or nothing would be computed.
pub fn multiply_add(rounds: usize, factor: f32, term: f32) -> f32 {
    let (factor, term, one) = (f32x4::splat(factor), f32x4::splat(term), f32x4::splat(1.0));
    let (mut a, mut b, mut c, mut d, mut e, mut f) = (one, one, one, one, one, one);
    let (mut g, mut h, mut i, mut j, mut k, mut l) = (one, one, one, one, one, one);
    macro_rules! advance {
        ($($sum:ident)*) => { $($sum = $sum * factor + term;)* };
    }
    for _ in 0..rounds {
        advance!(a b c d e f g h i j k l);
    }
    let all = [a, b, c, d, e, f, g, h, i, j, k, l];
    all.iter()
        .map(|sum| sum.to_array().iter().sum::<f32>())
        .sum()
}
