//! Which channels must go together (Fang et al., "DepGraph", CVPR 2023): what passes a channel on is of its group, an addition
//! unites the channels of both sides.

use super::checked::{Checked, Layer};
use super::op::{Net, Op};

/// In place of a group: of the image's channels, of the classes, of zeros that no filter gives. They never go.
pub const NO_GROUP: u32 = u32::MAX;

/// The channel groups of a network. A group is removed as a whole: its filters, their biases and batch-norm parameters, and
/// what reads its channels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Channels {
    /// The filters of each group, as layer and output channel, in order of layers.
    groups: Vec<Vec<(usize, usize)>>,
    /// Layers that share a group, and their groups: numbered space by space, in order of the first layer.
    spaces: Vec<Space>,
    /// For each value, the group of each channel (of an image) or feature.
    values: Vec<Vec<u32>>,
}

/// Layers whose filters are tied, and the numbers of their groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    pub layers: Vec<usize>,
    pub groups: std::ops::Range<usize>,
}

impl Channels {
    pub(super) fn of(net: &Net, nodes: &[Checked], layers: &[Layer]) -> Self {
        let mut union = Union::default();
        let mut values: Vec<Vec<usize>> = vec![union.fixed(net.input[0])];
        for (node, checked) in net.nodes.iter().zip(nodes) {
            let input = &values[checked.inputs[0]];
            let given = match &node.op {
                Op::Conv(conv) if conv.groups == 1 => union.fresh(conv.out),
                Op::Linear { out, .. } => union.fresh(*out),
                Op::Add => {
                    for (&a, &b) in input.iter().zip(&values[checked.inputs[1]]) {
                        union.unite(a, b);
                    }
                    input.clone()
                }
                Op::SlicePad { before, after, .. } => {
                    let input = input.clone();
                    [union.fresh(*before), input, union.fresh(*after)].concat()
                }
                Op::Flatten => {
                    let positions = match checked.inputs[0] {
                        0 => net.input[1] * net.input[2],
                        value => nodes[value - 1].shape.positions(),
                    };
                    let each = |&channel: &usize| std::iter::repeat_n(channel, positions);
                    input.iter().flat_map(each).collect()
                }
                // Depthwise convolution, activations, normalisation and pooling.
                _ => input.clone(),
            };
            values.push(given);
        }
        // What the last node gives are the classes, however it comes to them.
        for &class in values.last().into_iter().flatten() {
            union.fix(class);
        }
        numbered(&mut union, &values, layers)
    }

    pub fn groups(&self) -> &[Vec<(usize, usize)>] {
        &self.groups
    }

    pub fn spaces(&self) -> &[Space] {
        &self.spaces
    }

    /// The group of each channel of a value (0 is the image, `i + 1` what node `i` gives).
    pub fn of_value(&self, value: usize) -> &[u32] {
        &self.values[value]
    }
}

/// Names the groups that have filters, space by space; of each space in order of their first filters.
fn numbered(union: &mut Union, values: &[Vec<usize>], layers: &[Layer]) -> Channels {
    let mut of_root = std::collections::HashMap::new();
    let mut members: Vec<Vec<(usize, usize)>> = Vec::new();
    for (layer, at) in layers.iter().enumerate() {
        for (channel, &of) in values[at.node + 1].iter().enumerate() {
            let root = union.root(of);
            if root == FIXED {
                continue;
            }
            let group = *of_root.entry(root).or_insert_with(|| {
                members.push(Vec::new());
                members.len() - 1
            });
            members[group].push((layer, channel));
        }
    }
    // Layers that share a group are of one space.
    let mut space_of: Vec<usize> = (0..layers.len()).collect();
    for group in &members {
        let least = group.iter().map(|&(layer, _)| space_of[layer]).min();
        let tied: Vec<usize> = group.iter().map(|&(layer, _)| space_of[layer]).collect();
        for space in &mut space_of {
            if tied.contains(space) {
                *space = least.unwrap_or(*space);
            }
        }
    }
    let first_layer = |group: &Vec<(usize, usize)>| space_of[group[0].0];
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by_key(|&group| first_layer(&members[group]));
    let mut number = vec![NO_GROUP; members.len()];
    for (new, &old) in order.iter().enumerate() {
        number[old] = new as u32;
    }
    let mut spaces: Vec<Space> = Vec::new();
    for (new, &old) in order.iter().enumerate() {
        let space = first_layer(&members[old]);
        match spaces.last_mut() {
            Some(last) if last.layers[0] == space => last.groups.end = new + 1,
            _ => spaces.push(Space {
                layers: (0..layers.len())
                    .filter(|&l| space_of[l] == space)
                    .collect(),
                groups: new..new + 1,
            }),
        }
    }
    let name = |union: &mut Union, &channel: &usize| match of_root.get(&union.root(channel)) {
        Some(&group) => number[group],
        None => NO_GROUP,
    };
    let values = values
        .iter()
        .map(|value| value.iter().map(|c| name(union, c)).collect())
        .collect();
    Channels {
        groups: order.iter().map(|&old| members[old].clone()).collect(),
        spaces,
        values,
    }
}

/// Channels that can't go are one with this.
const FIXED: usize = 0;

/// Union-find over channels; the root of a set is its earliest channel, so that what is fixed stays so.
struct Union {
    parents: Vec<usize>,
}

impl Default for Union {
    fn default() -> Self {
        Self {
            parents: vec![FIXED],
        }
    }
}

impl Union {
    fn fresh(&mut self, n: usize) -> Vec<usize> {
        let start = self.parents.len();
        self.parents.extend(start..start + n);
        (start..start + n).collect()
    }

    fn fixed(&mut self, n: usize) -> Vec<usize> {
        vec![FIXED; n]
    }

    fn root(&mut self, mut channel: usize) -> usize {
        while self.parents[channel] != channel {
            self.parents[channel] = self.parents[self.parents[channel]];
            channel = self.parents[channel];
        }
        channel
    }

    fn unite(&mut self, a: usize, b: usize) {
        let [a, b] = [self.root(a), self.root(b)];
        self.parents[a.max(b)] = a.min(b);
    }

    fn fix(&mut self, channel: usize) {
        self.unite(FIXED, channel);
    }
}
