//! A layer's weights for a picture: as a matrix, a row a filter, or a part of it, thinned where it has more weights than can be
//! sent.

use super::units::NEVER;
use serde::{Deserialize, Serialize};

/// A part of the matrix: from a row and a column, so many of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Tile {
    pub row: u32,
    pub column: u32,
    pub rows: u32,
    pub columns: u32,
}

impl Tile {
    /// Its part within a matrix of so many rows and columns; None where that is empty.
    pub fn within(self, rows: usize, columns: usize) -> Option<Self> {
        let left = |from: u32, count: u32, all: usize| {
            let left = (all as u64).checked_sub(u64::from(from))?;
            (left > 0 && count > 0).then(|| left.min(u64::from(count)) as u32)
        };
        Some(Self {
            rows: left(self.row, self.rows, rows)?,
            columns: left(self.column, self.columns, columns)?,
            ..self
        })
    }
}

/// Cells of equal blocks of a tile, row-major; those at its end may be of fewer weights.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cells {
    pub rows: u32,
    pub columns: u32,
    /// Rows and columns of weights that a cell is of.
    pub block: [u32; 2],
    /// Means; of a single weight, itself.
    pub weights: Vec<f32>,
    /// The share that the mask keeps, 0 to 255.
    pub kept: Vec<u8>,
    /// Means of the ranks of those that may go, [`NEVER`] where none may.
    pub ranks: Vec<u32>,
}

/// What cells are made of: the arrays of a layer of `columns` weights a row.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a> {
    pub columns: usize,
    pub weights: &'a [f32],
    pub mask: &'a [u8],
    pub ranks: &'a [u32],
}

impl Matrix<'_> {
    /// The cells of a `tile` that lies within, at most `most` of them, as square as can be.
    pub fn cells(&self, tile: Tile, most: usize) -> Cells {
        let [rows, columns] = [tile.rows as usize, tile.columns as usize];
        let [tall, wide] = block(rows, columns, most);
        let mut cells = Cells {
            rows: rows.div_ceil(tall) as u32,
            columns: columns.div_ceil(wide) as u32,
            block: [tall as u32, wide as u32],
            ..Default::default()
        };
        for top in (0..rows).step_by(tall) {
            for left in (0..columns).step_by(wide) {
                let cell = (top..rows.min(top + tall)).flat_map(|row| {
                    let first = (tile.row as usize + row) * self.columns + tile.column as usize;
                    first + left..first + columns.min(left + wide)
                });
                self.add(&mut cells, cell);
            }
        }
        cells
    }

    fn add(&self, cells: &mut Cells, cell: impl Iterator<Item = usize>) {
        let (mut count, mut sum, mut kept) = (0u32, 0f64, 0u32);
        let (mut ranked, mut ranks) = (0u64, 0u64);
        for i in cell {
            count += 1;
            sum += f64::from(self.weights[i]);
            kept += u32::from(self.mask[i] != 0);
            if self.ranks[i] != NEVER {
                ranked += 1;
                ranks += u64::from(self.ranks[i]);
            }
        }
        cells.weights.push((sum / f64::from(count.max(1))) as f32);
        cells.kept.push((kept * 255 / count.max(1)) as u8);
        let rank = ranks.checked_div(ranked).map_or(NEVER, |mean| mean as u32);
        cells.ranks.push(rank);
    }
}

/// How many rows and columns a cell takes, so that there are at most `most` cells.
fn block(rows: usize, columns: usize, most: usize) -> [usize; 2] {
    let side = ((rows * columns) as f64 / most as f64).sqrt().ceil() as usize;
    let across = |all: usize, cells: usize| all.div_ceil((most / cells.max(1)).max(1));
    let tall = side.clamp(1, rows.max(1));
    // Where one side is shorter than a square cell's, the other takes what is left.
    let wide = across(columns, rows.div_ceil(tall));
    [across(rows, columns.div_ceil(wide)), wide]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(rows: usize, columns: usize) -> Tile {
        Tile {
            row: 0,
            column: 0,
            rows: rows as u32,
            columns: columns as u32,
        }
    }

    #[test]
    fn a_part_is_within_the_matrix_or_is_none() {
        let tile = Tile {
            row: 3,
            column: 1,
            rows: 9,
            columns: 2,
        };
        let part = tile.within(5, 10).map(|part| [part.rows, part.columns]);
        assert_eq!(part, Some([2, 2]));
        assert_eq!(tile.within(3, 10), None);
        assert_eq!(tile.within(5, 1), None);
        let none = Tile { rows: 0, ..tile };
        assert_eq!(none.within(5, 10), None);
    }

    #[test]
    fn a_cell_is_the_mean_of_its_block() {
        let weights: Vec<f32> = (0..12).map(|i| i as f32).collect();
        let matrix = Matrix {
            columns: 4,
            weights: &weights,
            mask: &[1, 0, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1],
            ranks: &[0, 1, NEVER, NEVER, 4, 7, NEVER, NEVER, 8, 9, 10, 11],
        };
        let cells = matrix.cells(whole(3, 4), 4);
        assert_eq!((cells.rows, cells.columns, cells.block), (2, 2, [2, 2]));
        assert_eq!(cells.weights, [2.5, 4.5, 8.5, 10.5]);
        assert_eq!(cells.kept, [191, 255, 0, 255]);
        assert_eq!(cells.ranks, [3, NEVER, 8, 10]);
    }

    proptest! {
        #[test]
        fn there_are_no_more_cells_than_may_be_and_single_weights_are_exact(
            rows in 1usize..70, columns in 1usize..70, most in 1usize..2000,
        ) {
            let n = rows * columns;
            let weights: Vec<f32> = (0..n).map(|i| (i as f32).sin()).collect();
            let matrix = Matrix { columns, weights: &weights, mask: &vec![1; n], ranks: &vec![7; n] };
            let cells = matrix.cells(whole(rows, columns), most);
            let count = (cells.rows * cells.columns) as usize;
            prop_assert!(count <= most, "{cells:?}");
            prop_assert_eq!([cells.weights.len(), cells.kept.len(), cells.ranks.len()], [count; 3]);
            if n <= most {
                prop_assert_eq!(&cells.weights, &weights);
            }
            let at = Tile { row: rows as u32 - 1, column: columns as u32 / 2, rows: 1, columns: 1 };
            let one = matrix.cells(at, most);
            prop_assert_eq!(one.weights, [weights[(rows - 1) * columns + columns / 2]]);
        }
    }
}
