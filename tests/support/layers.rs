//! The layers as operations of their own against Burn's own compositions, on the same device.

mod compare;

use burn::tensor::ops::{AvgPoolOptions, ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, activation, module};
use compare::{Operands, Operation, assert_close, compare, numbers, vector};
use pruning_playground::ops::conv::{Window, conv2d};
use pruning_playground::ops::transfer::{flatten, read, tensor};
use pruning_playground::ops::{activation as own, linear, norm, pool, sgd, slice_pad};

/// Images, channels, height, width, filters, height of a filter, stride, padding, groups.
const CONVOLUTIONS: [[usize; 9]; 12] = [
    [2, 3, 32, 32, 8, 3, 1, 1, 1],
    [2, 8, 16, 16, 16, 3, 2, 1, 1],
    [2, 8, 15, 17, 9, 3, 2, 1, 1],
    [2, 16, 9, 7, 24, 1, 1, 0, 1],
    [2, 8, 8, 8, 12, 1, 2, 0, 1],
    [2, 1, 28, 28, 20, 5, 1, 0, 1],
    [2, 20, 12, 12, 50, 5, 1, 0, 1],
    [1, 40, 9, 10, 30, 3, 1, 1, 1],
    [2, 6, 16, 16, 6, 3, 1, 1, 6],
    [2, 6, 15, 16, 6, 3, 2, 1, 6],
    [2, 4, 10, 10, 8, 5, 1, 2, 4],
    [2, 6, 8, 8, 9, 3, 1, 1, 3],
];

async fn convolutions(device: &Device) {
    for [n, c, h, w, o, k, stride, padding, groups] in CONVOLUTIONS {
        let how = Window {
            stride,
            padding,
            groups,
        };
        let options = move || ConvOptions::new([stride; 2], [padding; 2], [1, 1], groups);
        let shapes = [[n, c, h, w], [o, c / groups, k, k], [o, 1, 1, 1]];
        let own: Operation = Box::new(move |t| {
            let bias = vector(&t[2]);
            conv2d(t[0].clone(), t[1].clone(), Some(bias), how)
        });
        let burns: Operation = Box::new(move |t| {
            let bias = vector(&t[2]);
            module::conv2d(t[0].clone(), t[1].clone(), Some(bias), options())
        });
        compare("convolution", own, burns, &shapes, device).await;
        let own: Operation = Box::new(move |t| conv2d(t[0].clone(), t[1].clone(), None, how));
        let burns: Operation =
            Box::new(move |t| module::conv2d(t[0].clone(), t[1].clone(), None, options()));
        compare("without bias", own, burns, &shapes[..2], device).await;
    }
}

async fn linear_layers(device: &Device) {
    for [n, features, outputs] in [[5, 70, 10], [32, 300, 100], [33, 784, 31], [1, 64, 40]] {
        let shapes = [
            [n, features, 1, 1],
            [outputs, features, 1, 1],
            [outputs, 1, 1, 1],
        ];
        let own: Operation = Box::new(move |t| {
            let (x, weight) = (t[0].clone().reshape([n, features]), t[1].clone());
            let weight = weight.reshape([outputs, features]);
            linear::linear(x, weight, vector(&t[2])).reshape([n, outputs, 1, 1])
        });
        let burns: Operation = Box::new(move |t| {
            let (x, weight) = (t[0].clone().reshape([n, features]), t[1].clone());
            let weight = weight.reshape([outputs, features]).transpose();
            let bias = t[2].clone().reshape([1, outputs]);
            (x.matmul(weight) + bias).reshape([n, outputs, 1, 1])
        });
        compare("linear", own, burns, &shapes, device).await;
    }
}

/// By the definition, with gradients through mean and variance.
fn normalised(t: &Operands, constants: Option<[Tensor<4>; 2]>) -> Tensor<4> {
    let x = t[0].clone();
    let c = x.dims()[1];
    let means = |x: Tensor<4>| x.mean_dim(0).mean_dim(2).mean_dim(3);
    let [mean, variance] = constants.unwrap_or_else(|| {
        let mean = means(x.clone());
        [mean.clone(), means((x.clone() - mean).powi_scalar(2))]
    });
    let [gamma, beta] = [1, 2].map(|i| t[i].clone().reshape([1, c, 1, 1]));
    (x - mean) / (variance + 1e-5).sqrt() * gamma + beta
}

