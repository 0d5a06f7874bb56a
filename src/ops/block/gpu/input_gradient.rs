//! The gradient with respect to a block's input: a convolution of the gradient before pooling with the filters turned
//! around. That gradient is never written: a patch of it is made from the windows that it meets and their routes.

use super::sizes::Sizes;
use super::tile::{self, PATCH, PLANES, SIDE, convolve, place};
use crate::ops::gpu::{cubes, empty};
use burn::tensor::DType;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

/// Rows and columns of windows that a patch meets.
const WINDOWS: usize = SIDE / 2 + 2;

/// `[n, c, h, w]`
pub fn launch(
    sizes: &Sizes,
    weight: CubeTensor,
    route: CubeTensor,
    gradient: CubeTensor,
) -> CubeTensor {
    let &Sizes { n, c, h, w, o } = sizes;
    let dx = empty(&weight, [n, c, h, w], DType::F32);
    let client = weight.client.clone();
    let (count, dim) = cubes(&client, tile::units(n, h, w, c));
    // SAFETY: every index is clamped to its tensor or guarded.
    unsafe {
        input_gradient::launch_unchecked(
            &client,
            count,
            dim,
            weight.into_buffer_arg(),
            route.into_buffer_arg(),
            gradient.into_buffer_arg(),
            dx.clone().into_buffer_arg(),
            n as u32,
            c as u32,
            h as u32,
            w as u32,
            o as u32,
        );
    }
    dx
}

#[cube(launch_unchecked)]
fn input_gradient(
    weight: &[f32],
    route: &[i32],
    gradient: &[f32],
    dx: &mut [f32],
    n: u32,
    c: u32,
    h: u32,
    w: u32,
    o: u32,
) {
    let height = h / 2;
    let width = w / 2;
    let at = place(h, w, c);
    if at.image >= n {
        terminate!();
    }

    // Rows and columns of windows: clamped, and 0 as a factor where there are none.
    let mut rows = Sequence::<u32>::new();
    let mut row_in = Sequence::<f32>::new();
    let mut columns = Sequence::<u32>::new();
    let mut column_in = Sequence::<f32>::new();
    #[unroll]
    for i in 0..WINDOWS {
        let row = (at.top / 2 + i as u32) as i32 - 1;
        rows.push(clamp(row, 0, height as i32 - 1) as u32 * width);
        row_in.push(select(row >= 0 && row < height as i32, 1.0f32, 0.0f32));
        let column = (at.left / 2 + i as u32) as i32 - 1;
        columns.push(clamp(column, 0, width as i32 - 1) as u32);
        column_in.push(select(column >= 0 && column < width as i32, 1.0f32, 0.0f32));
    }

    let mut sums = Array::<f32>::new(comptime!(PLANES * SIDE * SIDE));
    #[unroll]
    for i in 0..comptime!(PLANES * SIDE * SIDE) {
        sums[i] = 0.0;
    }

    for filter in 0..o {
        let from = (at.image * o + filter) * height * width;
        let mut values = Sequence::<f32>::new();
        let mut routes = Sequence::<i32>::new();
        #[unroll]
        for i in 0..comptime!(WINDOWS * WINDOWS) {
            let row = comptime!(i / WINDOWS);
            let column = comptime!(i % WINDOWS);
            let window = (from + *rows.index(row) + *columns.index(column)) as usize;
            let inside = *row_in.index(row) * *column_in.index(column);
            values.push(gradient[window] * inside);
            routes.push(route[window]);
        }
        // The patch begins at the second row and column of its first window.
        let mut patch = Sequence::<f32>::new();
        #[unroll]
        for i in 0..comptime!(PATCH * PATCH) {
            let row = comptime!(i / PATCH + 1);
            let column = comptime!(i % PATCH + 1);
            let window = comptime!(row / 2 * WINDOWS + column / 2);
            let position = comptime!((row % 2 * 2 + column % 2) as i32);
            let here = *routes.index(window) == position;
            patch.push(select(here, *values.index(window), 0.0f32));
        }
        #[unroll]
        for plane in 0..PLANES {
            let channel = min(at.plane + plane as u32, c - 1);
            let first = (filter * c + channel) * 9;
            let mut taps = Sequence::<f32>::new();
            #[unroll]
            for tap in 0..9u32 {
                taps.push(weight[(first + (8 - tap)) as usize]);
            }
            convolve(&mut sums, &patch, &taps, plane);
        }
    }

    #[unroll]
    for plane in 0..PLANES {
        let channel = at.plane + plane as u32;
        #[unroll]
        for i in 0..comptime!(SIDE * SIDE) {
            let row = at.top + comptime!(i / SIDE) as u32;
            let column = at.left + comptime!(i % SIDE) as u32;
            if channel < c && row < h && column < w {
                let to = ((at.image * c + channel) * h + row) * w + column;
                dx[to as usize] = sums[comptime!(plane * SIDE * SIDE + i)];
            }
        }
    }
}
