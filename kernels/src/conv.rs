//! Convolution in general, forward and backward: products of matrices, one of which is the windows of the input, which are
//! never all in memory.

mod depthwise;
mod phases;
mod sizes;

use crate::gemm::{Gemm, Matrix};
use crate::places::{places, transposed};
use phases::{Backward, Forward};
pub use sizes::Conv;

/// `[n, o, height, width]`; without a bias, it counts as 0.
pub fn conv(conv: &Conv, x: &[f32], weight: &[f32], bias: Option<&[f32]>) -> Vec<f32> {
    let plane = conv.plane();
    let mut result = vec![0.0; conv.n * conv.o * plane];
    conv.check(x.len(), weight.len(), result.len());
    if result.is_empty() || x.is_empty() {
        return result;
    }
    if conv.depthwise() {
        depthwise::forward(conv, x, weight, bias, &mut result);
        return result;
    }
    if let Some(bias) = bias {
        let planes = result.chunks_exact_mut(plane);
        for (plane, &bias) in planes.zip(bias.iter().cycle()) {
            plane.fill(bias);
        }
    }
    let mut gemm = Gemm::new();
    let mut forward = Forward::new(conv);
    let group = conv.o / conv.groups;
    let (rows, columns) = (places(group, conv.filter()), places(conv.filter(), 1));
    let channels = x.chunks_exact(conv.image() / conv.groups);
    let results = result.chunks_exact_mut(group * plane);
    for (i, (channels, result)) in channels.zip(results).enumerate() {
        let weights = Matrix {
            values: conv.group(i, weight),
            rows: &rows,
            columns: &columns,
        };
        gemm.add_product(result, weights, forward.windows(channels));
    }
    result
}

/// The gradient with respect to `weight`, from that of the result.
pub fn conv_weight_gradient(conv: &Conv, x: &[f32], gradient: &[f32]) -> Vec<f32> {
    let mut result = vec![0.0; conv.o * conv.filter()];
    conv.check(x.len(), result.len(), gradient.len());
    if gradient.is_empty() || x.is_empty() {
        return result;
    }
    if conv.depthwise() {
        depthwise::weight_gradient(conv, x, gradient, &mut result);
        return result;
    }
    let (plane, group, filter) = (conv.plane(), conv.o / conv.groups, conv.filter());
    let mut gemm = Gemm::new();
    let mut forward = Forward::new(conv);
    let (rows, columns) = (places(plane, 1), places(group, plane));
    // Of each group `[c * k * k, o]`: the windows, which are many, are copied in rows.
    let mut sums = vec![0.0; result.len()];
    let channels = x.chunks_exact(conv.image() / conv.groups);
    let gradients = gradient.chunks_exact(group * plane);
    for (i, (channels, values)) in channels.zip(gradients).enumerate() {
        let gradients = Matrix {
            values,
            rows: &rows,
            columns: &columns,
        };
        let sums = &mut sums[i % conv.groups * group * filter..][..group * filter];
        gemm.add_product(sums, forward.windows(channels), gradients);
    }
    let groups = sums.chunks_exact(group * filter);
    for (sums, result) in groups.zip(result.chunks_exact_mut(group * filter)) {
        result.copy_from_slice(&transposed(sums, filter, group));
    }
    result
}

/// The gradient with respect to `x`, from that of the result.
pub fn conv_input_gradient(conv: &Conv, weight: &[f32], gradient: &[f32]) -> Vec<f32> {
    let mut result = vec![0.0; conv.n * conv.image()];
    conv.check(result.len(), weight.len(), gradient.len());
    if gradient.is_empty() || result.is_empty() {
        return result;
    }
    if conv.depthwise() {
        depthwise::input_gradient(conv, weight, gradient, &mut result);
        return result;
    }
    let mut gemm = Gemm::new();
    let mut backward = Backward::new(conv);
    // Those of each group, of each phase.
    let groups = 0..conv.groups;
    let weights: Vec<Vec<Vec<f32>>> = groups
        .map(|i| {
            let phases = backward.phases.iter();
            let weights = phases.map(|phase| phase.weights(conv, conv.group(i, weight)));
            weights.collect()
        })
        .collect();
    let mut sums = Vec::new();
    let results = result.chunks_exact_mut(conv.image() / conv.groups);
    let gradients = gradient.chunks_exact(conv.o / conv.groups * conv.plane());
    for (i, (gradient, result)) in gradients.zip(results).enumerate() {
        let (values, phases) = backward.padded(gradient);
        for (phase, weights) in phases.iter().zip(&weights[i % conv.groups]) {
            let depth = phase.rows.len();
            let weights = Matrix {
                values: weights,
                rows: &places(conv.c / conv.groups, depth),
                columns: &places(depth, 1),
            };
            let windows = Matrix {
                values,
                rows: &phase.rows,
                columns: &phase.columns,
            };
            if conv.stride == 1 {
                gemm.add_product(result, weights, windows);
                continue;
            }
            let size = phase.columns.len();
            sums.clear();
            sums.resize(conv.c / conv.groups * size, 0.0);
            gemm.add_product(&mut sums, weights, windows);
            let planes = result.chunks_exact_mut(conv.h * conv.w);
            for (sums, plane) in sums.chunks_exact(size).zip(planes) {
                phase.spread(conv, sums, phase.width(), plane);
            }
        }
    }
    result
}
