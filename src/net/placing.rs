//! Which tensors a node has, what it costs, and where everything lies.

use super::checked::{Checked, Layer, Parameter, Role};
use super::op::{Net, Op};
use super::shape::Shape;

/// Weights and multiply-accumulates of a node; padding counts as work.
pub(super) fn costs(op: &Op, input: Shape, output: Shape) -> (usize, usize) {
    match op {
        Op::Conv(conv) => {
            let row = input.channels() / conv.groups.max(1) * conv.kernel * conv.kernel;
            let weights = conv.out.saturating_mul(row);
            (weights, weights.saturating_mul(output.positions()))
        }
        Op::Linear { out, .. } => {
            let weights = out.saturating_mul(input.len());
            (weights, weights)
        }
        _ => (0, 0),
    }
}

fn tensors_of(op: &Op, input: Shape) -> Vec<(&'static str, Role, Vec<usize>)> {
    match op {
        Op::Conv(conv) => {
            let row = input.channels() / conv.groups.max(1);
            let mut all = vec![(
                "weight",
                Role::Weight,
                vec![conv.out, row, conv.kernel, conv.kernel],
            )];
            if conv.bias {
                all.push(("bias", Role::Bias, vec![conv.out]));
            }
            all
        }
        Op::Linear { out, bias } => {
            let mut all = vec![("weight", Role::Weight, vec![*out, input.len()])];
            if *bias {
                all.push(("bias", Role::Bias, vec![*out]));
            }
            all
        }
        Op::BatchNorm => {
            let dims = vec![input.channels()];
            vec![
                ("weight", Role::Gamma, dims.clone()),
                ("bias", Role::Beta, dims.clone()),
                ("running_mean", Role::Mean, dims.clone()),
                ("running_var", Role::Variance, dims),
            ]
        }
        _ => Vec::new(),
    }
}

/// Gives every parameter its place: weights, what else is learnt, running statistics.
pub(super) fn placed(net: &Net, mut nodes: Vec<Checked>) -> (Vec<Parameter>, Vec<Checked>) {
    let mut all: Vec<Parameter> = Vec::new();
    for (i, node) in net.nodes.iter().enumerate() {
        let input = match nodes[i].inputs.first() {
            Some(&value) if value > 0 => nodes[value - 1].shape,
            _ => Shape::Image(net.input),
        };
        all.extend(
            tensors_of(&node.op, input)
                .into_iter()
                .map(|(what, role, dims)| Parameter {
                    name: format!("{}.{what}", node.name),
                    role,
                    dims,
                    range: 0..0,
                    node: i,
                }),
        );
    }
    all.sort_by_key(|p| match p.role {
        Role::Weight => 0,
        Role::Bias | Role::Gamma | Role::Beta => 1,
        Role::Mean | Role::Variance => 2,
    });
    let mut start = 0;
    for (i, parameter) in all.iter_mut().enumerate() {
        let len: usize = parameter.dims.iter().product();
        parameter.range = start..start + len;
        start += len;
        nodes[parameter.node].parameters.push(i);
    }
    (all, nodes)
}

pub(super) fn layers_of(net: &Net, nodes: &[Checked], parameters: &[Parameter]) -> Vec<Layer> {
    let weights = parameters.iter().filter(|p| p.role == Role::Weight);
    weights
        .map(|p| Layer {
            name: net.nodes[p.node].name.clone(),
            node: p.node,
            dims: p.dims.clone(),
            macs: nodes[p.node].macs,
        })
        .collect()
}
