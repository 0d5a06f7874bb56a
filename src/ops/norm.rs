//! Batch normalisation.

use burn::tensor::Tensor;

const EPSILON: f32 = 1e-5;

pub fn batch_norm_train(
    x: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
) -> (Tensor<4>, Tensor<1>, Tensor<1>) {
    let [_, c, _, _] = x.dims();
    let mean = x.clone().mean_dims(&[0, 2, 3]);
    let centred = x - mean.clone();
    let variance = (centred.clone() * centred.clone()).mean_dims(&[0, 2, 3]);
    let normal = centred / (variance.clone() + EPSILON).sqrt();
    let y = normal * gamma.reshape([1, c, 1, 1]) + beta.reshape([1, c, 1, 1]);
    (y, mean.inner().reshape([c]), variance.inner().reshape([c]))
}

pub fn batch_norm(
    x: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    mean: Tensor<1>,
    variance: Tensor<1>,
) -> Tensor<4> {
    let [_, c, _, _] = x.dims();
    let scale = gamma / (variance + EPSILON).sqrt();
    let shift = beta - mean * scale.clone();
    x * scale.reshape([1, c, 1, 1]) + shift.reshape([1, c, 1, 1])
}
