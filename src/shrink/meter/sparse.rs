//! Inference on the CPU that skips what is cut, layer by layer only where skipping was measured to be faster.

use crate::net::{CnnConfig, Parameters};
use pruning_kernels::{self as kernels, Block, SparseBlock, SparseLinear};
use web_time::Instant;

/// How often each way of a layer is timed before one is chosen; the shortest counts.
const TRIES: usize = 3;

/// A convolution block as it is to be computed.
enum Convolution {
    Dense(Block, Vec<f32>, Vec<f32>),
    Sparse(SparseBlock),
}

impl Convolution {
    /// `[n, c, h, w]` to `[n, o, h/2, w/2]`.
    fn forward(&self, x: &[f32]) -> Vec<f32> {
        match self {
            Self::Dense(block, weight, bias) => kernels::forward(block, x, weight, bias).0,
            Self::Sparse(block) => block.forward(x),
        }
    }
}

/// The linear layer as it is to be computed.
enum Linear {
    Dense(Vec<f32>, Vec<f32>),
    Sparse(SparseLinear),
}

impl Linear {
    fn forward(&self, x: &[f32]) -> Vec<f32> {
        match self {
            Self::Dense(weight, bias) => kernels::linear(x, weight, bias),
            Self::Sparse(linear) => linear.forward(x),
        }
    }
}

/// A network that computes each layer in the way that was faster on images like those that it was made with.
pub struct SparseNetwork {
    first: Convolution,
    second: Convolution,
    linear: Linear,
}

impl SparseNetwork {
    /// Weights that are 0 are left out. `images` are `[n, c, h, w]`, normalised; the network is for as many at a time.
    ///
    /// `parameters` must have the sizes of `config`.
    pub fn tuned(config: &CnnConfig, parameters: &Parameters, images: &[f32]) -> Self {
        let [w1, w2] = config.widths;
        let (c, h, w) = (config.channels, config.height, config.width);
        let n = images.len() / (c * h * w).max(1);
        let [c1, c2, fc] = &parameters.weights;
        let [b1, b2, b3] = &parameters.biases;
        let first = Block { n, c, h, w, o: w1 };
        let (first, x) = choose(convolution(first, c1, b1), |way| way.forward(images));
        let second = Block {
            n,
            c: w1,
            h: h / 2,
            w: w / 2,
            o: w2,
        };
        let (second, x) = choose(convolution(second, c2, b2), |way| way.forward(&x));
        let inputs = config.features();
        let ways = [
            Linear::Dense(fc.clone(), b3.clone()),
            Linear::Sparse(SparseLinear::new(inputs, fc, b3)),
        ];
        let (linear, _) = choose(ways, |way| way.forward(&x));
        Self {
            first,
            second,
            linear,
        }
    }

    /// Logits `[n, classes]`.
    pub fn forward(&self, images: &[f32]) -> Vec<f32> {
        let x = self.first.forward(images);
        self.linear.forward(&self.second.forward(&x))
    }
}

fn convolution(block: Block, weight: &[f32], bias: &[f32]) -> [Convolution; 2] {
    [
        Convolution::Dense(block, weight.to_vec(), bias.to_vec()),
        Convolution::Sparse(SparseBlock::new(&block, weight, bias)),
    ]
}

/// The faster of two ways to compute the same, and its result.
fn choose<T>([a, b]: [T; 2], run: impl Fn(&T) -> Vec<f32>) -> (T, Vec<f32>) {
    let [mut best_a, mut best_b] = [f64::INFINITY; 2];
    let timed = |way: &T, best: &mut f64| {
        let start = Instant::now();
        let result = run(way);
        *best = best.min(start.elapsed().as_secs_f64());
        result
    };
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    for _ in 0..TRIES {
        of_a = timed(&a, &mut best_a);
        of_b = timed(&b, &mut best_b);
    }
    match best_b < best_a {
        true => (b, of_b),
        false => (a, of_a),
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn skipping_zeros_changes_nothing_at_any_sparsity() {
        let config = CnnConfig {
            channels: 3,
            height: 12,
            width: 12,
            widths: [5, 9],
            classes: 4,
        };
        let images: Vec<f32> = (0..2 * 3 * 144).map(|i| (i as f32 * 0.7).sin()).collect();
        for keep in [1, 2, 10, 50, usize::MAX] {
            let mut parameters = Parameters::he_normal(&config, 3);
            for weights in &mut parameters.weights {
                let cut = weights
                    .iter_mut()
                    .enumerate()
                    .filter(|(i, _)| i % keep != 0);
                cut.for_each(|(_, w)| *w = 0.0);
            }
            let ways = |sparse: usize| {
                let [c1, c2, fc] = &parameters.weights;
                let [b1, b2, b3] = &parameters.biases;
                let pick = |ways: [Convolution; 2]| ways.into_iter().nth(sparse);
                let first = Block {
                    n: 2,
                    c: 3,
                    h: 12,
                    w: 12,
                    o: 5,
                };
                let second = Block {
                    n: 2,
                    c: 5,
                    h: 6,
                    w: 6,
                    o: 9,
                };
                let x = pick(convolution(first, c1, b1)).map(|c| c.forward(&images));
                let x = pick(convolution(second, c2, b2))
                    .zip(x)
                    .map(|(c, x)| c.forward(&x));
                let linear = match sparse {
                    0 => Linear::Dense(fc.clone(), b3.clone()),
                    _ => Linear::Sparse(SparseLinear::new(config.features(), fc, b3)),
                };
                linear.forward(&x.unwrap_or_default())
            };
            let tuned = SparseNetwork::tuned(&config, &parameters, &images).forward(&images);
            for ((dense, sparse), tuned) in ways(0).iter().zip(ways(1)).zip(tuned) {
                assert!((dense - sparse).abs() <= 1e-5 && (dense - tuned).abs() <= 1e-5);
            }
        }
    }
}
