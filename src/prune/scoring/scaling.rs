//! SynFlow's numbers grow with every layer, and in a deep network leave the range of floats; under a mask that leaves little they
//! vanish. So each value of the network is had in units of its own, which are powers of two: not a bit of any score is
//! another by that, but for one power of two that all scores have in common.

use crate::net::{Graph, Op, Parameters, Role};

/// What PyTorch, and every backend here, adds to a variance.
const EPSILON: f64 = 1e-5;

/// The units of a network's values: each is in hand divided by `2^exponent`. 0 is the image, `i + 1` what node `i` gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scale(pub(super) Vec<i32>);

impl Scale {
    /// By what an image of ones comes to in `graph` with these non-negative `parameters`, were every picture in it the same
    /// all over: the largest channel of each value is about 1.
    pub(super) fn of(graph: &Graph, parameters: &Parameters) -> Self {
        let sizes = sizes(graph, parameters);
        let classes = one_unit(graph);
        let mut largest = vec![0f64; sizes.len()];
        for (&class, size) in classes.iter().zip(&sizes) {
            largest[class] = size
                .iter()
                .fold(largest[class], |most, x| most.max(x.abs()));
        }
        let mut exponents: Vec<i32> = largest
            .iter()
            .map(|&size| match size > 0.0 && size.is_finite() {
                true => size.log2().round() as i32,
                false => 0,
            })
            .collect();
        // The image is what it is, and so is what is cut off at 6.
        exponents[classes[0]] = 0;
        for (i, (node, _)) in graph.nodes().enumerate() {
            if node.op == Op::Relu6 {
                exponents[classes[i + 1]] = 0;
            }
        }
        Self(classes.into_iter().map(|class| exponents[class]).collect())
    }

    /// Whether other units would be better than these by more than a little.
    pub(super) fn is_far_from(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a.abs_diff(*b) > 8)
    }

    /// The parameters with which the network computes in these units.
    pub(super) fn apply(&self, graph: &Graph, parameters: &Parameters) -> Parameters {
        let mut scaled = parameters.clone();
        let nodes: Vec<_> = graph.nodes().collect();
        for parameter in graph.parameters() {
            let [from, to] = [nodes[parameter.node].1.inputs[0], parameter.node + 1];
            let [from, to] = [self.0[from], self.0[to]];
            let exponent = match parameter.role {
                Role::Weight | Role::Gamma => from - to,
                Role::Bias | Role::Beta => -to,
                Role::Mean => -from,
                Role::Variance => 0,
            };
            let factor = 2f64.powi(exponent);
            for value in &mut scaled.values[parameter.range.clone()] {
                *value = (f64::from(*value) * factor) as f32;
            }
        }
        scaled
    }
}

/// For each value, the first of those that must have the same units: what has no parameters of its own gives what it gets.
fn one_unit(graph: &Graph) -> Vec<usize> {
    let mut classes: Vec<usize> = (0..=graph.nodes().count()).collect();
    for (i, (node, checked)) in graph.nodes().enumerate() {
        if matches!(node.op, Op::Conv(_) | Op::Linear { .. } | Op::BatchNorm) {
            continue;
        }
        for &input in &checked.inputs {
            let [a, b] = [classes[input], classes[i + 1]];
            let (from, to) = (a.max(b), a.min(b));
            classes
                .iter_mut()
                .filter(|c| **c == from)
                .for_each(|c| *c = to);
        }
    }
    classes
}

/// Of each value the size of each of its channels (of a flat value: of each feature).
fn sizes(graph: &Graph, parameters: &Parameters) -> Vec<Vec<f64>> {
    let mut sizes = vec![vec![1.0; graph.input()[0]]];
    let mut positions = vec![graph.input()[1] * graph.input()[2]];
    for (node, checked) in graph.nodes() {
        let x = &sizes[checked.inputs[0]];
        let of = |i: usize| {
            let parameter = checked.parameters.get(i).map(|&p| &graph.parameters()[p]);
            parameter.map_or(&[][..], |parameter| parameters.of(parameter))
        };
        let given = match node.op {
            Op::Conv(ref conv) => combined(of(0), of(1), x, conv.out, conv.groups),
            Op::Linear { out, .. } => combined(of(0), of(1), x, out, 1),
            Op::BatchNorm => {
                let [gamma, beta, mean, variance] = [of(0), of(1), of(2), of(3)];
                let normalised = |(c, x): (usize, &f64)| {
                    let [gamma, beta, mean, variance] =
                        [gamma, beta, mean, variance].map(|values| f64::from(values[c]));
                    (x - mean) / (variance + EPSILON).sqrt() * gamma + beta
                };
                x.iter().enumerate().map(normalised).collect()
            }
            Op::Relu => x.iter().map(|x| x.max(0.0)).collect(),
            Op::Relu6 => x.iter().map(|x| x.clamp(0.0, 6.0)).collect(),
            Op::Flatten => {
                let each = positions[checked.inputs[0]];
                x.iter().flat_map(|&x| vec![x; each]).collect()
            }
            Op::Add => x
                .iter()
                .zip(&sizes[checked.inputs[1]])
                .map(|(a, b)| a + b)
                .collect(),
            Op::SlicePad { before, after, .. } => {
                [vec![0.0; before], x.clone(), vec![0.0; after]].concat()
            }
            Op::MaxPool { .. } | Op::AvgPool { .. } | Op::GlobalAvgPool | Op::Dropout { .. } => {
                x.clone()
            }
        };
        sizes.push(given);
        positions.push(checked.shape.positions());
    }
    sizes
}

/// Each output: the sum of what it reads, weighed, and its bias, where there is one.
fn combined(weights: &[f32], bias: &[f32], x: &[f64], out: usize, groups: usize) -> Vec<f64> {
    let row = weights.len() / out.max(1);
    let inputs = x.len() / groups.max(1);
    let kernel = (row / inputs.max(1)).max(1);
    let outputs = weights.chunks(row.max(1)).enumerate();
    outputs
        .map(|(o, row)| {
            let first = o * groups / out * inputs;
            let read = row.chunks(kernel).zip(&x[first..]);
            let sum: f64 = read
                .map(|(w, x)| w.iter().map(|&w| f64::from(w)).sum::<f64>() * x)
                .sum();
            sum + bias.get(o).map_or(0.0, |&b| f64::from(b))
        })
        .collect()
}
