//! Forward: the four positions that one pooled value is the largest of, for 8 filters at once, in registers.

use crate::padded;
use crate::{Block, CLOSED};
use wide::f32x4;

/// Filters that are computed together.
pub const TILE: usize = 8;

/// Sums of the 4 positions of a pooling window, row by row, for the filters of a tile.
type Sums = [[f32x4; 2]; 4];

/// Conv 3x3 with padding 1, bias, ReLU, max-pool 2 of `x`: the pooled values `[n, o, h/2, w/2]`, and which of the four
/// positions each came from ([`CLOSED`] where it is 0).
pub fn forward(block: &Block, x: &[f32], weight: &[f32], bias: &[f32]) -> (Vec<f32>, Vec<u8>) {
    let plane = block.plane();
    let mut pooled = vec![0.0; block.n * block.o * plane];
    let mut route = vec![CLOSED; pooled.len()];
    each_window(block, x, weight, bias, |window, sums, biases| {
        let (values, routes) = pool(sums, biases);
        let first = (window.image * block.o + window.filter) * plane + window.at;
        for i in 0..window.filters {
            pooled[first + i * plane] = values[i];
            route[first + i * plane] = routes[i];
        }
    });
    (pooled, route)
}

/// How many positions of all images each filter is positive at after its bias, that is not zero after ReLU. An odd last
/// row or column is left out.
pub fn active(block: &Block, x: &[f32], weight: &[f32], bias: &[f32]) -> Vec<u32> {
    let mut counts = vec![0; block.o];
    each_window(block, x, weight, bias, |window, sums, biases| {
        for (i, count) in counts[window.filter..][..window.filters]
            .iter_mut()
            .enumerate()
        {
            let values = sums.iter().map(|sum| sum[i / 4].to_array()[i % 4]);
            *count += values.filter(|value| value + biases[i] > 0.0).count() as u32;
        }
    });
    counts
}

/// A pooling window of one image, and the filters that are computed together.
struct Window {
    image: usize,
    /// The first filter, and how many there are.
    filter: usize,
    filters: usize,
    /// Its place among the pooled values of a filter.
    at: usize,
}

/// Calls `f` with each pooling window of each image, its sums and the biases to be added to them.
#[inline(always)]
fn each_window(
    block: &Block,
    x: &[f32],
    weight: &[f32],
    bias: &[f32],
    mut f: impl FnMut(&Window, &Sums, &[f32; TILE]),
) {
    block.check(
        x.len(),
        weight.len(),
        [block.n * block.o * block.plane(); 2],
    );
    debug_assert_eq!(bias.len(), block.o, "biases");
    let tiles = tiles(block, weight);
    let [height, width] = block.pooled();
    let mut padded = vec![0.0; padded::len(block)];
    for (image, values) in x.chunks_exact(block.image().max(1)).enumerate() {
        padded::pad(block, values, &mut padded);
        let filters = tiles.chunks_exact(block.filter()).zip(bias.chunks(TILE));
        for (i, (tile, bias)) in filters.enumerate() {
            let mut biases = [0.0; TILE];
            biases[..bias.len()].copy_from_slice(bias);
            for at in 0..height * width {
                let corner = padded::window(block, at / width * 2, at % width * 2);
                let window = Window {
                    image,
                    filter: i * TILE,
                    filters: bias.len(),
                    at,
                };
                f(&window, &sums(block, &padded[corner..], tile), &biases);
            }
        }
    }
}

/// Weights in the order of a padded window, 8 filters side by side: tile after tile, `[3, 3, c]` of 8. Filters that are
/// not there are 0.
fn tiles(block: &Block, weight: &[f32]) -> Vec<[f32; TILE]> {
    let filter = block.filter();
    let mut out = vec![[0.0; TILE]; block.o.div_ceil(TILE) * filter];
    for (o, values) in weight.chunks_exact(filter.max(1)).enumerate() {
        let tile = &mut out[o / TILE * filter..][..filter];
        for (i, &value) in values.iter().enumerate() {
            tile[i % 9 * block.c + i / 9][o % TILE] = value;
        }
    }
    out
}

/// Convolves the 4x4 positions that begin `padded` with the filters of a tile.
#[inline(always)]
fn sums(block: &Block, padded: &[f32], tile: &[[f32; TILE]]) -> Sums {
    let (c, stride) = (block.c, padded::stride(block));
    let mut sums: Sums = [[f32x4::ZERO; 2]; 4];
    for (row, weights) in tile.chunks_exact(3 * c).enumerate() {
        let top = &padded[row * stride..][..4 * c];
        let bottom = &padded[(row + 1) * stride..][..4 * c];
        add_row(
            &mut sums,
            weights,
            [&top[..3 * c], &top[c..], &bottom[..3 * c], &bottom[c..]],
        );
    }
    sums
}

/// Adds what one row of the filters contributes to each of the four positions.
#[inline(always)]
fn add_row(sums: &mut Sums, weights: &[[f32; TILE]], [a, b, c, d]: [&[f32]; 4]) {
    for ((((w, &a), &b), &c), &d) in weights.iter().zip(a).zip(b).zip(c).zip(d) {
        let (low, high) = halves(w);
        for (sum, value) in sums.iter_mut().zip([a, b, c, d]) {
            let value = f32x4::splat(value);
            sum[0] += low * value;
            sum[1] += high * value;
        }
    }
}

#[inline(always)]
fn halves(w: &[f32; TILE]) -> (f32x4, f32x4) {
    (
        f32x4::new([w[0], w[1], w[2], w[3]]),
        f32x4::new([w[4], w[5], w[6], w[7]]),
    )
}

/// The largest of the four with its bias, after ReLU, and its route. The first of equals, as in PyTorch; a value that is
/// not a number is passed on.
#[inline(always)]
fn pool(sums: &Sums, bias: &[f32; TILE]) -> ([f32; TILE], [u8; TILE]) {
    let mut values = [0.0; TILE];
    let mut routes = [0; TILE];
    let (low, high) = halves(bias);
    for (half, bias) in [low, high].into_iter().enumerate() {
        let mut best = sums[0][half];
        let mut from = f32x4::ZERO;
        for (i, sum) in sums.iter().enumerate().skip(1) {
            // Not "greater than", so that a NaN wins.
            let larger = !sum[half].simd_le(best);
            best = larger.select(sum[half], best);
            from = larger.select(f32x4::splat(i as f32), from);
        }
        best += bias;
        let closed = best.simd_le(f32x4::ZERO);
        best = closed.select(f32x4::ZERO, best);
        from = closed.select(f32x4::splat(f32::from(CLOSED)), from);
        values[half * 4..][..4].copy_from_slice(&best.to_array());
        for (route, from) in routes[half * 4..].iter_mut().zip(from.to_array()) {
            *route = from as u8;
        }
    }
    (values, routes)
}