async fn normalisation(device: &Device) {
    for [n, c, h, w] in [[2, 3, 16, 16], [8, 16, 5, 3], [4, 1, 1, 2], [16, 5, 1, 1]] {
        let shapes = [[n, c, h, w], [c, 1, 1, 1], [c, 1, 1, 1]];
        let own: Operation =
            Box::new(|t| norm::batch_norm_train(t[0].clone(), vector(&t[1]), vector(&t[2])).0);
        let burns: Operation = Box::new(|t| normalised(&t, None));
        compare("batch normalisation", own, burns, &shapes, device).await;

        let mean = tensor(numbers(7, c), [1, c, 1, 1], device);
        let variance = tensor(numbers(8, c), [1, c, 1, 1], device).powi_scalar(2) + 0.1;
        let [m, v] = [vector(&mean), vector(&variance)];
        let own: Operation = Box::new(move |t| {
            let [gamma, beta] = [vector(&t[1]), vector(&t[2])];
            norm::batch_norm(t[0].clone(), gamma, beta, m.clone(), v.clone())
        });
        let burns: Operation = Box::new(move |t| {
            let constants = [&mean, &variance].map(|constant| {
                let tracked = t[0].is_autodiff();
                let constant = constant.clone();
                if tracked {
                    constant.autodiff()
                } else {
                    constant
                }
            });
            normalised(&t, Some(constants))
        });
        compare("evaluation", own, burns, &shapes, device).await;

        let x = tensor(numbers(0, n * c * h * w), [n, c, h, w], device);
        let ones = tensor(vec![1.0; c], [c], device);
        let means = |x: Tensor<4>| flatten(x.mean_dim(0).mean_dim(2).mean_dim(3));
        let known = means(x.clone());
        let apart = x.clone() - known.clone().reshape([1, c, 1, 1]);
        let tracked = x.autodiff().require_grad();
        let (_, mean, variance) = norm::batch_norm_train(tracked, ones.clone(), ones);
        assert!(!mean.is_autodiff() && !variance.is_autodiff());
        let all = vec![mean, known, variance, means(apart.powi_scalar(2))];
        let all = read(all).await.expect("read");
        assert_close("mean", &all[0], &all[1]);
        assert_close("biased variance", &all[2], &all[3]);
    }
}

async fn activations(device: &Device) {
    let shape = [[3, 4, 5, 7]];
    let own: Operation = Box::new(|t| own::relu(t[0].clone()));
    let burns: Operation = Box::new(|t| activation::relu(t[0].clone()));
    compare("relu", own, burns, &shape, device).await;
    // So that some are clipped.
    let own: Operation = Box::new(|t| own::relu6(t[0].clone() * 10.0));
    let burns: Operation = Box::new(|t| (t[0].clone() * 10.0).clamp(0.0, 6.0));
    compare("relu6", own, burns, &shape, device).await;

    let x = tensor(vec![-1.0, 0.0, 3.0, 6.0, 7.0], [5], device);
    let mut gradients = Vec::new();
    for six in [false, true] {
        let x = x.clone().autodiff().require_grad();
        let y = if six {
            own::relu6(x.clone())
        } else {
            own::relu(x.clone())
        };
        let mut all = y.sum().backward();
        gradients.push(x.grad_remove(&mut all).expect("of x"));
    }
    let gradients = read(gradients).await.expect("read");
    assert_eq!(gradients[0], [0.0, 0.0, 1.0, 1.0, 1.0], "of relu at 0");
    assert_eq!(
        gradients[1],
        [0.0, 0.0, 1.0, 0.0, 0.0],
        "of relu6 at 0 and 6"
    );
}

