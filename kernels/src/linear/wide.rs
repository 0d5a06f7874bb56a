//! With many outputs: products of matrices.

use crate::gemm::{Gemm, Matrix};
use crate::places::{places, transposed};

pub fn linear(x: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let (outputs, inputs) = (bias.len(), weight.len() / bias.len().max(1));
    let images = x.len() / inputs.max(1);
    // Transposed, so that the weights, which are many, are read in rows and once.
    let mut sums: Vec<f32> = (bias.iter())
        .flat_map(|&bias| std::iter::repeat_n(bias, images))
        .collect();
    let right = Matrix {
        values: x,
        rows: &places(inputs, 1),
        columns: &places(images, inputs),
    };
    let left = Matrix {
        values: weight,
        rows: &places(outputs, inputs),
        columns: right.rows,
    };
    Gemm::new().add_product(&mut sums, left, right);
    transposed(&sums, outputs, images)
}

pub fn parameter_gradients(x: &[f32], gradient: &[f32], outputs: usize) -> (Vec<f32>, Vec<f32>) {
    let images = gradient.len() / outputs.max(1);
    let inputs = x.len() / images.max(1);
    let mut weight = vec![0.0; outputs * inputs];
    let gradients = transposed(gradient, images, outputs);
    let right = Matrix {
        values: x,
        rows: &places(images, inputs),
        columns: &places(inputs, 1),
    };
    let left = Matrix {
        values: &gradients,
        rows: &places(outputs, images),
        columns: &places(images, 1),
    };
    Gemm::new().add_product(&mut weight, left, right);
    let bias = gradients.chunks_exact(images.max(1));
    let mut bias: Vec<f32> = bias.map(|gradients| gradients.iter().sum()).collect();
    bias.resize(outputs, 0.0);
    (weight, bias)
}

pub fn input_gradient(weight: &[f32], gradient: &[f32], outputs: usize) -> Vec<f32> {
    let inputs = weight.len() / outputs.max(1);
    let images = gradient.len() / outputs.max(1);
    let mut x = vec![0.0; images * inputs];
    let right = Matrix {
        values: weight,
        rows: &places(outputs, inputs),
        columns: &places(inputs, 1),
    };
    let left = Matrix {
        values: gradient,
        rows: &places(images, outputs),
        columns: &places(outputs, 1),
    };
    Gemm::new().add_product(&mut x, left, right);
    x
}
