//! An image with a border of zeros and its channels together: `[h + 2, w + 2, c]`.

use crate::Block;

/// Floats from one row to the next.
pub fn stride(block: &Block) -> usize {
    (block.w + 2) * block.c
}

pub fn len(block: &Block) -> usize {
    (block.h + 2) * stride(block)
}

/// Where position (y, x) of the image lies; its window begins a row and a column before it.
fn at(block: &Block, y: usize, x: usize) -> usize {
    (y + 1) * stride(block) + (x + 1) * block.c
}

/// Where the window of position (y, x) begins.
pub fn window(block: &Block, y: usize, x: usize) -> usize {
    y * stride(block) + x * block.c
}

/// Fills the inside of `padded` from `image`, `[c, h, w]`.
pub fn pad(block: &Block, image: &[f32], padded: &mut [f32]) {
    let (c, w) = (block.c, block.w);
    for (row, values) in image.chunks_exact(w.max(1)).enumerate() {
        let (channel, y) = (row / block.h, row % block.h);
        let line = &mut padded[at(block, y, 0)..][..w * c];
        for (place, &value) in line[channel..].iter_mut().step_by(c).zip(values) {
            *place = value;
        }
    }
}

/// The inside of `padded`, into `image`.
pub fn unpad(block: &Block, padded: &[f32], image: &mut [f32]) {
    let (c, w) = (block.c, block.w);
    for (row, values) in image.chunks_exact_mut(w.max(1)).enumerate() {
        let (channel, y) = (row / block.h, row % block.h);
        let line = &padded[at(block, y, 0)..][..w * c];
        for (value, &place) in values.iter_mut().zip(line[channel..].iter().step_by(c)) {
            *value = place;
        }
    }
}

/// Weights `[o, c, 3, 3]` as `[o, 3, 3, c]`: in the order of a padded window.
pub fn channels_last(block: &Block, weight: &[f32]) -> Vec<f32> {
    let mut out = vec![0.0; weight.len()];
    for (from, to) in filters(block, weight).zip(out.chunks_exact_mut(block.filter())) {
        for (i, value) in from.iter().enumerate() {
            to[i % 9 * block.c + i / 9] = *value;
        }
    }
    out
}

/// The way back.
pub fn channels_first(block: &Block, weight: &[f32]) -> Vec<f32> {
    let mut out = vec![0.0; weight.len()];
    for (from, to) in filters(block, weight).zip(out.chunks_exact_mut(block.filter())) {
        for (i, value) in to.iter_mut().enumerate() {
            *value = from[i % 9 * block.c + i / 9];
        }
    }
    out
}

fn filters<'a>(block: &Block, weight: &'a [f32]) -> impl Iterator<Item = &'a [f32]> {
    weight.chunks_exact(block.filter())
}
