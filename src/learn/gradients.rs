//! Backpropagation: a loss of the network, and its gradients with respect to every parameter.

use crate::error::Result;
use crate::learn::model::{Cnn, Layer, read_parameters};
use crate::net::Parameters;
use crate::ops::transfer::flatten;
use burn::tensor::{Gradients, Tensor};

/// A loss with its gradients, still on the device.
pub struct Backward {
    /// `[1]`
    pub loss: Tensor<1>,
    pub gradients: Gradients,
    /// The tracked copies of the parameters that the gradients belong to.
    pub leaves: Cnn,
}

/// Backpropagates `loss` of a tracked copy of `model`.
pub fn backward(model: &Cnn, loss: impl FnOnce(&Cnn) -> Tensor<1>) -> Backward {
    let leaves = Cnn {
        conv1: leaf(&model.conv1),
        conv2: leaf(&model.conv2),
        fc: leaf(&model.fc),
    };
    let loss = loss(&leaves);
    let gradients = loss.backward();
    Backward {
        loss: loss.inner(),
        gradients,
        leaves,
    }
}

impl Backward {
    /// The gradients, host side; 0 for a parameter that the loss does not depend on.
    ///
    /// # Errors
    /// The device failed.
    pub async fn read(mut self) -> Result<Parameters> {
        let Cnn { conv1, conv2, fc } = self.leaves;
        let g = &mut self.gradients;
        let biases = [&conv1.bias, &conv2.bias, &fc.bias].map(|b| gradient(b, g));
        let weights = [
            gradient(&conv1.weight, g),
            gradient(&conv2.weight, g),
            gradient(&fc.weight, g),
        ];
        read_parameters(weights.into_iter().chain(biases)).await
    }
}

fn gradient<const D: usize>(leaf: &Tensor<D>, gradients: &mut Gradients) -> Tensor<1> {
    let found = leaf.grad_remove(gradients);
    flatten(found.unwrap_or_else(|| leaf.clone().inner().zeros_like()))
}

fn leaf<const D: usize>(layer: &Layer<D>) -> Layer<D> {
    Layer {
        weight: layer.weight.clone().autodiff().require_grad(),
        bias: layer.bias.clone().autodiff().require_grad(),
    }
}
