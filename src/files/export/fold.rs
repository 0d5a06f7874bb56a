//! Batch normalisation folded into the convolution before it: in evaluation it only scales and shifts channels, which a
//! convolution's weights and bias can do themselves.

use crate::error::Result;
use crate::net::{Checked, Graph, Net, Node, Op, Parameter, Parameters, Role};
use std::collections::HashMap;
use std::sync::Arc;

/// The epsilon that every batch normalisation here has.
const EPSILON: f64 = 1e-5;

/// The network without the batch normalisations that follow a convolution which nothing else reads: `w * scale` and
/// `(b - mean) * scale + beta`, where `scale` is `gamma / sqrt(variance + epsilon)`, in double precision. Other ones stay.
///
/// `parameters` are all numbers of `graph`.
///
/// # Errors
/// None that a correct network can cause.
pub fn folded(graph: &Graph, parameters: &Parameters) -> Result<(Arc<Graph>, Parameters)> {
    let pairs = pairs(graph);
    let smaller = Graph::new(without(graph, &pairs))?;
    let names: Vec<&str> = graph.nodes().map(|(node, _)| node.name.as_str()).collect();
    let scalings: HashMap<&str, Scaling> = pairs
        .iter()
        .map(|&(conv, norm)| (names[conv], Scaling::of(graph, parameters, norm)))
        .collect();
    let before: HashMap<&str, &Parameter> = graph
        .parameters()
        .iter()
        .map(|p| (p.name.as_str(), p))
        .collect();
    let mut values = Vec::with_capacity(smaller.len());
    for parameter in smaller.parameters() {
        let node = smaller.net().nodes[parameter.node].name.as_str();
        let old = before.get(parameter.name.as_str());
        let old = old.map_or(&[][..], |&p| parameters.of(p));
        match (scalings.get(node), parameter.role) {
            (Some(scaling), Role::Weight) => values.extend(scaling.weights(old)),
            (Some(scaling), Role::Bias) => values.extend(scaling.biases(old)),
            _ => values.extend_from_slice(old),
        }
    }
    Ok((Arc::new(smaller), Parameters { values }))
}

/// Convolutions with the batch normalisation that alone reads each, as places of nodes.
fn pairs(graph: &Graph) -> Vec<(usize, usize)> {
    let nodes: Vec<(&Node, &Checked)> = graph.nodes().collect();
    let mut readers = vec![0; nodes.len() + 1];
    for &value in nodes.iter().flat_map(|(_, checked)| &checked.inputs) {
        readers[value] += 1;
    }
    let pair = |(norm, (node, checked)): (usize, &(&Node, &Checked))| {
        let value = *checked.inputs.first()?;
        let conv = value.checked_sub(1)?;
        let follows = matches!((&node.op, &nodes[conv].0.op), (Op::BatchNorm, Op::Conv(_)));
        (follows && readers[value] == 1).then_some((conv, norm))
    };
    nodes.iter().enumerate().filter_map(pair).collect()
}

/// The nodes without the second of each pair; the first then has a bias.
fn without(graph: &Graph, pairs: &[(usize, usize)]) -> Net {
    let mut net = graph.net().clone();
    let renamed: HashMap<String, String> = pairs
        .iter()
        .map(|&(conv, norm)| (net.nodes[norm].name.clone(), net.nodes[conv].name.clone()))
        .collect();
    for &(conv, _) in pairs {
        if let Op::Conv(conv) = &mut net.nodes[conv].op {
            conv.bias = true;
        }
    }
    net.nodes.retain(|node| !renamed.contains_key(&node.name));
    for input in net.nodes.iter_mut().flat_map(|node| &mut node.inputs) {
        if let Some(conv) = renamed.get(input) {
            input.clone_from(conv);
        }
    }
    net
}

/// What a batch normalisation does to each channel: `x * scale + shift`.
struct Scaling {
    scale: Vec<f64>,
    shift: Vec<f64>,
}

impl Scaling {
    fn of(graph: &Graph, parameters: &Parameters, norm: usize) -> Self {
        let of = |role: Role| {
            let mut all = graph.parameters().iter();
            let found = all.find(|p| p.node == norm && p.role == role);
            found.map_or(&[][..], |p| parameters.of(p)).iter()
        };
        let scale: Vec<f64> = of(Role::Gamma)
            .zip(of(Role::Variance))
            .map(|(&gamma, &variance)| f64::from(gamma) / (f64::from(variance) + EPSILON).sqrt())
            .collect();
        let shift = of(Role::Beta)
            .zip(of(Role::Mean))
            .zip(&scale)
            .map(|((&beta, &mean), scale)| f64::from(beta) - f64::from(mean) * scale)
            .collect();
        Self { scale, shift }
    }

    /// Of `[out, in / groups, k, k]`, each filter by its own scale.
    fn weights(&self, weights: &[f32]) -> Vec<f32> {
        let row = weights.len() / self.scale.len().max(1);
        let rows = weights.chunks(row.max(1)).zip(&self.scale);
        let scaled = rows.flat_map(|(row, scale)| row.iter().map(move |&w| f64::from(w) * scale));
        scaled.map(|w| w as f32).collect()
    }

    /// `biases` may be none: they count as 0.
    fn biases(&self, biases: &[f32]) -> Vec<f32> {
        let channels = self.scale.iter().zip(&self.shift).enumerate();
        let biased = channels.map(|(i, (scale, shift))| {
            f64::from(biases.get(i).copied().unwrap_or(0.0)) * scale + shift
        });
        biased.map(|b| b as f32).collect()
    }
}
