//! Where the numbers of a matrix lie in memory.

/// So many places, `step` apart.
pub fn places(count: usize, step: usize) -> Vec<usize> {
    (0..count).map(|i| i * step).collect()
}

/// `[rows, columns]` as `[columns, rows]`.
pub fn transposed(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let mut result = Vec::with_capacity(values.len());
    for column in 0..columns {
        let column = values.iter().skip(column).step_by(columns);
        result.extend(column.take(rows));
    }
    result
}
