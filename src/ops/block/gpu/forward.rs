//! Forward: the pooled values of a tile, and their routes.
#![allow(clippy::neg_cmp_op_on_partial_ord, reason = "a NaN has to win")]

use super::sizes::Sizes;
use super::tile::{self, PATCH, PLANES, SIDE, convolve, place};
use crate::ops::gpu::{cubes, empty};
use burn::tensor::DType;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

/// Pooled values `[n, o, h/2, w/2]` and routes (0 to 3, or 4 where ReLU is closed).
pub fn launch(
    sizes: &Sizes,
    x: CubeTensor,
    weight: CubeTensor,
    bias: CubeTensor,
) -> (CubeTensor, CubeTensor) {
    let &Sizes { n, c, h, w, o } = sizes;
    let [height, width] = sizes.pooled();
    let shape = [n, o, height, width];
    let pooled = empty(&x, shape, DType::F32);
    let route = empty(&x, shape, DType::I32);
    let units = tile::units(n, 2 * height, 2 * width, o);
    let client = x.client.clone();
    let (count, dim) = cubes(&client, units);
    // SAFETY: every index is clamped to its tensor or guarded.
    unsafe {
        forward::launch_unchecked(
            &client,
            count,
            dim,
            x.into_buffer_arg(),
            weight.into_buffer_arg(),
            bias.into_buffer_arg(),
            pooled.clone().into_buffer_arg(),
            route.clone().into_buffer_arg(),
            n as u32,
            c as u32,
            h as u32,
            w as u32,
            o as u32,
        );
    }
    (pooled, route)
}

#[cube(launch_unchecked)]
fn forward(
    x: &[f32],
    weight: &[f32],
    bias: &[f32],
    pooled: &mut [f32],
    route: &mut [i32],
    n: u32,
    c: u32,
    h: u32,
    w: u32,
    o: u32,
) {
    let height = h / 2;
    let width = w / 2;
    let at = place(2 * height, 2 * width, o);
    if at.image >= n {
        terminate!();
    }

    // Rows and columns of the patch: clamped into the image, and 0 as a factor where they are outside.
    let mut rows = Sequence::<u32>::new();
    let mut row_in = Sequence::<f32>::new();
    let mut columns = Sequence::<u32>::new();
    let mut column_in = Sequence::<f32>::new();
    #[unroll]
    for i in 0..PATCH {
        let row = (at.top + i as u32) as i32 - 1;
        rows.push(clamp(row, 0, h as i32 - 1) as u32 * w);
        row_in.push(select(row >= 0 && row < h as i32, 1.0f32, 0.0f32));
        let column = (at.left + i as u32) as i32 - 1;
        columns.push(clamp(column, 0, w as i32 - 1) as u32);
        column_in.push(select(column >= 0 && column < w as i32, 1.0f32, 0.0f32));
    }

    let mut sums = Array::<f32>::new(comptime!(PLANES * SIDE * SIDE));
    #[unroll]
    for i in 0..comptime!(PLANES * SIDE * SIDE) {
        sums[i] = 0.0;
    }

    for channel in 0..c {
        let from = (at.image * c + channel) * h * w;
        let mut patch = Sequence::<f32>::new();
        #[unroll]
        for i in 0..comptime!(PATCH * PATCH) {
            let row = comptime!(i / PATCH);
            let column = comptime!(i % PATCH);
            let value = x[(from + *rows.index(row) + *columns.index(column)) as usize];
            patch.push(value * *row_in.index(row) * *column_in.index(column));
        }
        #[unroll]
        for plane in 0..PLANES {
            let filter = min(at.plane + plane as u32, o - 1);
            let first = (filter * c + channel) * 9;
            let mut taps = Sequence::<f32>::new();
            #[unroll]
            for tap in 0..9u32 {
                taps.push(weight[(first + tap) as usize]);
            }
            convolve(&mut sums, &patch, &taps, plane);
        }
    }

    #[unroll]
    for plane in 0..PLANES {
        let filter = at.plane + plane as u32;
        let add = bias[min(filter, o - 1) as usize];
        #[unroll]
        for window in 0..comptime!(SIDE * SIDE / 4) {
            let down = comptime!(window / (SIDE / 2));
            let across = comptime!(window % (SIDE / 2));
            let first = comptime!((plane * SIDE + 2 * down) * SIDE + 2 * across);
            let mut best = sums[first];
            let mut from = 0i32;
            #[unroll]
            for i in 1..4usize {
                let sum = sums[comptime!(first + i / 2 * SIDE + i % 2)];
                // Not "greater than", so that a NaN wins; the first of equals, as in PyTorch.
                let larger = !(sum <= best);
                best = select(larger, sum, best);
                from = select(larger, i as i32, from);
            }
            best += add;
            let closed = best <= 0.0;
            let row = at.top / 2 + down as u32;
            let column = at.left / 2 + across as u32;
            if filter < o && row < height && column < width {
                let to = (((at.image * o + filter) * height + row) * width + column) as usize;
                pooled[to] = select(closed, 0.0f32, best);
                route[to] = select(closed, 4i32, from);
            }
        }
    }
}
