//! Depthwise convolution: each weight is multiplied with a whole plane at once. Planes have the rows of the padded ones, so
//! that a plane is one run of memory; what is computed between two rows is left out.

use super::phases::{Backward, Forward};
use super::sizes::Conv;
use crate::linear::dot;
use crate::terms::{Term, add_all};

/// Writes `result`.
pub fn forward(conv: &Conv, x: &[f32], weight: &[f32], bias: Option<&[f32]>, result: &mut [f32]) {
    let [height, width] = conv.output();
    let (filters, taps) = (conv.o / conv.groups, conv.k * conv.k);
    let mut forward = Forward::new(conv);
    let wide = forward.width;
    let mut sums = vec![0.0; (height - 1) * wide + width];
    let planes = x.chunks_exact(conv.h * conv.w);
    let results = result.chunks_exact_mut(filters * height * width);
    for (i, (plane, results)) in planes.zip(results).enumerate() {
        let first = i % conv.groups * filters;
        let at = forward.rows.clone();
        let values = forward.windows(plane).values;
        for (j, result) in results.chunks_exact_mut(height * width).enumerate() {
            let weights = &weight[(first + j) * taps..][..taps];
            sums.fill(bias.map_or(0.0, |bias| bias[first + j]));
            add_all(&mut sums, values, &terms(&at, weights));
            let rows = result.chunks_exact_mut(width).zip(sums.chunks(wide));
            rows.for_each(|(row, sums)| row.copy_from_slice(&sums[..width]));
        }
    }
}

/// Adds to `result`.
pub fn weight_gradient(conv: &Conv, x: &[f32], gradient: &[f32], result: &mut [f32]) {
    let [height, width] = conv.output();
    let (filters, taps) = (conv.o / conv.groups, conv.k * conv.k);
    let mut forward = Forward::new(conv);
    let wide = forward.width;
    // With zeros between two rows.
    let mut spaced = vec![0.0; (height - 1) * wide + width];
    let planes = x.chunks_exact(conv.h * conv.w);
    let gradients = gradient.chunks_exact(filters * height * width);
    for (i, (plane, gradients)) in planes.zip(gradients).enumerate() {
        let first = i % conv.groups * filters;
        let windows = forward.windows(plane);
        for (j, gradient) in gradients.chunks_exact(height * width).enumerate() {
            let rows = gradient.chunks_exact(width).zip(spaced.chunks_mut(wide));
            rows.for_each(|(row, spaced)| spaced[..width].copy_from_slice(row));
            let sums = &mut result[(first + j) * taps..][..taps];
            for (sum, &at) in sums.iter_mut().zip(windows.rows) {
                *sum += dot(&spaced, &windows.values[at..][..spaced.len()]);
            }
        }
    }
}

/// Writes `result`, which is 0.
pub fn input_gradient(conv: &Conv, weight: &[f32], gradient: &[f32], result: &mut [f32]) {
    let [height, width] = conv.output();
    let group = conv.o / conv.groups;
    let mut backward = Backward::new(conv);
    let wide = backward.width;
    let mut sums = Vec::new();
    let gradients = gradient.chunks_exact(group * height * width);
    let results = result.chunks_exact_mut(conv.h * conv.w);
    for (i, (gradients, result)) in gradients.zip(results).enumerate() {
        let filter = group * conv.k * conv.k;
        let weight = &weight[i % conv.groups * filter..][..filter];
        let (values, phases) = backward.padded(gradients);
        for phase in phases {
            let terms = terms(&phase.rows, &phase.weights(conv, weight));
            sums.clear();
            sums.resize(phase.run(wide), 0.0);
            add_all(&mut sums, &values[phase.columns[0]..], &terms);
            phase.spread(conv, &sums, wide, result);
        }
    }
}

fn terms(places: &[usize], factors: &[f32]) -> Vec<Term> {
    let pairs = places.iter().zip(factors);
    pairs.map(|(&at, &factor)| Term { at, factor }).collect()
}
