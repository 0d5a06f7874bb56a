//! Gradients with respect to weights and bias: parts of the sums over all windows, then their sums.
//!
//! Each unit goes along rows of windows and holds the four positions that each is made of. Products with the three
//! that the route leaves out are added as zeros: picking out the nine values that count would take as long.
#![allow(
    clippy::manual_div_ceil,
    reason = "kernels become shaders, which have no such function"
)]

use super::sizes::Sizes;
use crate::ops::gpu::{cubes, empty};
use burn::tensor::DType;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

/// Filters that a unit owns, of one channel: each value of the input is used for all of them.
const FILTERS: usize = 4;
/// Units that keep a GPU busy, if there are enough rows.
const ENOUGH_UNITS: usize = 8192;
/// The sums of parts are added one after the other: more would take longer than they save.
const MOST_PARTS: usize = 128;

/// Gradients `[o, c, 3, 3]` and `[o]`.
pub fn launch(
    sizes: &Sizes,
    x: CubeTensor,
    route: CubeTensor,
    gradient: CubeTensor,
) -> (CubeTensor, CubeTensor) {
    let &Sizes { n, c, h, w, o } = sizes;
    let [height, _] = sizes.pooled();
    let d_weight = empty(&x, [o, c, 3, 3], DType::F32);
    let d_bias = empty(&x, [o], DType::F32);

    let rows = n * height;
    let owners = o.div_ceil(FILTERS) * c;
    let parts = (ENOUGH_UNITS / owners.max(1)).clamp(1, MOST_PARTS);
    let rows_per_part = rows.div_ceil(parts).max(1);
    let parts = rows.div_ceil(rows_per_part);
    let sums = o * (c * 9 + 1);
    let partial = empty(&x, [parts, sums], DType::F32);

    let client = x.client.clone();
    let (count, dim) = cubes(&client, parts * owners);
    // SAFETY: every index is clamped to its tensor or guarded.
    unsafe {
        partial_sums::launch_unchecked(
            &client,
            count,
            dim,
            x.into_buffer_arg(),
            route.into_buffer_arg(),
            gradient.into_buffer_arg(),
            partial.clone().into_buffer_arg(),
            rows as u32,
            rows_per_part as u32,
            c as u32,
            h as u32,
            w as u32,
            o as u32,
        );
    }
    let (count, dim) = cubes(&client, sums);
    // SAFETY: units past the last sum end at once.
    unsafe {
        add_parts::launch_unchecked(
            &client,
            count,
            dim,
            partial.into_buffer_arg(),
            d_weight.clone().into_buffer_arg(),
            d_bias.clone().into_buffer_arg(),
            parts as u32,
            (o * c * 9) as u32,
            o as u32,
        );
    }
    (d_weight, d_bias)
}

