//! What forward and input gradient have in common: a tile of a plane, and its products with 3x3 filters.
#![allow(
    clippy::manual_div_ceil,
    reason = "kernels become shaders, which have no such function"
)]

use cubecl::prelude::*;

/// Rows and columns of a tile, in values of the convolution's plane (twice as many as windows).
pub const SIDE: usize = 4;
/// Planes of the output that a unit owns: each value read is used for all of them.
pub const PLANES: usize = 2;

/// Rows and columns of the values that the convolution of a tile reads.
pub const PATCH: usize = SIDE + 2;

/// Where a unit's tile lies: the tiles of a plane run fastest, so that neighbours read neighbouring values; then
/// groups of planes, then images.
#[derive(CubeType, Clone, Copy)]
pub struct Place {
    /// First row and column of the tile.
    pub top: u32,
    pub left: u32,
    /// First of its planes.
    pub plane: u32,
    pub image: u32,
}

/// The tile of this unit, of planes of `height` and `width` in groups of [`PLANES`] out of `planes`.
#[cube]
pub fn place(height: u32, width: u32, planes: u32) -> Place {
    let side = comptime!(SIDE as u32).runtime();
    let group = comptime!(PLANES as u32).runtime();
    let across = (width + side - 1) / side;
    let down = (height + side - 1) / side;
    let groups = (planes + group - 1) / group;
    let unit = ABSOLUTE_POS as u32;
    let row = unit / across;
    let above = row / down;
    Place {
        top: row % down * side,
        left: unit % across * side,
        plane: above % groups * group,
        image: above / groups,
    }
}

/// Units that [`place`] needs.
pub fn units(images: usize, height: usize, width: usize, planes: usize) -> usize {
    images * planes.div_ceil(PLANES) * height.div_ceil(SIDE) * width.div_ceil(SIDE)
}

/// Adds to the sums of `plane` what the patch of one channel and the filter `taps` come to.
#[cube]
pub fn convolve(
    sums: &mut Array<f32>,
    patch: &Sequence<f32>,
    taps: &Sequence<f32>,
    #[comptime] plane: usize,
) {
    #[unroll]
    for y in 0..SIDE {
        #[unroll]
        for x in 0..SIDE {
            let at = comptime!((plane * SIDE + y) * SIDE + x);
            let mut sum = sums[at];
            #[unroll]
            for tap in 0..9usize {
                let from = comptime!((y + tap / 3) * PATCH + x + tap % 3);
                sum += *patch.index(from) * *taps.index(tap);
            }
            sums[at] = sum;
        }
    }
}
