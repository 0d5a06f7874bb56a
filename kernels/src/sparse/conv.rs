//! A convolution of the weights that are left.

use super::taps::{COLUMNS, ROWS, Taps};
use crate::Conv;

/// A convolution of the weights that are not 0.
#[derive(Clone, Debug)]
pub struct SparseConv {
    conv: Conv,
    bias: Vec<f32>,
    taps: Taps,
}

impl SparseConv {
    /// From dense weights `[o, c / groups, k, k]`; without a bias, it counts as 0. The number of images in `conv` does not matter.
    pub fn new(conv: &Conv, weight: &[f32], bias: Option<&[f32]>) -> Self {
        let bias = bias.map_or_else(|| vec![0.0; conv.o], <[f32]>::to_vec);
        debug_assert_eq!(bias.len(), conv.o, "biases");
        Self {
            conv: *conv,
            bias,
            taps: Taps::new(conv, weight),
        }
    }

    /// Images `[n, c, h, w]` to `[n, o, height, width]`.
    pub fn forward(&self, x: &[f32]) -> Vec<f32> {
        let ([_, width], plane) = (self.conv.output(), self.conv.plane().max(1));
        let mut padded = self.taps.padded();
        let images = x.chunks_exact(self.conv.image().max(1));
        debug_assert!(images.remainder().is_empty(), "whole images");
        let mut out = vec![0.0; images.len() * self.conv.o * self.conv.plane()];
        for (image, out) in images.zip(out.chunks_exact_mut(self.conv.o.max(1) * plane)) {
            self.taps.pad(image, &mut padded);
            let filters = self.taps.filters().zip(&self.bias);
            for ((filter, &bias), out) in filters.zip(out.chunks_exact_mut(plane)) {
                for (pair, rows) in out.chunks_mut((ROWS * width).max(1)).enumerate() {
                    for x in (0..width).step_by(COLUMNS) {
                        let sums = filter.sums(&padded, ROWS * pair, x);
                        for (row, sums) in rows.chunks_exact_mut(width).zip(sums) {
                            let sums = sums.iter().flat_map(|four| four.to_array());
                            let places = row[x..].iter_mut().zip(sums);
                            places.for_each(|(place, sum)| *place = sum + bias);
                        }
                    }
                }
            }
        }
        out
    }
}
