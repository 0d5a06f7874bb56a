//! The linear layer on WebGPU: direct kernels as for the blocks, without shared memory or barriers.
//!
//! There are many features and few classes, so the result is added up in parts: unit `p` takes every `parts`-th
//! feature from `p` on, so that neighbours read neighbouring features.
#![allow(
    clippy::manual_div_ceil,
    reason = "kernels become shaders, which have no such function"
)]

use super::ops::LinearKernels;
use crate::ops::gpu::{cubes, dims, empty};
use burn::backend::tensor::FloatTensor;
use burn::tensor::DType;
use burn_cubecl::CubeBackend;
use burn_cubecl::kernel::into_contiguous;
use cubecl::prelude::*;

/// Images and classes of a unit's tile.
const TILE: usize = 4;
/// Features that a unit adds up, where there are enough of them.
const FEATURES: usize = 64;
/// The sums of parts are added one after the other: more would take longer than they save.
const MOST_PARTS: usize = 128;

impl LinearKernels for CubeBackend {
    fn linear_forward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let [x, weight, bias] = [x, weight, bias].map(into_contiguous);
        let [n, features] = dims(&x);
        let [classes, _] = dims(&weight);
        let parts = features.div_ceil(FEATURES).clamp(1, MOST_PARTS);
        let partial = empty(&x, [parts, n, classes], DType::F32);
        let logits = empty(&x, [n, classes], DType::F32);
        let client = x.client.clone();
        let (count, dim) = cubes(&client, n.div_ceil(TILE) * classes.div_ceil(TILE) * parts);
        // SAFETY: every index is clamped to its tensor or guarded.
        unsafe {
            partial_logits::launch_unchecked(
                &client,
                count,
                dim,
                x.into_buffer_arg(),
                weight.into_buffer_arg(),
                partial.clone().into_buffer_arg(),
                n as u32,
                features as u32,
                classes as u32,
                parts as u32,
            );
        }
        let (count, dim) = cubes(&client, n * classes);
        // SAFETY: units past the last logit end at once.
        unsafe {
            add_parts::launch_unchecked(
                &client,
                count,
                dim,
                partial.into_buffer_arg(),
                bias.into_buffer_arg(),
                logits.clone().into_buffer_arg(),
                parts as u32,
                (n * classes) as u32,
                classes as u32,
            );
        }
        logits
    }

    fn linear_parameter_gradients(
        x: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [x, gradient] = [x, gradient].map(into_contiguous);
        let [n, features] = dims(&x);
        let [_, classes] = dims(&gradient);
        let d_weight = empty(&x, [classes, features], DType::F32);
        let d_bias = empty(&x, [classes], DType::F32);
        let client = x.client.clone();
        let (count, dim) = cubes(&client, classes.div_ceil(TILE) * features);
        // SAFETY: every index is clamped to its tensor or guarded.
        unsafe {
            parameter_gradients::launch_unchecked(
                &client,
                count,
                dim,
                x.into_buffer_arg(),
                gradient.into_buffer_arg(),
                d_weight.clone().into_buffer_arg(),
                d_bias.clone().into_buffer_arg(),
                n as u32,
                features as u32,
                classes as u32,
            );
        }
        (d_weight, d_bias)
    }

    fn linear_input_gradient(
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let [weight, gradient] = [weight, gradient].map(into_contiguous);
        let [classes, features] = dims(&weight);
        let [n, _] = dims(&gradient);
        let dx = empty(&weight, [n, features], DType::F32);
        let client = weight.client.clone();
        let (count, dim) = cubes(&client, n.div_ceil(TILE) * features);
        // SAFETY: every index is clamped to its tensor or guarded.
        unsafe {
            input_gradient::launch_unchecked(
                &client,
                count,
                dim,
                weight.into_buffer_arg(),
                gradient.into_buffer_arg(),
                dx.clone().into_buffer_arg(),
                n as u32,
                features as u32,
                classes as u32,
            );
        }
        dx
    }
}

