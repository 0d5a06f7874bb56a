//! What single layers take natively, on one thread, beside Burn's own: `cargo bench --bench layers`. Elements are
//! multiplications and additions.

use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor, module};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pruning_playground::ops::conv::{Window, conv2d};
use pruning_playground::ops::linear::linear;
use pruning_playground::ops::transfer::tensor;
use std::time::Duration;

fn numbers<const D: usize>(shape: [usize; D]) -> Tensor<D> {
    let len = shape.iter().product();
    let values = (0..len).map(|i| (i * 37 % 101) as f32 / 101.0 - 0.5);
    tensor(values.collect(), shape, &Device::flex())
}

/// Times the forward pass, and both passes together.
fn time<const A: usize, const D: usize>(
    criterion: &mut Criterion,
    name: &str,
    products: usize,
    operands: (Tensor<A>, Tensor<A>),
    layer: impl Fn(Tensor<A>, Tensor<A>) -> Tensor<D>,
) {
    let mut group = criterion.benchmark_group(name);
    let (x, weight) = operands;
    group.throughput(Throughput::Elements(2 * products as u64));
    group.bench_function("forward", |b| {
        b.iter(|| layer(x.clone(), weight.clone()));
    });
    group.throughput(Throughput::Elements(6 * products as u64));
    let [x, weight] = [x, weight].map(|t| t.autodiff().require_grad());
    group.bench_function("forward and backward", |b| {
        b.iter(|| layer(x.clone(), weight.clone()).sum().backward());
    });
}

fn convolutions(criterion: &mut Criterion) {
    for (name, n, channels, size, k, groups) in [
        ("3x3, 64 to 64, 8 of 32x32", 8, 64, 32, 3, 1),
        ("3x3, 16 to 16, 8 of 32x32", 8, 16, 32, 3, 1),
        ("1x1, 64 to 64, 8 of 32x32", 8, 64, 32, 1, 1),
        ("depthwise 3x3, 64, 8 of 32x32", 8, 64, 32, 3, 64),
    ] {
        let filters = [channels, channels / groups, k, k];
        let operands = (numbers([n, channels, size, size]), numbers(filters));
        let products = n * size * size * filters.iter().product::<usize>();
        let how = Window {
            stride: 1,
            padding: k / 2,
            groups,
        };
        let own = |x, weight| conv2d(x, weight, None, how);
        time(criterion, name, products, operands.clone(), own);
        let burns = |x, weight| {
            let options = ConvOptions::new([1; 2], [k / 2; 2], [1; 2], groups);
            module::conv2d(x, weight, None, options)
        };
        time(
            criterion,
            &format!("Burn's {name}"),
            products,
            operands,
            burns,
        );
    }
}

fn linear_layers(criterion: &mut Criterion) {
    for (n, features, outputs) in [(32, 16384, 256), (60, 784, 300)] {
        let name = format!("linear, {features} to {outputs}, {n} images");
        let operands = (numbers([n, features]), numbers([outputs, features]));
        let products = n * features * outputs;
        let bias = numbers([outputs]);
        let own = |x, weight| linear(x, weight, bias.clone());
        time(criterion, &name, products, operands.clone(), own);
        let burns = |x: Tensor<2>, weight: Tensor<2>| {
            x.matmul(weight.transpose()) + bias.clone().reshape([1, outputs])
        };
        time(
            criterion,
            &format!("Burn's {name}"),
            products,
            operands,
            burns,
        );
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = convolutions, linear_layers
}
criterion_main!(benches);
