//! Where the windows of a convolution lie in memory.
//!
//! With stride s, a plane with its padding is kept as s * s smaller ones, its phases: phase (a, b) has every s-th row from a
//! on and every s-th column from b on. So what one weight is multiplied with are neighbours in memory whatever the stride,
//! and the backward pass is a convolution of stride 1 for each phase, with the weights that reach it.

use super::sizes::Conv;
use crate::gemm::Matrix;

/// Height and width of a phase.
fn phase_size(conv: &Conv) -> [usize; 2] {
    [conv.h, conv.w].map(|size| (size + 2 * conv.padding).div_ceil(conv.stride))
}

/// The windows of the input.
pub struct Forward {
    conv: Conv,
    padded: Vec<f32>,
    /// Of each weight of a filter, where what it is multiplied with begins.
    pub rows: Vec<usize>,
    /// Of each position of the result, how far its window is from the first.
    columns: Vec<usize>,
    /// From one row of a phase to the next.
    pub width: usize,
}

impl Forward {
    pub fn new(conv: &Conv) -> Self {
        let (s, k) = (conv.stride, conv.k);
        let ([height, width], [rows, columns]) = (phase_size(conv), conv.output());
        let channels = conv.c / conv.groups;
        let at = |i: usize| {
            let (channel, y, x) = (i / (k * k), i / k % k, i % k);
            let phase = (channel * s + y % s) * s + x % s;
            (phase * height + y / s) * width + x / s
        };
        let room = channels * s * s * height * width;
        Self {
            conv: *conv,
            padded: vec![0.0; if plain(conv) { 0 } else { room }],
            rows: (0..channels * k * k).map(at).collect(),
            columns: (0..rows * columns)
                .map(|i| i / columns * width + i % columns)
                .collect(),
            width,
        }
    }

    /// Those of the channels of a group: `[channels * k * k, height * width]`.
    pub fn windows<'a>(&'a mut self, channels: &'a [f32]) -> Matrix<'a> {
        if !plain(&self.conv) {
            self.pad(channels);
        }
        Matrix {
            values: if plain(&self.conv) {
                channels
            } else {
                &self.padded
            },
            rows: &self.rows,
            columns: &self.columns,
        }
    }

    fn pad(&mut self, channels: &[f32]) {
        let Conv {
            h,
            w,
            stride,
            padding,
            ..
        } = self.conv;
        let [height, width] = phase_size(&self.conv);
        for (row, values) in channels.chunks_exact(w.max(1)).enumerate() {
            let (channel, y) = (row / h, row % h + padding);
            for b in 0..stride {
                let phase = (channel * stride + y % stride) * stride + b;
                let to = &mut self.padded[(phase * height + y / stride) * width..][..width];
                // The first column of this phase that is not padding.
                let first = padding.saturating_sub(b).div_ceil(stride);
                let to = to.get_mut(first..).unwrap_or_default();
                let from = values.get(first * stride + b - padding..);
                let from = from.unwrap_or_default();
                if stride == 1 {
                    to[..w].copy_from_slice(from);
                } else {
                    let from = from.iter().step_by(stride);
                    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
                }
            }
        }
    }
}

/// Whether the input is its own only phase.
fn plain(conv: &Conv) -> bool {
    conv.stride == 1 && conv.padding == 0
}

/// One phase of the input, and what reaches it from the gradient of the result.
pub struct Phase {
    /// Which weights of a plane of `k * k`.
    taps: Vec<usize>,
    /// Of each filter and each of these weights, where what it is multiplied with begins in the padded gradient.
    pub rows: Vec<usize>,
    /// Of each position of the phase that is not padding.
    pub columns: Vec<usize>,
    /// Rows and columns that are not padding: how many, and where the first is in the input.
    size: [usize; 2],
    first: [usize; 2],
}

/// The gradient of the result as the phases of the input see it.
pub struct Backward {
    conv: Conv,
    padded: Vec<f32>,
    pub phases: Vec<Phase>,
    /// From one row of the padded gradient to the next.
    pub width: usize,
}

