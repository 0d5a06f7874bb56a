//! The other layers by their definitions. Gradients are compared with differences of a loss, `sum(factors * result)`, in
//! double precision.

use super::{close, numbers};
use crate::{Channels, Normal, Pool, SgdStep, SlicePad, plane_means, plane_means_gradient};
use crate::{relu, relu_gradient};
use proptest::prelude::*;

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

/// The gradient of the loss at `x`, of a function that is smooth near it.
fn differences(x: &[f64], factors: &[f32], f: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let loss = |x: &[f64]| -> f64 {
        let results = f(x);
        assert_eq!(results.len(), factors.len());
        let products = results.iter().zip(factors);
        products.map(|(r, &factor)| r * f64::from(factor)).sum()
    };
    let mut moved = x.to_vec();
    let mut at = |i: usize, by: f64| {
        moved[i] = x[i] + by;
        let found = loss(&moved);
        moved[i] = x[i];
        found
    };
    (0..x.len())
        .map(|i| (at(i, 1e-5) - at(i, -1e-5)) / 2e-5)
        .collect()
}

/// Mean and variance of each channel.
fn moments(x: &[f64], channels: usize, plane: usize) -> Vec<[f64; 2]> {
    let of = |channel: usize| {
        let all = x.chunks(plane).skip(channel).step_by(channels);
        let all: Vec<f64> = all.flatten().copied().collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let squares: f64 = all.iter().map(|x| (x - mean).powi(2)).sum();
        [mean, squares / all.len() as f64]
    };
    (0..channels).map(of).collect()
}

fn normalised(
    x: &[f64],
    moments: &[[f64; 2]],
    gamma: &[f64],
    beta: &[f64],
    plane: usize,
) -> Vec<f64> {
    let of = |(i, x): (usize, &f64)| {
        let channel = i / plane % gamma.len();
        let [mean, variance] = moments[channel];
        (x - mean) / (variance + 1e-5).sqrt() * gamma[channel] + beta[channel]
    };
    x.iter().enumerate().map(of).collect()
}

/// Numbers no two of which are close together, in no order.
fn apart(seed: u64, len: usize) -> Vec<f32> {
    let mut places: Vec<(u32, usize)> = numbers(seed, len)
        .iter()
        .enumerate()
        .map(|(i, x)| (x.to_bits(), i))
        .collect();
    places.sort_unstable();
    let mut found = vec![0.0; len];
    for (rank, (_, i)) in places.into_iter().enumerate() {
        found[i] = rank as f32 - len as f32 / 2.0 + 0.25;
    }
    found
}