/// For each part the sums `[n, classes]` over its features.
#[cube(launch_unchecked)]
fn partial_logits(
    x: &[f32],
    weight: &[f32],
    partial: &mut [f32],
    n: u32,
    features: u32,
    classes: u32,
    parts: u32,
) {
    let tile = comptime!(TILE as u32).runtime();
    let across = (classes + tile - 1) / tile;
    let unit = ABSOLUTE_POS as u32;
    let part = unit % parts;
    let class = unit / parts % across * tile;
    let image = unit / parts / across * tile;
    if image >= n {
        terminate!();
    }
    let mut images = Sequence::<u32>::new();
    let mut rows = Sequence::<u32>::new();
    #[unroll]
    for i in 0..TILE {
        images.push(min(image + i as u32, n - 1) * features);
        rows.push(min(class + i as u32, classes - 1) * features);
    }
    let mut sums = Array::<f32>::new(comptime!(TILE * TILE));
    #[unroll]
    for i in 0..comptime!(TILE * TILE) {
        sums[i] = 0.0;
    }
    for feature in range_stepped(part, features, parts) {
        let mut taps = Sequence::<f32>::new();
        #[unroll]
        for i in 0..TILE {
            taps.push(weight[(*rows.index(i) + feature) as usize]);
        }
        #[unroll]
        for i in 0..TILE {
            let value = x[(*images.index(i) + feature) as usize];
            #[unroll]
            for j in 0..TILE {
                sums[comptime!(i * TILE + j)] += value * *taps.index(j);
            }
        }
    }
    #[unroll]
    for i in 0..TILE {
        #[unroll]
        for j in 0..TILE {
            if image + (i as u32) < n && class + (j as u32) < classes {
                let to = (part * n + image + i as u32) * classes + class + j as u32;
                partial[to as usize] = sums[comptime!(i * TILE + j)];
            }
        }
    }
}

/// Adds the parts, in their order, and the bias.
#[cube(launch_unchecked)]
fn add_parts(
    partial: &[f32],
    bias: &[f32],
    logits: &mut [f32],
    parts: u32,
    count: u32,
    classes: u32,
) {
    let at = ABSOLUTE_POS as u32;
    if at >= count {
        terminate!();
    }
    let mut sum = bias[(at % classes) as usize];
    for part in 0..parts {
        sum += partial[(part * count + at) as usize];
    }
    logits[at as usize] = sum;
}

/// Each unit owns a feature of a few classes; those of the first feature also own the biases.
#[cube(launch_unchecked)]
fn parameter_gradients(
    x: &[f32],
    gradient: &[f32],
    d_weight: &mut [f32],
    d_bias: &mut [f32],
    n: u32,
    features: u32,
    classes: u32,
) {
    let tile = comptime!(TILE as u32).runtime();
    let unit = ABSOLUTE_POS as u32;
    let feature = unit % features;
    let class = unit / features * tile;
    if class >= classes {
        terminate!();
    }
    let mut sums = Array::<f32>::new(TILE);
    let mut bias = Array::<f32>::new(TILE);
    #[unroll]
    for i in 0..TILE {
        sums[i] = 0.0;
        bias[i] = 0.0;
    }
    for image in 0..n {
        let value = x[(image * features + feature) as usize];
        #[unroll]
        for i in 0..TILE {
            let from = image * classes + min(class + i as u32, classes - 1);
            let g = gradient[from as usize];
            sums[i] += value * g;
            bias[i] += g;
        }
    }
    #[unroll]
    for i in 0..TILE {
        let class = class + i as u32;
        if class < classes {
            d_weight[(class * features + feature) as usize] = sums[i];
            if feature == 0 {
                d_bias[class as usize] = bias[i];
            }
        }
    }
}

/// Each unit owns a feature of a few images.
#[cube(launch_unchecked)]
fn input_gradient(
    weight: &[f32],
    gradient: &[f32],
    dx: &mut [f32],
    n: u32,
    features: u32,
    classes: u32,
) {
    let tile = comptime!(TILE as u32).runtime();
    let unit = ABSOLUTE_POS as u32;
    let feature = unit % features;
    let image = unit / features * tile;
    if image >= n {
        terminate!();
    }
    let mut sums = Array::<f32>::new(TILE);
    #[unroll]
    for i in 0..TILE {
        sums[i] = 0.0;
    }
    for class in 0..classes {
        let value = weight[(class * features + feature) as usize];
        #[unroll]
        for i in 0..TILE {
            let from = min(image + i as u32, n - 1) * classes + class;
            sums[i] += value * gradient[from as usize];
        }
    }
    #[unroll]
    for i in 0..TILE {
        let image = image + i as u32;
        if image < n {
            dx[(image * features + feature) as usize] = sums[i];
        }
    }
}
