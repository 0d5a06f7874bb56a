//! Backpropagation: a loss of the network, and its gradients with respect to everything that is learnt.

use crate::error::Result;
use crate::learn::model::Model;
use crate::net::{Parameters, Role};
use crate::ops::transfer::read;
use crate::ops::values::Values;
use burn::tensor::{Gradients, Tensor};

/// A loss with its gradients, still on the device.
pub struct Backward {
    /// `[1]`
    pub loss: Tensor<1>,
    pub gradients: Gradients,
    /// The tracked copies of the parameters that the gradients belong to.
    pub leaves: Model,
}

/// Backpropagates `loss` of a tracked copy of `model`.
pub fn backward(model: &Model, loss: impl FnOnce(&Model) -> Tensor<1>) -> Backward {
    let parameters = model.graph.parameters().iter().zip(&model.tensors);
    let leaves = Model {
        tensors: parameters
            .map(|(p, tensor)| match p.role {
                Role::Mean | Role::Variance => Values::of(tensor.tensor::<1>().autodiff()),
                _ => tensor.leaf(),
            })
            .collect(),
        graph: model.graph.clone(),
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
        let Model { graph, tensors } = &self.leaves;
        let learnt = graph.parameters().iter().zip(tensors);
        let learnt = learnt.filter(|(p, _)| p.range.end <= graph.learnt());
        let flat = learnt
            .map(|(p, leaf)| {
                let found = leaf.gradient(&mut self.gradients);
                let none = || Values::of(leaf.tensor::<1>().inner().zeros_like());
                found.unwrap_or_else(none).flat(p.range.len())
            })
            .collect();
        let values = read(flat).await?.concat();
        Ok(Parameters { values })
    }
}
