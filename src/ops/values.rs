//! A tensor of any rank.

use super::transfer::tensor;
use burn::backend::DispatchTensor;
use burn::tensor::{Device, Gradients, Tensor};

/// A tensor whose rank is known where it is used: the parameters of a network are of ranks 1, 2 and 4.
#[derive(Clone, Debug)]
pub struct Values(DispatchTensor);

impl Values {
    pub fn of<const D: usize>(tensor: Tensor<D>) -> Self {
        Self(tensor.into_dispatch())
    }

    /// As a tensor of its rank.
    pub fn tensor<const D: usize>(&self) -> Tensor<D> {
        Tensor::from_dispatch(self.0.clone())
    }

    /// Numbers of these dimensions (1 to 4 of them) on the device.
    pub fn new(values: Vec<f32>, dims: &[usize], device: &Device) -> Self {
        match *dims {
            [a] => Self::of(tensor(values, [a], device)),
            [a, b] => Self::of(tensor(values, [a, b], device)),
            [a, b, c] => Self::of(tensor(values, [a, b, c], device)),
            [a, b, c, d] => Self::of(tensor(values, [a, b, c, d], device)),
            _ => Self::of(tensor(values, [1], device)),
        }
    }

    /// A tracked copy, for which gradients are found.
    pub fn leaf(&self) -> Self {
        // None of what is asked of it depends on the rank.
        Self::of(self.tensor::<1>().autodiff().require_grad())
    }

    /// The gradient of this leaf; None where the loss does not depend on it.
    pub fn gradient(&self, gradients: &mut Gradients) -> Option<Self> {
        self.tensor::<1>().grad_remove(gradients).map(Self::of)
    }

    /// All numbers, in order, however many there are.
    pub fn all(&self) -> Tensor<1> {
        let tensor = self.tensor::<1>();
        let len = tensor.shape().num_elements();
        tensor.reshape([len])
    }

    /// All `len` numbers, in order.
    pub fn flat(&self, len: usize) -> Tensor<1> {
        self.tensor::<1>().reshape([len])
    }
}
