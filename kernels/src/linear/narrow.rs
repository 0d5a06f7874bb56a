//! With few outputs: products of rows.

use crate::terms::{Term, add_all};
use wide::f32x4;

/// Vectors that are summed apart, so that an addition need not wait for the one before it.
const SUMS: usize = 4;

pub fn linear(x: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let inputs = weight.len() / bias.len().max(1);
    let rows = x.chunks_exact(inputs.max(1));
    rows.flat_map(|x| {
        let products = weight.chunks_exact(inputs.max(1)).map(|row| dot(row, x));
        products.zip(bias).map(|(product, bias)| product + bias)
    })
    .collect()
}

/// The sum of the products of two runs of one length.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a, last_a) = a.as_chunks::<{ 4 * SUMS }>();
    let (b, last_b) = b.as_chunks::<{ 4 * SUMS }>();
    let mut sums = [f32x4::ZERO; SUMS];
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a.as_chunks::<4>().0, b.as_chunks::<4>().0);
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum += f32x4::new(a[i]) * f32x4::new(b[i]);
        }
    }
    let sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    let rest: f32 = last_a.iter().zip(last_b).map(|(a, b)| a * b).sum();
    sum.to_array().iter().sum::<f32>() + rest
}

pub fn parameter_gradients(x: &[f32], gradient: &[f32], outputs: usize) -> (Vec<f32>, Vec<f32>) {
    let images = gradient.len() / outputs.max(1);
    let inputs = x.len() / images.max(1);
    let mut weight = vec![0.0; outputs * inputs];
    let mut bias = vec![0.0; outputs];
    let rows = weight.chunks_exact_mut(inputs.max(1)).zip(&mut bias);
    for (o, (weight, bias)) in rows.enumerate() {
        let terms: Vec<Term> = (0..images)
            .map(|i| Term {
                at: i * inputs,
                factor: gradient[i * outputs + o],
            })
            .collect();
        *bias = terms.iter().map(|term| term.factor).sum();
        add_all(weight, x, &terms);
    }
    (weight, bias)
}

pub fn input_gradient(weight: &[f32], gradient: &[f32], outputs: usize) -> Vec<f32> {
    let inputs = weight.len() / outputs.max(1);
    let rows = gradient.chunks_exact(outputs.max(1));
    let mut x = vec![0.0; rows.len() * inputs];
    for (x, gradient) in x.chunks_exact_mut(inputs.max(1)).zip(rows) {
        let term = |(o, &factor): (usize, &f32)| Term {
            at: o * inputs,
            factor,
        };
        let terms: Vec<Term> = gradient.iter().enumerate().map(term).collect();
        add_all(x, weight, &terms);
    }
    x
}
