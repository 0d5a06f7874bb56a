//! A block of the weights that are left.

use super::taps::{COLUMNS, Filter, Taps};
use crate::forward::TILE;
use crate::{Block, Conv};
use wide::f32x4;

/// Conv 3x3 with padding 1, bias, ReLU, max-pool 2, of the weights that are not 0.
#[derive(Clone, Debug)]
pub struct SparseBlock {
    image: usize,
    height: usize,
    width: usize,
    bias: Vec<f32>,
    taps: Taps,
}

impl SparseBlock {
    /// From dense weights `[o, c, 3, 3]` and bias `[o]`. The number of images in `block` does not matter.
    pub fn new(block: &Block, weight: &[f32], bias: &[f32]) -> Self {
        debug_assert_eq!(bias.len(), block.o, "biases");
        let conv = Conv {
            n: block.n,
            c: block.c,
            h: block.h,
            w: block.w,
            o: block.o,
            k: 3,
            stride: 1,
            padding: 1,
            groups: 1,
        };
        let [height, width] = block.pooled();
        Self {
            image: block.image(),
            height,
            width,
            bias: bias.to_vec(),
            taps: Taps::new(&conv, weight),
        }
    }

    /// [`SparseBlock::new`], where that is less work than [`forward`](crate::forward()), as far as products tell.
    pub fn worth_it(block: &Block, weight: &[f32], bias: &[f32]) -> Option<Self> {
        let left = weight.iter().filter(|w| **w != 0.0).count();
        let dense = block.o.next_multiple_of(TILE) * block.filter() * block.w;
        (left * block.w.next_multiple_of(COLUMNS) < dense).then(|| Self::new(block, weight, bias))
    }

    /// Images `[n, c, h, w]` to pooled values `[n, o, h/2, w/2]`.
    pub fn forward(&self, x: &[f32]) -> Vec<f32> {
        let plane = self.height * self.width;
        let mut padded = self.taps.padded();
        let images = x.chunks_exact(self.image.max(1));
        debug_assert!(images.remainder().is_empty(), "whole images");
        let mut out = vec![0.0; images.len() * self.bias.len() * plane];
        for (image, out) in images.zip(out.chunks_exact_mut((self.bias.len() * plane).max(1))) {
            self.taps.pad(image, &mut padded);
            let filters = self.taps.filters().zip(&self.bias);
            for ((filter, &bias), out) in filters.zip(out.chunks_exact_mut(plane.max(1))) {
                self.pooled(&padded, &filter, bias, out);
            }
        }
        out
    }

    /// The pooled values of one filter, `[h/2, w/2]`.
    fn pooled(&self, padded: &[f32], filter: &Filter, bias: f32, out: &mut [f32]) {
        for (y, out) in out.chunks_exact_mut(self.width.max(1)).enumerate() {
            for (x, out) in out.chunks_mut(COLUMNS / 2).enumerate() {
                let [top, bottom] = filter.sums(padded, 2 * y, x * COLUMNS);
                let mut best = [0.0; COLUMNS];
                for ((best, top), bottom) in
                    best.as_chunks_mut::<4>().0.iter_mut().zip(top).zip(bottom)
                {
                    *best = larger(top, bottom).to_array();
                }
                for (out, pair) in out.iter_mut().zip(best.as_chunks::<2>().0) {
                    let sum = if pair[0] >= pair[1] || pair[0].is_nan() {
                        pair[0]
                    } else {
                        pair[1]
                    } + bias;
                    *out = if sum <= 0.0 { 0.0 } else { sum };
                }
            }
        }
    }
}

#[inline(always)]
fn larger(a: f32x4, b: f32x4) -> f32x4 {
    // A NaN in either wins, as in the dense kernel.
    a.simd_ge(b).select(a, (!a.simd_lt(b)).select(a, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_left_out_where_that_is_less_work() {
        // Rows of 16 columns are computed whole: of those of 8, half is for nothing.
        for (w, enough) in [(16, 1), (8, 5), (4, 8)] {
            let block = Block {
                n: 1,
                c: 2,
                h: 4,
                w,
                o: 8,
            };
            let worth_it = |tenths: usize| {
                let weight: Vec<f32> = (0..8 * 18)
                    .map(|i| if i % 10 < tenths { 0.0 } else { 1.0 })
                    .collect();
                SparseBlock::worth_it(&block, &weight, &[0.0; 8]).is_some()
            };
            assert!(!worth_it(enough - 1) && worth_it(enough), "{w}");
        }
    }
}
