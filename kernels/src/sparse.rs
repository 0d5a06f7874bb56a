//! A block with only the weights that are left: each filter is a list of taps, and each tap is multiplied with whole rows
//! of its input channel. What is cut costs nothing, and changes no bit: taps are added in the order in which the dense
//! kernel adds them.

use crate::Block;
use crate::forward::TILE;
use wide::f32x4;

/// Columns and rows that are summed at once, in registers: 8 vectors of 4.
const COLUMNS: usize = 16;
const ROWS: usize = 2;
const VECTORS: usize = COLUMNS / 4;

/// A weight that is left, and where its input begins in a padded image (see [`SparseBlock`]).
#[derive(Clone, Copy, Debug)]
struct Tap {
    at: u32,
    weight: f32,
}

/// Conv 3x3 with padding 1, bias, ReLU, max-pool 2, of the weights that are not 0.
///
/// Inside, an image is `[h + 2, c, columns + 2]` with a border of zeros, the columns rounded up to whole vectors: what the
/// windows of two rows cover lies together.
#[derive(Clone, Debug)]
pub struct SparseBlock {
    c: usize,
    h: usize,
    w: usize,
    bias: Vec<f32>,
    /// Of all filters, one after another; `ends[o]` is where those of filter o end.
    taps: Vec<Tap>,
    ends: Vec<usize>,
}

impl SparseBlock {
    /// From dense weights `[o, c, 3, 3]` and bias `[o]`. The number of images in `block` does not matter.
    pub fn new(block: &Block, weight: &[f32], bias: &[f32]) -> Self {
        debug_assert_eq!(weight.len(), block.o * block.filter(), "weights");
        debug_assert_eq!(bias.len(), block.o, "biases");
        let mut sparse = Self {
            c: block.c,
            h: block.h,
            w: block.w,
            bias: bias.to_vec(),
            taps: Vec::new(),
            ends: Vec::with_capacity(block.o),
        };
        let stride = sparse.stride();
        for filter in weight.chunks_exact(block.filter().max(1)) {
            // Row by row, each position with all its channels: so the dense kernel has them.
            for position in 0..9 {
                let (row, column) = (position / 3, position % 3);
                let of_channels = filter.iter().skip(position).step_by(9).enumerate();
                for (channel, &weight) in of_channels.filter(|(_, w)| **w != 0.0) {
                    let at = (row * sparse.c + channel) * stride + column;
                    sparse.taps.push(Tap {
                        at: at as u32,
                        weight,
                    });
                }
            }
            sparse.ends.push(sparse.taps.len());
        }
        sparse
    }

    /// [`SparseBlock::new`], where that is less work than [`forward`](crate::forward()), as far as products tell.
    pub fn worth_it(block: &Block, weight: &[f32], bias: &[f32]) -> Option<Self> {
        let left = weight.iter().filter(|w| **w != 0.0).count();
        let dense = block.o.next_multiple_of(TILE) * block.filter() * block.w;
        (left * block.w.next_multiple_of(COLUMNS) < dense).then(|| Self::new(block, weight, bias))
    }

    /// Floats from one row of a padded image to the next.
    fn stride(&self) -> usize {
        self.w.next_multiple_of(COLUMNS) + 2
    }

    /// Floats from one row of a channel to the next: those of the other channels are between.
    fn row(&self) -> usize {
        self.c * self.stride()
    }

    /// Images `[n, c, h, w]` to pooled values `[n, o, h/2, w/2]`.
    pub fn forward(&self, x: &[f32]) -> Vec<f32> {
        let plane = self.h / 2 * (self.w / 2);
        let mut padded = vec![0.0; (self.h + 2) * self.row()];
        let images = x.chunks_exact((self.c * self.h * self.w).max(1));
        debug_assert!(images.remainder().is_empty(), "whole images");
        let mut out = vec![0.0; images.len() * self.bias.len() * plane];
        for (image, out) in images.zip(out.chunks_exact_mut((self.bias.len() * plane).max(1))) {
            self.pad(image, &mut padded);
            let mut from = 0;
            let filters = self.ends.iter().zip(&self.bias);
            for ((&end, &bias), out) in filters.zip(out.chunks_exact_mut(plane.max(1))) {
                self.filter(&padded, &self.taps[from..end], bias, out);
                from = end;
            }
        }
        out
    }