async fn pooling(device: &Device) {
    for [n, c, h, w, k, stride] in [
        [2, 3, 16, 16, 2, 2],
        [2, 3, 9, 7, 2, 2],
        [1, 4, 11, 8, 3, 2],
        [2, 2, 6, 6, 3, 3],
        [2, 2, 6, 5, 2, 1],
    ] {
        let shape = [[n, c, h, w]];
        let own: Operation = Box::new(move |t| pool::max_pool2d(t[0].clone(), k, stride));
        let burns: Operation = Box::new(move |t| {
            let options = MaxPoolOptions::new([k; 2]).with_stride([stride; 2]);
            module::max_pool2d(t[0].clone(), options)
        });
        compare("largest", own, burns, &shape, device).await;
        let own: Operation = Box::new(move |t| pool::avg_pool2d(t[0].clone(), k, stride));
        let burns: Operation = Box::new(move |t| {
            let options = AvgPoolOptions::new([k; 2]).with_stride([stride; 2]);
            module::avg_pool2d(t[0].clone(), options)
        });
        compare("mean", own, burns, &shape, device).await;
        let own: Operation =
            Box::new(move |t| pool::global_avg_pool(t[0].clone()).reshape([n, c, 1, 1]));
        let burns: Operation = Box::new(|t| t[0].clone().mean_dim(2).mean_dim(3));
        compare("global mean", own, burns, &shape, device).await;
    }
}

async fn shortcut(device: &Device) {
    for [n, c, h, w, stride, before, after] in [
        [2, 4, 8, 8, 2, 1, 1],
        [2, 3, 7, 5, 2, 0, 3],
        [1, 2, 4, 4, 1, 2, 0],
    ] {
        let shape = [[n, c, h, w]];
        let own: Operation =
            Box::new(move |t| slice_pad::slice_pad(t[0].clone(), stride, before, after));
        let burns: Operation = Box::new(move |t| {
            let x = t[0].clone();
            let rows = (0..h).step_by(stride).map(|i| x.clone().narrow(2, i, 1));
            let x = Tensor::cat(rows.collect(), 2);
            let columns = (0..w).step_by(stride).map(|i| x.clone().narrow(3, i, 1));
            let x = Tensor::cat(columns.collect(), 3);
            let zeros = |channels: usize| {
                let one = x.clone().narrow(1, 0, 1) * 0.0;
                vec![one; channels]
            };
            Tensor::cat([zeros(before), vec![x.clone()], zeros(after)].concat(), 1)
        });
        compare("shortcut", own, burns, &shape, device).await;
    }
}

/// Three steps each, against the definition in the same precision.
async fn descent(device: &Device) {
    for (momentum, weight_decay, nesterov) in [
        (0.9, 5e-4, false),
        (0.9, 5e-4, true),
        (0.9, 0.0, false),
        (0.0, 1e-2, false),
    ] {
        let how = sgd::Sgd {
            learning_rate: 0.1,
            momentum,
            weight_decay,
            nesterov,
        };
        let mut own: Tensor<2> = tensor(numbers(1, 21), [3, 7], device);
        let (mut state, mut known, mut velocity) = (None, own.clone(), None);
        for time in 0..3 {
            let gradient: Tensor<2> = tensor(numbers(2 + time, 21), [3, 7], device);
            let slope = gradient.clone() + known.clone() * weight_decay;
            let now = match velocity {
                None => slope.clone(),
                Some(b) => b * momentum + slope.clone(),
            };
            let step = if nesterov {
                slope + now.clone() * momentum
            } else {
                now.clone()
            };
            known = known - step * 0.1;
            velocity = Some(now);
            (own, state) = sgd::step(how, own, gradient, state);
        }
        assert_eq!(state.is_some(), momentum > 0.0);
        let all = read(vec![flatten(own), flatten(known)])
            .await
            .expect("read");
        assert_close("descent", &all[0], &all[1]);
    }
}

/// Values and gradients, with autodiff and without.
pub async fn assert_are_burns_compositions(device: &Device) {
    convolutions(device).await;
    linear_layers(device).await;
    normalisation(device).await;
    activations(device).await;
    pooling(device).await;
    shortcut(device).await;
    descent(device).await;
}
