//! From nodes to what is carried out: neighbours that one operation can do together become one step.

use super::checked::Checked;
use super::op::{Conv, Net, Op};

/// A step reads values and gives one. Values: 0 is the image, `i + 1` what node `i` gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub kind: Kind,
    pub inputs: Vec<usize>,
    pub output: usize,
    /// Parameters of the network: weight, bias; or gamma, beta, mean, variance.
    pub parameters: Vec<usize>,
    /// Values that no later step reads.
    pub last_used: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Convolution 3x3 with padding 1 and bias, ReLU, max-pooling 2: an operation of its own.
    Block,
    /// Any other node, by itself.
    Node(Op),
}

pub(super) fn lowered(net: &Net, nodes: &[Checked]) -> Vec<Step> {
    steps(net, nodes, |i| is_block(net, nodes, i))
}

pub(super) fn one_by_one(net: &Net, nodes: &[Checked]) -> Vec<Step> {
    steps(net, nodes, |_| false)
}

fn steps(net: &Net, nodes: &[Checked], is_block: impl Fn(usize) -> bool) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut i = 0;
    while i < nodes.len() {
        let blocks = is_block(i);
        let (kind, end) = match blocks {
            true => (Kind::Block, i + 2),
            false => (Kind::Node(net.nodes[i].op.clone()), i),
        };
        steps.push(Step {
            kind,
            inputs: nodes[i].inputs.clone(),
            output: end + 1,
            parameters: nodes[i].parameters.clone(),
            last_used: Vec::new(),
        });
        i = end + 1;
    }
    let mut seen = std::collections::HashSet::new();
    for step in steps.iter_mut().rev() {
        let inputs = step.inputs.clone();
        step.last_used = inputs.into_iter().filter(|&v| seen.insert(v)).collect();
    }
    steps
}

/// Whether node `i` and the two after it are a block, and nothing else reads what is between them.
fn is_block(net: &Net, nodes: &[Checked], i: usize) -> bool {
    let fits = |conv: &Conv| {
        let Conv {
            kernel,
            stride,
            padding,
            groups,
            bias,
            ..
        } = *conv;
        [kernel, stride, padding, groups] == [3, 1, 1, 1] && bias
    };
    let halves = Op::MaxPool {
        kernel: 2,
        stride: 2,
    };
    let ops = net
        .nodes
        .get(i..i + 3)
        .map(|three| [&three[0].op, &three[1].op, &three[2].op]);
    let Some([Op::Conv(conv), Op::Relu, pool]) = ops else {
        return false;
    };
    let readers = |value: usize| {
        nodes
            .iter()
            .flat_map(|n| &n.inputs)
            .filter(|&&v| v == value)
            .count()
    };
    let chained = nodes[i + 1].inputs == [i + 1] && nodes[i + 2].inputs == [i + 2];
    fits(conv) && *pool == halves && chained && readers(i + 1) == 1 && readers(i + 2) == 1
}
