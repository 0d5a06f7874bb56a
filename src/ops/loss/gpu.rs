//! Cross-entropy on WebGPU: a unit for each image, and one that adds their losses up.

use super::ops::LossKernels;
use crate::ops::gpu::{cubes, dims, empty};
use burn::backend::tensor::FloatTensor;
use burn::tensor::DType;
use burn_cubecl::CubeBackend;
use burn_cubecl::kernel::into_contiguous;
use cubecl::prelude::*;

impl LossKernels for CubeBackend {
    fn loss_and_gradient(
        logits: FloatTensor<Self>,
        one_hot: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [logits, one_hot] = [logits, one_hot].map(into_contiguous);
        let [n, classes] = dims(&logits);
        let losses = empty(&logits, [n], DType::F32);
        let gradient = empty(&logits, [n, classes], DType::F32);
        let loss = empty(&logits, [1], DType::F32);
        let client = logits.client.clone();
        let (count, dim) = cubes(&client, n);
        // SAFETY: units past the last image end at once.
        unsafe {
            rows::launch_unchecked(
                &client,
                count,
                dim,
                logits.into_buffer_arg(),
                one_hot.into_buffer_arg(),
                losses.clone().into_buffer_arg(),
                gradient.clone().into_buffer_arg(),
                n as u32,
                classes as u32,
            );
        }
        // SAFETY: all units but the first end at once.
        unsafe {
            mean::launch_unchecked(
                &client,
                CubeCount::new_single(),
                CubeDim::new_single(),
                losses.into_buffer_arg(),
                loss.clone().into_buffer_arg(),
                n as u32,
            );
        }
        (loss, gradient)
    }
}

/// -log p(label) of each row, and `(p - one_hot) / n`.
#[cube(launch_unchecked)]
fn rows(
    logits: &[f32],
    one_hot: &[f32],
    losses: &mut [f32],
    gradient: &mut [f32],
    n: u32,
    classes: u32,
) {
    let row = ABSOLUTE_POS as u32;
    if row >= n {
        terminate!();
    }
    let first = row * classes;
    // Less the largest, so that no exponential overflows.
    let mut largest = logits[first as usize];
    for class in 1..classes {
        largest = max(largest, logits[(first + class) as usize]);
    }
    let mut sum = 0.0f32;
    let mut count = 0.0f32;
    for class in 0..classes {
        sum += (logits[(first + class) as usize] - largest).exp();
        count += one_hot[(first + class) as usize];
    }
    let log_sum = sum.ln();
    let scale = 1.0f32 / n as f32;
    let mut loss = 0.0f32;
    for class in 0..classes {
        let at = (first + class) as usize;
        let log_p = logits[at] - largest - log_sum;
        loss -= log_p * one_hot[at];
        gradient[at] = (log_p.exp() * count - one_hot[at]) * scale;
    }
    losses[row as usize] = loss;
}

#[cube(launch_unchecked)]
fn mean(losses: &[f32], loss: &mut [f32], n: u32) {
    if ABSOLUTE_POS > 0 {
        terminate!();
    }
    let mut sum = 0.0f32;
    for row in 0..n {
        sum += losses[row as usize];
    }
    loss[0] = sum / n as f32;
}
