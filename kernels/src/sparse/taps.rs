//! The weights of a convolution that are left, and sums of their products with whole rows.

use crate::Conv;
use wide::f32x4;

/// Columns and rows that are summed at once, in registers: 8 vectors of 4.
pub const COLUMNS: usize = 16;
pub const ROWS: usize = 2;
const VECTORS: usize = COLUMNS / 4;

/// A weight that is left, and where its input begins in a padded image (see [`Taps`]).
#[derive(Clone, Copy, Debug)]
struct Tap {
    at: u32,
    weight: f32,
}

/// Of each filter the weights that are not 0, in the order in which the dense kernel adds them.
///
/// Inside, an image is `[rows, c, stride, span]` with a border of zeros: of each row of a channel the columns that a stride
/// reaches from the first, from the second and so on, each rounded up to whole vectors. What the windows of two rows cover lies
/// together, and columns of the result that are neighbours read neighbours.
#[derive(Clone, Debug)]
pub struct Taps {
    conv: Conv,
    /// Of all filters, one after another; `ends[o]` is where those of filter o end.
    taps: Vec<Tap>,
    ends: Vec<usize>,
}

impl Taps {
    /// From dense weights `[o, c / groups, k, k]`. The number of images in `conv` does not matter.
    pub fn new(conv: &Conv, weight: &[f32]) -> Self {
        debug_assert_eq!(weight.len(), conv.o * conv.filter(), "weights");
        let mut left = Self {
            conv: *conv,
            taps: Vec::new(),
            ends: Vec::with_capacity(conv.o),
        };
        let Conv { k, stride, .. } = *conv;
        let span = left.span();
        let (channels, group) = (conv.c / conv.groups, (conv.o / conv.groups).max(1));
        let filters = weight.chunks_exact(conv.filter().max(1)).enumerate();
        for (o, filter) in filters {
            let first = o / group * channels;
            // Row by row, each position with all its channels: so the dense kernel of blocks has them.
            for position in 0..k * k {
                let (row, column) = (position / k, position % k);
                let of_channels = filter.iter().skip(position).step_by(k * k).enumerate();
                for (channel, &weight) in of_channels.filter(|(_, w)| **w != 0.0) {
                    let line = (row * conv.c + first + channel) * stride + column % stride;
                    left.taps.push(Tap {
                        at: (line * span + column / stride) as u32,
                        weight,
                    });
                }
            }
            left.ends.push(left.taps.len());
        }
        left
    }

    /// Floats of one row of a channel that a stride reaches.
    fn span(&self) -> usize {
        let Conv { k, stride, .. } = self.conv;
        let [_, width] = self.conv.output();
        width.next_multiple_of(COLUMNS) + k.saturating_sub(1) / stride
    }

    /// Floats from one row of a channel to the next: those of the other channels are between.
    fn row(&self) -> usize {
        self.conv.c * self.conv.stride * self.span()
    }

    /// An empty image, to be filled again and again.
    pub fn padded(&self) -> Vec<f32> {
        let Conv {
            h,
            k,
            stride,
            padding,
            ..
        } = self.conv;
        let [height, _] = self.conv.output();
        let read = height.next_multiple_of(ROWS).saturating_sub(1) * stride + k;
        vec![0.0; read.max(h + padding) * self.row()]
    }

    /// Fills the inside of `padded` from `image`, `[c, h, w]`.
    pub fn pad(&self, image: &[f32], padded: &mut [f32]) {
        let Conv {
            c,
            h,
            w,
            stride,
            padding,
            ..
        } = self.conv;
        let span = self.span();
        for (row, values) in image.chunks_exact(w.max(1)).enumerate() {
            let (channel, y) = (row / h, row % h + padding);
            let at = (y * c + channel) * stride * span;
            let lines = &mut padded[at..at + stride * span];
            if stride == 1 {
                lines[padding..padding + w].copy_from_slice(values);
                continue;
            }
            for (x, &value) in values.iter().enumerate() {
                let x = x + padding;
                // Columns at the end that no window covers.
                if x / stride < span {
                    lines[x % stride * span + x / stride] = value;
                }
            }
        }
    }

    /// The weights that are left of each filter.
    pub fn filters(&self) -> impl Iterator<Item = Filter<'_>> {
        let begins = std::iter::once(&0).chain(&self.ends);
        let ranges = begins.zip(&self.ends);
        ranges.map(|(&from, &to)| Filter {
            taps: &self.taps[from..to],
            row: self.row(),
            stride: self.conv.stride,
        })
    }
}

/// The weights that are left of one filter.
pub struct Filter<'a> {
    taps: &'a [Tap],
    row: usize,
    stride: usize,
}

impl Filter<'_> {
    /// Sums for rows `y` and `y + 1` of the result, of 16 columns from `x` on; some may lie beyond its end.
    #[inline(always)]
    pub fn sums(&self, padded: &[f32], y: usize, x: usize) -> [[f32x4; VECTORS]; ROWS] {
        let next = self.stride * self.row;
        let padded = &padded[y * next + x..];
        let mut sums = [[f32x4::ZERO; VECTORS]; ROWS];
        for tap in self.taps {
            let weight = f32x4::splat(tap.weight);
            let values = &padded[tap.at as usize..];
            for (row, sums) in sums.iter_mut().enumerate() {
                let lanes = values[row * next..][..COLUMNS].as_chunks::<4>().0;
                for (sum, &lane) in sums.iter_mut().zip(lanes) {
                    *sum += f32x4::new(lane) * weight;
                }
            }
        }
        sums
    }
}