    fn pad(&self, image: &[f32], padded: &mut [f32]) {
        for (row, values) in image.chunks_exact(self.w.max(1)).enumerate() {
            let (channel, y) = (row / self.h, row % self.h);
            let at = (y + 1) * self.row() + channel * self.stride() + 1;
            padded[at..at + self.w].copy_from_slice(values);
        }
    }

    /// The pooled values of one filter, `[h/2, w/2]`.
    fn filter(&self, padded: &[f32], taps: &[Tap], bias: f32, out: &mut [f32]) {
        let width = self.w / 2;
        for (y, out) in out.chunks_exact_mut(width.max(1)).enumerate() {
            for (x, out) in out.chunks_mut(COLUMNS / 2).enumerate() {
                let from = 2 * y * self.row() + x * COLUMNS;
                let [top, bottom] = rows(&padded[from..], self.row(), taps);
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

/// Sums of the taps over two rows of 16 columns that begin `padded`, the second `stride` behind the first.
#[inline(always)]
fn rows(padded: &[f32], stride: usize, taps: &[Tap]) -> [[f32x4; VECTORS]; ROWS] {
    let mut sums = [[f32x4::ZERO; VECTORS]; ROWS];
    for tap in taps {
        let weight = f32x4::splat(tap.weight);
        let values = &padded[tap.at as usize..];
        for (row, sums) in sums.iter_mut().enumerate() {
            let lanes = values[row * stride..][..COLUMNS].as_chunks::<4>().0;
            for (sum, &lane) in sums.iter_mut().zip(lanes) {
                *sum += f32x4::new(lane) * weight;
            }
        }
    }
    sums
}

/// A linear layer with only the weights that are left: compressed sparse rows.
#[derive(Clone, Debug)]
pub struct SparseLinear {
    inputs: usize,
    bias: Vec<f32>,
    columns: Vec<u32>,
    weights: Vec<f32>,
    ends: Vec<usize>,
}

impl SparseLinear {
    /// From dense weights `[out, in]` and bias `[out]`.
    pub fn new(inputs: usize, weight: &[f32], bias: &[f32]) -> Self {
        debug_assert_eq!(weight.len(), inputs * bias.len(), "weights");
        let mut sparse = Self {
            inputs,
            bias: bias.to_vec(),
            columns: Vec::new(),
            weights: Vec::new(),
            ends: Vec::with_capacity(bias.len()),
        };
        for row in weight.chunks_exact(inputs.max(1)) {
            for (i, &weight) in row.iter().enumerate().filter(|(_, w)| **w != 0.0) {
                sparse.columns.push(i as u32);
                sparse.weights.push(weight);
            }
            sparse.ends.push(sparse.weights.len());
        }
        sparse
    }

    /// `[n, in]` to `[n, out]`.
    pub fn forward(&self, x: &[f32]) -> Vec<f32> {
        let rows = x.chunks_exact(self.inputs.max(1));
        debug_assert!(rows.remainder().is_empty(), "whole rows");
        let mut out = Vec::with_capacity(rows.len() * self.bias.len());
        for x in rows {
            let mut from = 0;
            for (&end, &bias) in self.ends.iter().zip(&self.bias) {
                out.push(bias + product(&self.columns[from..end], &self.weights[from..end], x));
                from = end;
            }
        }
        out
    }
}

/// Four sums, so that an addition need not wait for the one before it.
fn product(columns: &[u32], weights: &[f32], x: &[f32]) -> f32 {
    let (columns, last_columns) = columns.as_chunks::<4>();
    let (weights, last_weights) = weights.as_chunks::<4>();
    let mut sums = [0.0f32; 4];
    for (columns, weights) in columns.iter().zip(weights) {
        for i in 0..4 {
            sums[i] += weights[i] * x[columns[i] as usize];
        }
    }
    let last = last_columns.iter().zip(last_weights);
    let rest: f32 = last
        .map(|(&column, &weight)| weight * x[column as usize])
        .sum();
    sums.iter().sum::<f32>() + rest
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