impl Backward {
    pub fn new(conv: &Conv) -> Self {
        let s = conv.stride;
        let before = (conv.k - 1) / s;
        let [height, width] = phase_size(conv).map(|size| size + before);
        let phases = (0..s * s).map(|phase| Phase::new(conv, [phase / s, phase % s]));
        Self {
            conv: *conv,
            padded: vec![0.0; conv.o / conv.groups * height * width],
            phases: phases
                .filter(|phase| !phase.taps.is_empty() && !phase.columns.is_empty())
                .collect(),
            width,
        }
    }

    /// The gradients of the filters of a group, with zeros around them.
    pub fn padded<'a>(&'a mut self, filters: &'a [f32]) -> (&'a [f32], &'a [Phase]) {
        let before = (self.conv.k - 1) / self.conv.stride;
        let ([rows, columns], [height, _]) = (self.conv.output(), phase_size(&self.conv));
        if before == 0 && [height, self.width] == [rows, columns] {
            return (filters, &self.phases);
        }
        for (row, values) in filters.chunks_exact(columns.max(1)).enumerate() {
            let at = (row / rows * (height + before) + row % rows + before) * self.width + before;
            self.padded[at..at + columns].copy_from_slice(values);
        }
        (&self.padded, &self.phases)
    }
}

impl Phase {
    fn new(conv: &Conv, [a, b]: [usize; 2]) -> Self {
        let (s, k) = (conv.stride, conv.k);
        let before = (k - 1) / s;
        let [height, width] = phase_size(conv).map(|size| size + before);
        let taps: Vec<usize> = (0..k * k)
            .filter(|tap| tap / k % s == a && tap % k % s == b)
            .collect();
        let rows = (0..conv.o / conv.groups).flat_map(|filter| {
            let at = move |&tap: &usize| {
                (filter * height + before - tap / k / s) * width + before - tap % k / s
            };
            taps.iter().map(at).collect::<Vec<_>>()
        });
        let rows = rows.collect();
        let from = [a, b].map(|phase| conv.padding.saturating_sub(phase).div_ceil(s));
        let end = [(conv.h, a), (conv.w, b)].map(|(size, phase)| {
            let room = (size + conv.padding).saturating_sub(phase);
            room.div_ceil(s)
        });
        let size = [0, 1].map(|i| end[i].saturating_sub(from[i]));
        let columns = (0..size[0] * size[1])
            .map(|i| (from[0] + i / size[1]) * width + from[1] + i % size[1])
            .collect();
        Self {
            taps,
            rows,
            columns,
            size,
            first: [from[0] * s + a, from[1] * s + b].map(|at| at.saturating_sub(conv.padding)),
        }
    }

    /// Of the weights of a group `[o, c, k, k]` those that reach this phase, as `[c, o, taps]`.
    pub fn weights(&self, conv: &Conv, weight: &[f32]) -> Vec<f32> {
        let (plane, depth) = (conv.k * conv.k, self.rows.len());
        let mut all = vec![0.0; conv.c / conv.groups * depth];
        for (o, filter) in weight.chunks_exact(conv.filter()).enumerate() {
            let to = all.chunks_exact_mut(depth);
            for (to, from) in to.zip(filter.chunks_exact(plane)) {
                let to = &mut to[o * self.taps.len()..][..self.taps.len()];
                for (to, &tap) in to.iter_mut().zip(&self.taps) {
                    *to = from[tap];
                }
            }
        }
        all
    }

    /// From the first position to behind the last, with rows of `width`.
    pub fn run(&self, width: usize) -> usize {
        (self.size[0] - 1) * width + self.size[1]
    }

    /// Puts the values of this phase, with rows of `width`, to where they belong in a plane of the input.
    pub fn spread(&self, conv: &Conv, values: &[f32], width: usize, plane: &mut [f32]) {
        for (y, values) in values.chunks(width).take(self.size[0]).enumerate() {
            let at = (self.first[0] + y * conv.stride) * conv.w + self.first[1];
            let to = plane[at..].iter_mut().step_by(conv.stride);
            to.zip(&values[..self.size[1]])
                .for_each(|(to, value)| *to = *value);
        }
    }

    /// Its columns that are not padding.
    pub fn width(&self) -> usize {
        self.size[1]
    }
}
