//! A step of stochastic gradient descent.

use crate::ops::float::{add, scale};
use burn::tensor::Tensor;

/// PyTorch's definition, without dampening.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    pub learning_rate: f64,
    pub momentum: f64,
    pub weight_decay: f64,
    pub nesterov: bool,
}

pub fn step<const D: usize>(
    how: Sgd,
    parameter: Tensor<D>,
    gradient: Tensor<D>,
    momentum: Option<Tensor<D>>,
) -> (Tensor<D>, Option<Tensor<D>>) {
    let d = match how.weight_decay == 0.0 {
        true => gradient,
        false => add(gradient, scale(parameter.clone(), how.weight_decay)),
    };
    let down = |direction| scale(direction, -how.learning_rate);
    if how.momentum == 0.0 {
        return (add(parameter, down(d)), None);
    }
    let buffer = match momentum {
        None => d.clone(),
        Some(buffer) => add(scale(buffer, how.momentum), d.clone()),
    };
    let direction = match how.nesterov {
        true => add(d, scale(buffer.clone(), how.momentum)),
        false => buffer.clone(),
    };
    (add(parameter, down(direction)), Some(buffer))
}
