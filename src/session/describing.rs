//! What is told of a network.

use crate::config::RunConfig;
use crate::net::{Graph, Op, Shape, text_of};
use crate::protocol::{LayerInfo, NetworkInfo, NodeInfo};

pub(super) fn describe(graph: &Graph, config: &RunConfig) -> NetworkInfo {
    let written = config.network.trim();
    let text = match written.starts_with('{') {
        true => String::new(),
        false => text_of(written, config.widths).unwrap_or_else(|| written.to_owned()),
    };
    NetworkInfo {
        text,
        nodes: nodes(graph),
        layers: (0..graph.layers().len()).map(|i| layer(graph, i)).collect(),
        parameters: graph.learnt() as u32,
        groups: graph.channels().groups().len() as u32,
        statistics: graph.has_statistics(),
    }
}

fn nodes(graph: &Graph) -> Vec<NodeInfo> {
    let nodes = graph.nodes().enumerate();
    nodes
        .map(|(i, (node, checked))| {
            let parameters = checked.parameters.iter().map(|&p| &graph.parameters()[p]);
            let learnt = parameters.filter(|p| p.range.end <= graph.learnt());
            let layer = graph.layers().iter().position(|layer| layer.node == i);
            NodeInfo {
                name: node.name.clone(),
                op: kind(&node.op).to_owned(),
                inputs: checked.inputs.iter().map(|&value| value as u32).collect(),
                shape: match checked.shape {
                    Shape::Image(dims) => dims.map(|d| d as u32).to_vec(),
                    Shape::Flat(n) => vec![n as u32],
                },
                parameters: learnt.map(|p| p.range.len() as u32).sum(),
                macs: checked.macs as u32,
                layer: layer.map(|layer| layer as u32),
            }
        })
        .collect()
}

/// As the network is written in JSON.
fn kind(op: &Op) -> &'static str {
    match op {
        Op::Conv(conv) if conv.groups > 1 => "depthwise",
        Op::Conv(_) => "conv",
        Op::Linear { .. } => "linear",
        Op::BatchNorm => "batch-norm",
        Op::Relu => "relu",
        Op::Relu6 => "relu6",
        Op::MaxPool { .. } => "max-pool",
        Op::AvgPool { .. } => "avg-pool",
        Op::GlobalAvgPool => "global-avg-pool",
        Op::Flatten => "flatten",
        Op::Add => "add",
        Op::SlicePad { .. } => "slice-pad",
        Op::Dropout { .. } => "dropout",
    }
}

fn layer(graph: &Graph, index: usize) -> LayerInfo {
    let layer = &graph.layers()[index];
    let (own, reads) = graph.groups_of(index);
    LayerInfo {
        name: layer.name.clone(),
        weights: layer.dims.iter().product::<usize>() as u32,
        shape: layer.dims.iter().map(|&d| d as u32).collect(),
        macs: layer.macs as u32,
        own: own.to_vec(),
        reads: reads.map(runs).unwrap_or_default(),
    }
}

/// One of each run of equals, where the runs are as long as they can be and equally so.
fn runs(groups: &[u32]) -> Vec<u32> {
    let lengths = groups.chunk_by(|a, b| a == b).map(<[u32]>::len);
    let length = lengths.fold(0, greatest_common_divisor);
    groups.iter().copied().step_by(length.max(1)).collect()
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    match b {
        0 => a,
        b => greatest_common_divisor(b, a % b),
    }
}
