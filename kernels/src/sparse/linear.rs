//! A linear layer of the weights that are left.

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
