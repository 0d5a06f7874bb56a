//! The most that one thread of WebAssembly SIMD can do: multiplications and additions without a load or a store.

use core::arch::wasm32::{f32x4_add, f32x4_extract_lane, f32x4_mul, f32x4_splat};
use std::hint::black_box;
use web_time::Instant;

const ROUNDS: usize = 4_000_000;
/// Multiplications and additions of one round: 12 sums of 4 lanes.
const OPERATIONS: usize = 12 * 4 * 2;

/// GFLOP/s of f32x4 multiply and add, the best of a few tries.
pub fn gigaflops() -> f64 {
    (0..5).map(|_| once()).fold(0.0, f64::max)
}

/// Independent sums, enough to hide the latency of an addition and few enough for the registers. Written out, since a
/// loop over them is not unrolled where code is optimised for size.
fn once() -> f64 {
    let factor = f32x4_splat(black_box(0.999_999));
    let term = f32x4_splat(black_box(1e-6));
    let one = f32x4_splat(black_box(1.0));
    let (mut a, mut b, mut c, mut d, mut e, mut f) = (one, one, one, one, one, one);
    let (mut g, mut h, mut i, mut j, mut k, mut l) = (one, one, one, one, one, one);
    macro_rules! advance {
        ($($sum:ident)*) => { $($sum = f32x4_add(f32x4_mul($sum, factor), term);)* };
    }
    let start = Instant::now();
    for _ in 0..ROUNDS {
        advance!(a b c d e f g h i j k l);
    }
    let seconds = start.elapsed().as_secs_f64();
    for sum in [a, b, c, d, e, f, g, h, i, j, k, l] {
        black_box(f32x4_extract_lane::<0>(sum));
    }
    (ROUNDS * OPERATIONS) as f64 / seconds / 1e9
}