/// For each part `o * c * 9` sums of weights, then `o` of biases.
#[cube(launch_unchecked)]
fn partial_sums(
    x: &[f32],
    route: &[i32],
    gradient: &[f32],
    partial: &mut [f32],
    rows: u32,
    rows_per_part: u32,
    c: u32,
    h: u32,
    w: u32,
    o: u32,
) {
    let height = h / 2;
    let width = w / 2;
    let group = comptime!(FILTERS as u32).runtime();
    let groups = (o + group - 1) / group;
    let unit = ABSOLUTE_POS as u32;
    let filter = unit % groups * group;
    let channel = unit / groups % c;
    let part = unit / groups / c;
    let first = part * rows_per_part;
    if first >= rows {
        terminate!();
    }

    let mut sums = Array::<f32>::new(comptime!(FILTERS * 9));
    #[unroll]
    for i in 0..comptime!(FILTERS * 9) {
        sums[i] = 0.0;
    }
    let mut bias = Array::<f32>::new(FILTERS);
    #[unroll]
    for i in 0..FILTERS {
        bias[i] = 0.0;
    }

    for job in first..min(first + rows_per_part, rows) {
        let image = job / height;
        let row = job % height;
        // Rows of the four positions' inputs: clamped into the image, and 0 as a factor where they are outside.
        let plane = (image * c + channel) * h;
        let mut lines = Sequence::<u32>::new();
        let mut line_in = Sequence::<f32>::new();
        #[unroll]
        for i in 0..4u32 {
            let line = (2 * row + i) as i32 - 1;
            lines.push((plane + clamp(line, 0, h as i32 - 1) as u32) * w);
            line_in.push(select(line >= 0 && line < h as i32, 1.0f32, 0.0f32));
        }
        let mut planes = Sequence::<u32>::new();
        #[unroll]
        for i in 0..FILTERS {
            let plane = image * o + min(filter + i as u32, o - 1);
            planes.push((plane * height + row) * width);
        }

        // Columns left of the window's third: those that the window before has read.
        let mut held = Array::<f32>::new(8usize);
        #[unroll]
        for i in 0..4usize {
            held[comptime!(2 * i)] = 0.0;
            held[comptime!(2 * i + 1)] = x[*lines.index(i) as usize] * *line_in.index(i);
        }
        for column in 0..width {
            let third = 2 * column + 1;
            let fourth = min(third + 1, w - 1);
            let fourth_in = select(third + 1 < w, 1.0f32, 0.0f32);
            let mut patch = Sequence::<f32>::new();
            #[unroll]
            for i in 0..4usize {
                let line = *lines.index(i);
                let inside = *line_in.index(i);
                patch.push(held[comptime!(2 * i)]);
                patch.push(held[comptime!(2 * i + 1)]);
                let a = x[(line + third) as usize] * inside;
                let b = x[(line + fourth) as usize] * inside * fourth_in;
                patch.push(a);
                patch.push(b);
                held[comptime!(2 * i)] = a;
                held[comptime!(2 * i + 1)] = b;
            }
            #[unroll]
            for f in 0..FILTERS {
                let window = (*planes.index(f) + column) as usize;
                let from = route[window];
                let value = gradient[window];
                let mut four = Sequence::<f32>::new();
                #[unroll]
                for i in 0..4i32 {
                    four.push(select(from == i, value, 0.0f32));
                }
                bias[f] += select(from < 4i32, value, 0.0f32);
                #[unroll]
                for tap in 0..9usize {
                    let at = comptime!(f * 9 + tap);
                    let mut sum = sums[at];
                    #[unroll]
                    for i in 0..4usize {
                        let input = comptime!((i / 2 + tap / 3) * 4 + i % 2 + tap % 3);
                        sum += *four.index(i) * *patch.index(input);
                    }
                    sums[at] = sum;
                }
            }
        }
    }

    let to = part * o * (c * 9 + 1);
    #[unroll]
    for f in 0..FILTERS {
        let filter = filter + f as u32;
        if filter < o {
            let first = to + (filter * c + channel) * 9;
            #[unroll]
            for tap in 0..9usize {
                partial[(first + tap as u32) as usize] = sums[comptime!(f * 9 + tap)];
            }
            if channel == 0 {
                partial[(to + o * c * 9 + filter) as usize] = bias[f];
            }
        }
    }
}

/// Adds the sums of all parts, in their order.
#[cube(launch_unchecked)]
fn add_parts(
    partial: &[f32],
    d_weight: &mut [f32],
    d_bias: &mut [f32],
    parts: u32,
    weights: u32,
    biases: u32,
) {
    let at = ABSOLUTE_POS as u32;
    let sums = weights + biases;
    if at >= sums {
        terminate!();
    }
    let mut sum = 0.0f32;
    for part in 0..parts {
        sum += partial[(part * sums + at) as usize];
    }
    if at < weights {
        d_weight[at as usize] = sum;
    } else {
        d_bias[(at - weights) as usize] = sum;
    }
}
