//! What the page's work takes natively, on one thread: `cargo bench`.
//!
//! A training step and a forward pass of 256 images, 3x32x32, for the default and the reference network.

use burn::tensor::Device;
use criterion::{Criterion, criterion_group, criterion_main};
use pollster::block_on;
use pruning_playground::bench::{Bench, Work};
use std::time::Duration;

fn core(criterion: &mut Criterion) {
    for ((w1, w2), batch) in [
        ((8, 16), 32),
        ((8, 16), 64),
        ((64, 128), 32),
        ((64, 128), 64),
    ] {
        let work = Work {
            w1,
            w2,
            batch,
            steps: 1,
            steps_per_read: 1,
        };
        let Ok(mut bench) = Bench::new(work, &Device::flex()) else {
            continue;
        };
        criterion.bench_function(&format!("{w1}/{w2} step, batch {batch}"), |b| {
            b.iter(|| block_on(bench.train(1)));
        });
        if batch == 32 {
            criterion.bench_function(&format!("{w1}/{w2} forward of 256"), |b| {
                b.iter(|| block_on(bench.forward()));
            });
        }
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3));
    targets = core
}
criterion_main!(benches);
