//! Nodes, tensors and layers of a network that has been checked.

use super::shape::Shape;
use std::ops::Range;

/// What a parameter is to its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Of a convolution or a linear layer: scored, counted and masked.
    Weight,
    Bias,
    /// Of batch normalisation.
    Gamma,
    Beta,
    /// Running statistics of batch normalisation: not learnt.
    Mean,
    Variance,
}

/// A tensor of the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// As PyTorch calls it: `conv1.weight`, `bn1.running_mean`.
    pub name: String,
    pub role: Role,
    pub dims: Vec<usize>,
    /// Where it lies among all numbers of the network.
    pub range: Range<usize>,
    /// Its node.
    pub node: usize,
}

/// A node with what its inputs make of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Values: 0 is the image, `i + 1` what node `i` gives.
    pub inputs: Vec<usize>,
    pub shape: Shape,
    /// Its parameters, in the order weight, bias; or gamma, beta, mean, variance.
    pub parameters: Vec<usize>,
    /// Multiply-accumulates for one image, dense.
    pub macs: usize,
}

/// A prunable layer: a convolution or a linear layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    pub name: String,
    pub node: usize,
    /// `[out, in / groups, k, k]` or `[out, in]`.
    pub dims: Vec<usize>,
    pub macs: usize,
}