/// The numbers of each window, by plane, row, column.
fn windows<'a>(pool: &Pool, x: &'a [f64]) -> impl Iterator<Item = Vec<f64>> + use<'a> {
    let Pool { h, w, k, stride } = *pool;
    let [height, width] = pool.output();
    let planes = x.chunks(h * w);
    planes.flat_map(move |plane| {
        (0..height * width).map(move |i| {
            let (y, x) = (i / width * stride, i % width * stride);
            let places = 0..k * k;
            places
                .map(|place| plane[(y + place / k) * w + x + place % k])
                .collect()
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn batch_normalisation_is_its_definition(
        n in 1usize..4, channels in 1usize..5, plane in 1usize..20, seed: u64,
    ) {
        prop_assume!(n * plane > 2);
        let sizes = Channels { channels, plane };
        let x: Vec<f32> = numbers(seed, n * channels * plane).iter().map(|x| 3.0 * x + 1.0).collect();
        let (gamma, beta) = (numbers(seed ^ 1, channels), numbers(seed ^ 2, channels));
        let factors = numbers(seed ^ 3, x.len());
        let [x64, gamma64, beta64] = [&x, &gamma, &beta].map(|t| wide(t));

        let known = moments(&x64, channels, plane);
        let (mean, variance) = sizes.moments(&x);
        close("mean", &mean, &known.iter().map(|m| m[0]).collect::<Vec<_>>());
        close("variance", &variance, &known.iter().map(|m| m[1]).collect::<Vec<_>>());
        // Where a channel hardly varies, differences say little.
        prop_assume!(variance.iter().all(|&v| v > 0.1));
        let normal = Normal { gamma: &gamma, mean: &mean, variance: &variance };
        close("result", &sizes.normalise(&x, normal, &beta), &normalised(&x64, &known, &gamma64, &beta64, plane));
        let (d_x, d_gamma, d_beta) = sizes.train_gradients(&x, normal, &factors);
        let of_x = |x: &[f64]| normalised(x, &moments(x, channels, plane), &gamma64, &beta64, plane);
        close("x", &d_x, &differences(&x64, &factors, of_x));
        let of_gamma = |gamma: &[f64]| normalised(&x64, &known, gamma, &beta64, plane);
        close("gamma", &d_gamma, &differences(&gamma64, &factors, of_gamma));
        let of_beta = |beta: &[f64]| normalised(&x64, &known, &gamma64, beta, plane);
        close("beta", &d_beta, &differences(&beta64, &factors, of_beta));

        let mean: Vec<f32> = mean.iter().map(|m| m + 0.5).collect();
        let variance: Vec<f32> = variance.iter().map(|v| 2.0 * v).collect();
        let other: Vec<[f64; 2]> = mean.iter().zip(&variance).map(|(&m, &v)| [m.into(), v.into()]).collect();
        let normal = Normal { gamma: &gamma, mean: &mean, variance: &variance };
        close("result", &sizes.normalise(&x, normal, &beta), &normalised(&x64, &other, &gamma64, &beta64, plane));
        let (d_x, d_gamma, d_beta) = sizes.gradients(&x, normal, &factors);
        let of_x = |x: &[f64]| normalised(x, &other, &gamma64, &beta64, plane);
        close("x", &d_x, &differences(&x64, &factors, of_x));
        let of_gamma = |gamma: &[f64]| normalised(&x64, &other, gamma, &beta64, plane);
        close("gamma", &d_gamma, &differences(&gamma64, &factors, of_gamma));
        let of_beta = |beta: &[f64]| normalised(&x64, &other, &gamma64, beta, plane);
        close("beta", &d_beta, &differences(&beta64, &factors, of_beta));
    }

    #[test]
    fn pooling_is_its_definition(
        planes in 1usize..4, h in 1usize..12, w in 1usize..12, k in 1usize..5, stride in 1usize..5, seed: u64,
    ) {
        let pool = Pool { h, w, k, stride };
        let x = apart(seed, planes * h * w);
        let (largest, route) = pool.largest(&x);
        let factors = numbers(seed ^ 1, largest.len());
        let max = |x: &[f64]| windows(&pool, x).map(|w| w.into_iter().fold(f64::MIN, f64::max)).collect::<Vec<_>>();
        let mean = |x: &[f64]| windows(&pool, x).map(|w| w.iter().sum::<f64>() / w.len() as f64).collect::<Vec<_>>();
        close("largest", &largest, &max(&wide(&x)));
        close("mean", &pool.mean(&x), &mean(&wide(&x)));
        if !factors.is_empty() {
            close("of largest", &pool.largest_gradient(&route, &factors), &differences(&wide(&x), &factors, max));
            close("of mean", &pool.mean_gradient(&factors), &differences(&wide(&x), &factors, mean));
        }
    }

    #[test]
    fn means_of_planes_are_sums_over_their_size(planes in 1usize..5, plane in 1usize..40, seed: u64) {
        let (x, factors) = (numbers(seed, planes * plane), numbers(seed ^ 1, planes));
        let mean = |x: &[f64]| x.chunks(plane).map(|p| p.iter().sum::<f64>() / plane as f64).collect::<Vec<_>>();
        close("means", &plane_means(&x, plane), &mean(&wide(&x)));
        close("gradient", &plane_means_gradient(&factors, plane), &differences(&wide(&x), &factors, mean));
    }

    #[test]
    fn the_shortcut_without_weights_keeps_every_second_row_and_column(
        n in 1usize..3, c in 1usize..4, h in 1usize..7, w in 1usize..7, stride in 1usize..4,
        before in 0usize..3, after in 0usize..3, seed: u64,
    ) {
        let sizes = SlicePad { c, h, w, stride, before, after };
        let [channels, height, width] = sizes.output();
        let x = numbers(seed, n * c * h * w);
        let cut = |x: &[f64]| {
            let of = |i: usize| {
                let (image, channel) = (i / (channels * height * width), i / (height * width) % channels);
                let (row, column) = (i / width % height * stride, i % width * stride);
                let inside = (before..before + c).contains(&channel);
                if inside { x[((image * c + channel - before) * h + row) * w + column] } else { 0.0 }
            };
            (0..n * channels * height * width).map(of).collect::<Vec<f64>>()
        };
        let factors = numbers(seed ^ 1, n * channels * height * width);
        close("result", &sizes.forward(&x), &cut(&wide(&x)));
        close("gradient", &sizes.gradient(&factors), &differences(&wide(&x), &factors, cut));
    }

    #[test]
    fn steps_of_descent_are_their_definition(
        len in 1usize..20, momentum in prop::sample::select(vec![0.0, 0.9]), decay in prop::sample::select(vec![0.0, 5e-4]),
        nesterov: bool, seed: u64,
    ) {
        let step = SgdStep { learning_rate: 0.1, momentum, weight_decay: decay, nesterov };
        let (mut found, mut velocity) = (numbers(seed, len), vec![0.0; len]);
        let mut plain = found.clone();
        let (mut known, mut speed) = (wide(&found), None::<Vec<f64>>);
        let [rate, momentum, decay] = [0.1f32, momentum, decay].map(f64::from);
        for time in 0..3 {
            let gradient = numbers(seed ^ time, len);
            step.take(&mut found, &gradient, &mut velocity);
            step.take_plain(&mut plain, &gradient);
            let slopes: Vec<f64> = known.iter().zip(&gradient).map(|(w, &g)| f64::from(g) + decay * w).collect();
            let now = match speed {
                None => slopes.clone(),
                Some(b) => b.iter().zip(&slopes).map(|(b, d)| momentum * b + d).collect(),
            };
            for ((w, d), b) in known.iter_mut().zip(&slopes).zip(&now) {
                *w -= rate * if nesterov { d + momentum * b } else { *b };
            }
            speed = Some(now);
        }
        close("parameters", &found, &known);
        if momentum == 0.0 {
            close("without momentum", &plain, &known);
        }
    }
}

#[test]
fn what_is_at_zero_or_at_the_ceiling_has_no_gradient() {
    let x = [-1.0, 0.0, 0.5, 6.0, 7.0, -0.0];
    let (open, six) = (relu(&x, f32::INFINITY), relu(&x, 6.0));
    assert_eq!(open, [0.0, 0.0, 0.5, 6.0, 7.0, 0.0]);
    assert_eq!(six, [0.0, 0.0, 0.5, 6.0, 6.0, 0.0]);
    let found = relu_gradient(&open, f32::INFINITY, &[1.0; 6]);
    assert_eq!(found, [0.0, 0.0, 1.0, 1.0, 1.0, 0.0]);
    let found = relu_gradient(&six, 6.0, &[1.0; 6]);
    assert_eq!(found, [0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
    assert!(relu(&[f32::NAN], 6.0)[0].is_nan());
}

#[test]
fn the_first_of_equal_values_has_the_gradient() {
    let pool = Pool {
        h: 3,
        w: 3,
        k: 2,
        stride: 1,
    };
    let x = [1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 0.0, f32::NAN, 1.0];
    let (largest, route) = pool.largest(&x);
    assert_eq!(route, [1, 0, 3, 2]);
    assert!(largest[..2] == [2.0; 2] && largest[2].is_nan() && largest[3].is_nan());
    let found = pool.largest_gradient(&route, &[1.0, 10.0, 100.0, 1000.0]);
    assert_eq!(found, [0.0, 11.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1100.0, 0.0]);
}
