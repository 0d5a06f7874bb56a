//! The same as the kernels, by the definitions, in double precision.

mod conv;
mod layers;

use crate::Block;

pub struct Reference {
    /// After convolution and bias, before ReLU: `[n, o, h, w]`.
    pub sums: Vec<f64>,
    pub pooled: Vec<f64>,
    pub d_weight: Vec<f64>,
    pub d_bias: Vec<f64>,
    pub d_x: Vec<f64>,
}

/// Each product of a weight and an input that a convolution adds: indices of sum, weight and input.
fn products(block: &Block) -> impl Iterator<Item = [usize; 3]> + use<> {
    let Block { n, c, h, w, o } = *block;
    let sums = (0..n * o * h * w).flat_map(move |sum| (0..c * 9).map(move |tap| (sum, tap)));
    sums.filter_map(move |(sum, tap)| {
        let (x, y) = (sum % w, sum / w % h);
        let (filter, image) = (sum / (w * h) % o, sum / (w * h * o));
        let from_y = (y + tap / 3 % 3).checked_sub(1).filter(|&y| y < h)?;
        let from_x = (x + tap % 3).checked_sub(1).filter(|&x| x < w)?;
        let input = ((image * c + tap / 9) * h + from_y) * w + from_x;
        Some([sum, filter * c * 9 + tap, input])
    })
}

/// Everything, for the loss `sum(gradient * pooled)`.
pub fn reference(
    block: &Block,
    x: &[f32],
    weight: &[f32],
    bias: &[f32],
    gradient: &[f32],
) -> Reference {
    let Block { n, h, w, o, .. } = *block;
    let mut sums: Vec<f64> = (0..n * o * h * w)
        .map(|i| f64::from(bias[i / (h * w) % o]))
        .collect();
    for [sum, tap, input] in products(block) {
        sums[sum] += f64::from(weight[tap]) * f64::from(x[input]);
    }
    let (height, width) = (h / 2, w / 2);
    let mut d_sums = vec![0.0; sums.len()];
    let mut pooled = Vec::new();
    for (i, gradient) in gradient.iter().enumerate() {
        let (px, py, plane) = (i % width, i / width % height, i / (width * height));
        let four = [(0, 0), (0, 1), (1, 0), (1, 1)]
            .map(|(dy, dx)| (plane * h + 2 * py + dy) * w + 2 * px + dx);
        let best = four.into_iter().fold(
            four[0],
            |best, at| if sums[at] > sums[best] { at } else { best },
        );
        pooled.push(sums[best].max(0.0));
        if sums[best] > 0.0 {
            d_sums[best] += f64::from(*gradient);
        }
    }
    let mut d_bias = vec![0.0; o];
    for (i, d) in d_sums.iter().enumerate() {
        d_bias[i / (h * w) % o] += d;
    }
    let (mut d_weight, mut d_x) = (vec![0.0; weight.len()], vec![0.0; x.len()]);
    for [sum, tap, input] in products(block) {
        d_weight[tap] += d_sums[sum] * f64::from(x[input]);
        d_x[input] += d_sums[sum] * f64::from(weight[tap]);
    }
    Reference {
        sums,
        pooled,
        d_weight,
        d_bias,
        d_x,
    }
}

/// Numbers from a small generator: reproducible, in -1 to 1, some of them 0.
fn numbers(seed: u64, len: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2).wrapping_add(0x9E37_79B9_7F4A_7C15);
    let next = |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let value = (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0;
        if value.abs() < 0.1 { 0.0 } else { value }
    };
    (0..len).map(next).collect()
}

/// Whether all are as expected but for rounding.
fn close(name: &str, found: &[f32], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{name}");
    for (i, (&a, &b)) in found.iter().zip(expected).enumerate() {
        assert!(
            (f64::from(a) - b).abs() <= 1e-4 * b.abs().max(1.0),
            "{name} {i}: {a} {b}"
        );
    }
}

