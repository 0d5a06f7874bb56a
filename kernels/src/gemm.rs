//! Products of matrices: what convolutions and wide linear layers come to.
//!
//! A tile of the result, [`ROWS`] by [`COLUMNS`], is summed in registers. Its operands are copied into panels first, so
//! that the innermost loop reads two runs of memory, one after the other. The two vectors of a row of the right operand
//! are neighbours: V8 can make one of 256 bits of them.

use wide::f32x4;

/// Of a tile: 8 vectors of sums. With more, V8 runs out of registers.
const ROWS: usize = 4;
const COLUMNS: usize = 8;
/// Products summed in one go: a panel of either operand stays in the first cache.
const DEPTH: usize = 256;
/// Panels of the right operand that are packed together, and stay in the second cache.
const PANELS: usize = 16;

/// Number (i, j) is `values[rows[i] + columns[j]]`: a matrix, a transposed one, or the windows of a convolution.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    pub values: &'a [f32],
    pub rows: &'a [usize],
    pub columns: &'a [usize],
}

/// Memory for panels, to be used again and again.
pub struct Gemm {
    left: Box<LeftPanel>,
    right: Vec<[f32; COLUMNS]>,
    runs: Vec<Run>,
}

/// Numbers of a row of the left operand that are neighbours.
struct Run {
    at: usize,
    from: usize,
    len: Length,
}

enum Length {
    Sixteen,
    Four,
    One,
}

type LeftPanel = [[f32; DEPTH]; ROWS];
type Tile<const M: usize> = [[f32x4; 2]; M];

impl Gemm {
    pub fn new() -> Self {
        Self {
            left: Box::new([[0.0; DEPTH]; ROWS]),
            right: Vec::new(),
            runs: Vec::new(),
        }
    }

    /// Adds the product of `left` `[m, k]` and `right` `[k, n]` to `sum` `[m, n]`.
    pub fn add_product(&mut self, sum: &mut [f32], left: Matrix, right: Matrix) {
        let (depth, width) = (right.rows.len(), right.columns.len());
        debug_assert_eq!(depth, left.columns.len(), "terms of a product");
        debug_assert_eq!(sum.len(), left.rows.len() * width, "sums");
        if depth == 0 || width == 0 {
            return;
        }
        for first in (0..width).step_by(PANELS * COLUMNS) {
            let columns = &right.columns[first..width.min(first + PANELS * COLUMNS)];
            for from in (0..depth).step_by(DEPTH) {
                let block = from..depth.min(from + DEPTH);
                let rows = &right.rows[block.clone()];
                let right = Matrix {
                    rows,
                    columns,
                    ..right
                };
                self.pack_right(right);
                self.find_runs(&left.columns[block]);
                let sums = sum.chunks_mut(ROWS * width);
                for (sums, rows) in sums.zip(left.rows.chunks(ROWS)) {
                    self.pack_left(left.values, rows);
                    let sums = &mut sums[first..];
                    self.add_panels(sums, width, right.rows.len(), columns.len());
                }
            }
        }
    }

    fn find_runs(&mut self, columns: &[usize]) {
        self.runs.clear();
        let mut at = 0;
        while let Some(&from) = columns.get(at) {
            let run = |len: usize| columns.get(at..at + len).is_some_and(adjacent);
            let (len, count) = if run(16) {
                (Length::Sixteen, 16)
            } else if run(4) {
                (Length::Four, 4)
            } else {
                (Length::One, 1)
            };
            self.runs.push(Run { at, from, len });
            at += count;
        }
    }

    fn pack_left(&mut self, values: &[f32], rows: &[usize]) {
        for (packed, row) in self.left.iter_mut().zip(rows) {
            for Run { at, from, len } in &self.runs {
                let (to, from) = (&mut packed[*at..], &values[row + from..]);
                match len {
                    Length::Sixteen => to[..16].copy_from_slice(&from[..16]),
                    Length::Four => to[..4].copy_from_slice(&from[..4]),
                    Length::One => to[0] = from[0],
                }
            }
        }
    }

