//! Convolution by its definition.

use super::{close, numbers};
use crate::{Conv, SparseConv, conv, conv_input_gradient, conv_weight_gradient, plane_sums};
use proptest::prelude::*;

/// Each product of a weight and an input: indices of sum, weight and input.
fn products(conv: &Conv) -> Vec<[usize; 3]> {
    let Conv {
        n,
        c,
        h,
        w,
        o,
        k,
        stride,
        padding,
        groups,
    } = *conv;
    let [height, width] = conv.output();
    let channels = c / groups;
    let mut all = Vec::new();
    for sum in 0..n * o * height * width {
        let (x, y) = (sum % width, sum / width % height);
        let (filter, image) = (sum / (width * height) % o, sum / (width * height * o));
        for tap in 0..channels * k * k {
            let channel = filter / (o / groups) * channels + tap / (k * k);
            let row = (y * stride + tap / k % k).checked_sub(padding);
            let column = (x * stride + tap % k).checked_sub(padding);
            if let (Some(row), Some(column)) = (row, column)
                && row < h
                && column < w
            {
                let input = ((image * c + channel) * h + row) * w + column;
                all.push([sum, filter * channels * k * k + tap, input]);
            }
        }
    }
    all
}

/// Compares forward and backward pass with the definition.
fn agrees(sizes: &Conv, seed: u64) {
    let [height, width] = sizes.output();
    let count = sizes.n * sizes.o * height * width;
    let x = numbers(seed, sizes.n * sizes.c * sizes.h * sizes.w);
    let weight = numbers(
        seed ^ 1,
        sizes.o * sizes.c / sizes.groups * sizes.k * sizes.k,
    );
    let bias = numbers(seed ^ 2, sizes.o);
    let gradient = numbers(seed ^ 3, count);
    let (mut sums, mut d_bias) = (vec![0.0; count], vec![0.0; sizes.o]);
    let (mut d_weight, mut d_x) = (vec![0.0; weight.len()], vec![0.0; x.len()]);
    for [sum, tap, input] in products(sizes) {
        let g = f64::from(gradient[sum]);
        sums[sum] += f64::from(weight[tap]) * f64::from(x[input]);
        d_weight[tap] += g * f64::from(x[input]);
        d_x[input] += g * f64::from(weight[tap]);
    }
    close("without bias", &conv(sizes, &x, &weight, None), &sums);
    for (i, sum) in sums.iter_mut().enumerate() {
        let filter = i / (height * width) % sizes.o;
        *sum += f64::from(bias[filter]);
        d_bias[filter] += f64::from(gradient[i]);
    }
    close("sums", &conv(sizes, &x, &weight, Some(&bias)), &sums);
    let left = SparseConv::new(sizes, &weight, Some(&bias));
    close("what is left", &left.forward(&x), &sums);
    close(
        "weights",
        &conv_weight_gradient(sizes, &x, &gradient),
        &d_weight,
    );
    close(
        "biases",
        &plane_sums(&gradient, sizes.o, height * width),
        &d_bias,
    );
    close(
        "inputs",
        &conv_input_gradient(sizes, &weight, &gradient),
        &d_x,
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_convolution_and_its_gradients_are_the_definitions(
        n in 1usize..4, h in 1usize..13, w in 1usize..19, c in 1usize..6, o in 1usize..9, k in 1usize..6,
        stride in 1usize..4, padding in 0usize..4, groups in 1usize..4, seed: u64,
    ) {
        let (c, o) = (c * groups, o * groups);
        agrees(&Conv { n, c, h, w, o, k, stride, padding, groups }, seed);
    }

    #[test]
    fn a_depthwise_convolution_and_its_gradients_are_the_definitions(
        n in 1usize..4, h in 1usize..13, w in 1usize..19, c in 1usize..6, each in 1usize..3, k in 1usize..6,
        stride in 1usize..4, padding in 0usize..4, seed: u64,
    ) {
        agrees(&Conv { n, c, h, w, o: c * each, k, stride, padding, groups: c }, seed);
    }
}

/// Larger than one panel in every direction.
#[test]
fn large_convolutions_are_the_definitions_too() {
    let sizes = Conv {
        n: 2,
        c: 33,
        h: 17,
        w: 15,
        o: 29,
        k: 3,
        stride: 1,
        padding: 1,
        groups: 1,
    };
    agrees(&sizes, 1);
    agrees(&Conv { stride: 2, ..sizes }, 2);
    agrees(
        &Conv {
            k: 1,
            padding: 0,
            ..sizes
        },
        3,
    );
    agrees(
        &Conv {
            k: 5,
            padding: 0,
            ..sizes
        },
        4,
    );
}

#[test]
fn what_is_not_a_number_is_passed_on() {
    let sizes = Conv {
        n: 1,
        c: 2,
        h: 4,
        w: 4,
        o: 3,
        k: 3,
        stride: 1,
        padding: 1,
        groups: 1,
    };
    let sums = conv(&sizes, &[1.0; 32], &[f32::NAN; 54], None);
    assert!(sums.iter().all(|sum| sum.is_nan()));
}