mod agreement {
    use super::*;
    use crate::{
        CLOSED, SparseBlock, SparseLinear, active, forward, input_gradient, linear,
        linear_input_gradient, linear_parameter_gradients, parameter_gradients,
    };
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn kernels_compute_the_definitions(
            n in 1usize..4, c in 1usize..7, h in 2usize..10, w in 2usize..10, o in 1usize..20, seed: u64,
        ) {
            let block = Block { n, c, h, w, o };
            let x = numbers(seed, n * c * h * w);
            let weight = numbers(seed ^ 1, o * c * 9);
            let bias = numbers(seed ^ 2, o);
            let gradient = numbers(seed ^ 3, n * o * block.plane());
            let expected = reference(&block, &x, &weight, &bias, &gradient);
            let (pooled, route) = forward(&block, &x, &weight, &bias);
            close("pooled", &pooled, &expected.pooled);
            prop_assert!(pooled.iter().zip(&route).all(|(&p, &r)| (p == 0.0) == (r == CLOSED)));
            if h % 2 + w % 2 == 0 {
                let mut counts = vec![0; o];
                let sums = expected.sums.iter().enumerate();
                sums.filter(|(_, s)| **s > 0.0).for_each(|(i, _)| counts[i / (h * w) % o] += 1);
                // A sum of zero or so can be on either side of it.
                let near = expected.sums.iter().filter(|s| s.abs() < 1e-5).count() as u32;
                for (found, expected) in active(&block, &x, &weight, &bias).into_iter().zip(counts) {
                    prop_assert!(u32::abs_diff(found, expected) <= near);
                }
            }
            let (d_weight, d_bias) = parameter_gradients(&block, &x, &route, &gradient);
            close("weights", &d_weight, &expected.d_weight);
            close("biases", &d_bias, &expected.d_bias);
            close("inputs", &input_gradient(&block, &weight, &route, &gradient), &expected.d_x);
        }
    }

    /// The lowest `share` of the weights as 0.
    fn pruned(mut weight: Vec<f32>, share: f64) -> Vec<f32> {
        let mut sizes: Vec<f32> = weight.iter().map(|w| w.abs()).collect();
        sizes.sort_by(f32::total_cmp);
        let cut = (share * weight.len() as f64) as usize;
        let threshold = sizes.get(cut).copied().unwrap_or(f32::INFINITY);
        weight
            .iter_mut()
            .filter(|w| w.abs() < threshold)
            .for_each(|w| *w = 0.0);
        weight
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn skipping_zeros_gives_the_dense_result(
            n in 1usize..4, c in 1usize..7, h in 2usize..12, w in 2usize..36, o in 1usize..6,
            share in prop::sample::select(vec![0.0, 0.5, 0.9, 0.98, 1.0]), seed: u64,
        ) {
            let block = Block { n, c, h, w, o };
            let x = numbers(seed, n * c * h * w);
            let weight = pruned(numbers(seed ^ 1, o * c * 9), share);
            let bias = numbers(seed ^ 2, o);
            // Bit for bit, the sign of a zero included.
            let bits = |values: Vec<f32>| values.into_iter().map(f32::to_bits).collect::<Vec<_>>();
            let dense = bits(forward(&block, &x, &weight, &bias).0);
            prop_assert_eq!(bits(SparseBlock::new(&block, &weight, &bias).forward(&x)), dense);
        }

        #[test]
        fn a_linear_layer_and_its_gradients_are_products(n in 1usize..12, i in 1usize..40, o in 1usize..40, seed: u64) {
            let (x, weight, bias) = (numbers(seed, n * i), numbers(seed ^ 1, o * i), numbers(seed ^ 2, o));
            let gradient = numbers(seed ^ 3, n * o);
            let mut y: Vec<f64> = (0..n * o).map(|at| f64::from(bias[at % o])).collect();
            let (mut d_weight, mut d_bias, mut d_x) = (vec![0.0; o * i], vec![0.0; o], vec![0.0; n * i]);
            for at in 0..n * o {
                let (image, output, g) = (at / o, at % o, f64::from(gradient[at]));
                d_bias[output] += g;
                for k in 0..i {
                    let (w, x) = (f64::from(weight[output * i + k]), f64::from(x[image * i + k]));
                    y[at] += w * x;
                    d_weight[output * i + k] += g * x;
                    d_x[image * i + k] += g * w;
                }
            }
            close("linear", &linear(&x, &weight, &bias), &y);
            let found = linear_parameter_gradients(&x, &gradient, o);
            close("weights", &found.0, &d_weight);
            close("biases", &found.1, &d_bias);
            close("inputs", &linear_input_gradient(&weight, &gradient, o), &d_x);
        }

        #[test]
        fn a_sparse_linear_layer_is_a_product(n in 1usize..4, i in 1usize..40, o in 1usize..6, seed: u64) {
            let (x, bias) = (numbers(seed, n * i), numbers(seed ^ 2, o));
            let weight = pruned(numbers(seed ^ 1, o * i), 0.5);
            let mut expected = Vec::new();
            for x in x.chunks(i) {
                for (row, &bias) in weight.chunks(i).zip(&bias) {
                    let sum: f64 = row.iter().zip(x).map(|(&w, &x)| f64::from(w) * f64::from(x)).sum();
                    expected.push(sum + f64::from(bias));
                }
            }
            close("linear", &SparseLinear::new(i, &weight, &bias).forward(&x), &expected);
        }
    }

    #[test]
    fn the_first_of_equal_values_has_the_gradient() {
        let block = Block {
            n: 1,
            c: 1,
            h: 2,
            w: 2,
            o: 1,
        };
        let mut centre = [0.0; 9];
        centre[4] = 1.0;
        let (pooled, route) = forward(&block, &[0.5, 2.0, 2.0, 2.0], &centre, &[0.0]);
        assert_eq!((pooled, route), (vec![2.0], vec![1]));
    }

    #[test]
    fn what_is_not_a_number_is_passed_on() {
        let block = Block {
            n: 1,
            c: 1,
            h: 4,
            w: 4,
            o: 1,
        };
        let (pooled, _) = forward(&block, &[1.0; 16], &[f32::NAN; 9], &[0.0]);
        assert!(pooled.iter().all(|p| p.is_nan()));
    }
}
