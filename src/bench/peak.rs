//! The most that one thread of WebAssembly SIMD can do: multiplications and additions without a load or a store.

use pruning_kernels::peak::{OPERATIONS, multiply_add};
use std::hint::black_box;
use web_time::Instant;

const ROUNDS: usize = 4_000_000;

/// GFLOP/s of multiply and add in 4 lanes, the best of a few tries.
pub fn gigaflops() -> f64 {
    (0..5).map(|_| once()).fold(0.0, f64::max)
}

fn once() -> f64 {
    let start = Instant::now();
    black_box(multiply_add(ROUNDS, black_box(0.999_999), black_box(1e-6)));
    let seconds = start.elapsed().as_secs_f64();
    (ROUNDS * OPERATIONS) as f64 / seconds / 1e9
}
