//! The block of the network as one operation against Burn's own composition of convolution, ReLU and pooling, on the
//! same device.

use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, activation::relu, module};
use pruning_playground::ops::block::block;
use pruning_playground::ops::transfer::{read, tensor};

/// Reproducible numbers in -1 to 1.
fn numbers(seed: u32, len: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(747_796_405).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..len).map(|_| next()).collect()
}

fn flatten(t: Tensor<4>) -> Tensor<1> {
    t.flatten(0, 3)
}

fn composed(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>) -> Tensor<4> {
    let options = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
    let sums = relu(module::conv2d(x, weight, Some(bias), options));
    module::max_pool2d(sums, MaxPoolOptions::new([2, 2]).with_stride([2, 2]))
}

type Operation = fn(Tensor<4>, Tensor<4>, Tensor<1>) -> Tensor<4>;

/// Pooled values, and the gradients of a weighted sum of them with respect to x, weight and bias.
async fn all(operation: Operation, [n, c, h, w, o]: [usize; 5], device: &Device) -> [Vec<f32>; 4] {
    let x = tensor(numbers(1, n * c * h * w), [n, c, h, w], device);
    let weight = tensor(numbers(2, o * c * 9), [o, c, 3, 3], device);
    let bias = tensor(numbers(3, o), [o], device);
    let x = x.autodiff().require_grad();
    let weight = weight.autodiff().require_grad();
    let bias = bias.autodiff().require_grad();
    let pooled = operation(x.clone(), weight.clone(), bias.clone());
    let shape = pooled.dims();
    assert_eq!(shape, [n, o, h / 2, w / 2]);
    let factors = tensor(numbers(4, shape.iter().product()), shape, device).autodiff();
    let mut gradients = (pooled.clone() * factors).sum().backward();
    let tensors = vec![
        flatten(pooled.inner()),
        flatten(x.grad_remove(&mut gradients).expect("of x")),
        flatten(weight.grad_remove(&mut gradients).expect("of the weight")),
        bias.grad_remove(&mut gradients).expect("of the bias"),
    ];
    let mut read = read(tensors).await.expect("read").into_iter();
    std::array::from_fn(|_| read.next().expect("four"))
}

fn assert_close(what: &str, found: &[f32], known: &[f32]) {
    assert_eq!(found.len(), known.len(), "{what}");
    let size = known.iter().fold(1e-3f32, |a, b| a.max(b.abs()));
    for (i, (a, b)) in found.iter().zip(known).enumerate() {
        assert!(
            (a - b).abs() <= 2e-5 * size,
            "{what} at {i}: {a} instead of {b}"
        );
    }
}

/// Images, channels, height, width, filters: sizes that tiles divide and sizes that they do not.
const SIZES: [[usize; 5]; 8] = [
    [2, 3, 32, 32, 8],
    [2, 8, 16, 16, 16],
    [3, 1, 28, 28, 5],
    [2, 5, 14, 14, 7],
    [1, 1, 2, 2, 1],
    [2, 2, 6, 10, 3],
    [1, 3, 7, 9, 4],
    [2, 64, 16, 16, 12],
];

/// Values and all gradients, and the same bits each time.
pub async fn assert_is_burns_composition(device: &Device) {
    for sizes in SIZES {
        let found = all(block, sizes, device).await;
        let known = all(composed, sizes, device).await;
        let names = ["values", "gradient of x", "of the weight", "of the bias"];
        for ((name, found), known) in names.iter().zip(&found).zip(&known) {
            assert_close(&format!("{sizes:?}: {name}"), found, known);
        }
        let again = all(block, sizes, device).await;
        assert_eq!(found, again, "{sizes:?}: the same bits each time");
    }
}