    fn pack_right(&mut self, right: Matrix) {
        let depth = right.rows.len();
        self.right.clear();
        let panels = right.columns.len().div_ceil(COLUMNS);
        self.right.resize(panels * depth, [0.0; COLUMNS]);
        let panels = self.right.chunks_exact_mut(depth);
        for (panel, columns) in panels.zip(right.columns.chunks(COLUMNS)) {
            if columns.len() == COLUMNS && adjacent(columns) {
                for (packed, &row) in panel.iter_mut().zip(right.rows) {
                    packed.copy_from_slice(&right.values[row + columns[0]..][..COLUMNS]);
                }
                continue;
            }
            for (half, columns) in columns.chunks(4).enumerate() {
                pack_half(panel, half * 4, Matrix { columns, ..right });
            }
        }
    }

    /// Adds the products of the packed panels to as many rows of `sums` as there are, `columns` of each.
    fn add_panels(&self, sums: &mut [f32], width: usize, depth: usize, columns: usize) {
        // The last row is as long as the columns that are left.
        let rows = (sums.len() + width - columns) / width;
        let panels = self.right.chunks_exact(depth).enumerate();
        for (i, panel) in panels {
            let at = i * COLUMNS;
            let columns = COLUMNS.min(columns - at);
            let sums = &mut sums[at..];
            match rows {
                1 => add(sums, width, columns, &tile::<1>(&self.left, panel)),
                2 => add(sums, width, columns, &tile::<2>(&self.left, panel)),
                3 => add(sums, width, columns, &tile::<3>(&self.left, panel)),
                _ => add(sums, width, columns, &tile::<4>(&self.left, panel)),
            }
        }
    }
}

fn adjacent(places: &[usize]) -> bool {
    places.windows(2).all(|pair| pair[0] + 1 == pair[1])
}

/// Packs at most four columns, from the column `at` of the panel on.
fn pack_half(panel: &mut [[f32; COLUMNS]], at: usize, right: Matrix) {
    let Matrix {
        values,
        rows,
        columns,
    } = right;
    if columns.len() == 4 && adjacent(columns) {
        for (packed, &row) in panel.iter_mut().zip(rows) {
            packed[at..at + 4].copy_from_slice(&values[row + columns[0]..][..4]);
        }
        return;
    }
    for (packed, rows) in panel.chunks_mut(4).zip(rows.chunks(4)) {
        if rows.len() == 4 && adjacent(rows) {
            let mut four = [f32x4::ZERO; 4];
            for (four, column) in four.iter_mut().zip(columns) {
                *four = load(&values[rows[0] + column..]);
            }
            for (packed, four) in packed.iter_mut().zip(f32x4::transpose(four)) {
                packed[at..at + 4].copy_from_slice(&four.to_array());
            }
        } else {
            for (packed, row) in packed.iter_mut().zip(rows) {
                for (packed, column) in packed[at..].iter_mut().zip(columns) {
                    *packed = values[row + column];
                }
            }
        }
    }
}

#[inline(always)]
fn load(values: &[f32]) -> f32x4 {
    f32x4::new([values[0], values[1], values[2], values[3]])
}

/// The product of the first `M` rows of a left panel and a right panel.
#[inline(always)]
fn tile<const M: usize>(left: &LeftPanel, right: &[[f32; COLUMNS]]) -> Tile<M> {
    let mut sums = [[f32x4::ZERO; 2]; M];
    let right = &right[..right.len().min(DEPTH)];
    for (k, right) in right.iter().enumerate() {
        let [low, high] = [load(&right[..4]), load(&right[4..])];
        for (sums, left) in sums.iter_mut().zip(left) {
            let factor = f32x4::splat(left[k]);
            sums[0] += low * factor;
            sums[1] += high * factor;
        }
    }
    sums
}

#[inline(always)]
fn add<const M: usize>(sums: &mut [f32], width: usize, columns: usize, tile: &Tile<M>) {
    for (m, [low, high]) in tile.iter().enumerate() {
        let row = &mut sums[m * width..][..columns];
        if let Some(row) = row.as_mut_array::<COLUMNS>() {
            let [a, b] = [load(&row[..4]) + low, load(&row[4..]) + high];
            row[..4].copy_from_slice(&a.to_array());
            row[4..].copy_from_slice(&b.to_array());
        } else {
            let all = [low.to_array(), high.to_array()];
            for (sum, term) in row.iter_mut().zip(all.as_flattened()) {
                *sum += term;
            }
        }
    }
}
