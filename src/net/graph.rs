//! A network that has been checked: shapes, parameters and where they lie, costs, channels. Everything that is counted of a
//! network is counted here.

use super::channels::Channels;
use super::checked::{Checked, Layer, Parameter, Role};
use super::layout::Layout;
use super::lowering::{Step, lowered, one_by_one};
use super::op::{INPUT, Net, Node};
use super::placing::{costs, layers_of, placed};
use super::shape::{Shape, shape_of};
use crate::error::{Error, ErrorCode, Result};
use std::collections::{HashMap, HashSet};

/// More nodes than anybody draws.
const MOST_NODES: usize = 300;
/// Prunable weights of the largest network.
pub const MOST_WEIGHTS: usize = 5_000_000;
/// Numbers that the nodes give for one image; in training they are kept.
const MOST_ACTIVATIONS: usize = 4_000_000;

/// A network that has been checked.
///
/// All its numbers lie in one sequence: the weights of all prunable layers first, in order of their nodes, then biases, gamma and
/// beta, at last running statistics.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    net: Net,
    nodes: Vec<Checked>,
    parameters: Vec<Parameter>,
    layers: Vec<Layer>,
    layout: Layout,
    learnt: usize,
    channels: Channels,
    steps: Vec<Step>,
}

impl Graph {
    /// # Errors
    /// Names the node that can't work, and says what it needs.
    pub fn new(net: Net) -> Result<Self> {
        let nodes = checked(&net)?;
        let (parameters, nodes) = placed(&net, nodes);
        let layers = layers_of(&net, &nodes, &parameters);
        let layout = Layout::new(
            layers
                .iter()
                .map(|layer| (layer.name.as_str(), layer.dims.iter().product())),
        );
        let learnt = parameters
            .iter()
            .filter(|p| !matches!(p.role, Role::Mean | Role::Variance))
            .map(|p| p.range.end)
            .max()
            .unwrap_or(0);
        let channels = Channels::of(&net, &nodes, &layers);
        let steps = lowered(&net, &nodes);
        Ok(Self {
            net,
            nodes,
            parameters,
            layers,
            layout,
            learnt,
            channels,
            steps,
        })
    }

    /// The same network with every node a step of its own.
    #[must_use]
    pub fn unfused(&self) -> Self {
        Self {
            steps: one_by_one(&self.net, &self.nodes),
            ..self.clone()
        }
    }

    pub fn net(&self) -> &Net {
        &self.net
    }

    pub fn nodes(&self) -> impl Iterator<Item = (&Node, &Checked)> {
        self.net.nodes.iter().zip(&self.nodes)
    }

    /// Channels, height and width of an image.
    pub fn input(&self) -> [usize; 3] {
        self.net.input
    }

    pub fn classes(&self) -> usize {
        self.net.classes
    }

    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Where the weights of each layer lie among all prunable ones, which are the first of all numbers.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Weight shapes of the prunable layers.
    pub fn weight_shapes(&self) -> Vec<Vec<usize>> {
        self.layers.iter().map(|layer| layer.dims.clone()).collect()
    }

    /// Multiply-accumulates of each prunable layer for one image, dense.
    pub fn macs(&self) -> Vec<usize> {
        self.layers.iter().map(|layer| layer.macs).collect()
    }

    /// Numbers that are learnt: weights, biases, gamma and beta, which come before the running statistics.
    pub fn learnt(&self) -> usize {
        self.learnt
    }

    /// All numbers, running statistics too.
    pub fn len(&self) -> usize {
        self.parameters.last().map_or(0, |p| p.range.end)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn channels(&self) -> &Channels {
        &self.channels
    }

    /// What is carried out, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether anything in it works otherwise in training than in evaluation.
    pub fn has_statistics(&self) -> bool {
        self.learnt < self.len()
    }
}

fn refused(sentence: impl Into<String>) -> Error {
    Error::new(ErrorCode::BadConfig, sentence)
}

fn checked(net: &Net) -> Result<Vec<Checked>> {
    if net.input.iter().any(|&side| side == 0 || side > 4096)
        || net.input.iter().product::<usize>() > 1 << 22
    {
        let [c, h, w] = net.input;
        return Err(refused(format!(
            "a network can't take images of {c}x{h}x{w}"
        )));
    }
    if !(1..=256).contains(&net.classes) {
        return Err(refused(format!(
            "a network can tell 1 to 256 classes apart, not {}",
            net.classes
        )));
    }
    if net.nodes.is_empty() || net.nodes.len() > MOST_NODES {
        return Err(refused(format!(
            "a network has 1 to {MOST_NODES} layers, not {}",
            net.nodes.len()
        )));
    }
    let mut values = HashMap::from([(INPUT, 0)]);
    let mut shapes = vec![Shape::Image(net.input)];
    let mut used = HashSet::new();
    let mut nodes: Vec<Checked> = Vec::with_capacity(net.nodes.len());
    let (mut weights, mut activations) = (0usize, 0usize);
    for (i, node) in net.nodes.iter().enumerate() {
        let name = short(&node.name)?;
        let cannot = |why: String| refused(format!("layer {name} can't work: {why}"));
        let mut inputs = Vec::with_capacity(node.inputs.len());
        for input in &node.inputs {
            let value = values.get(input.as_str()).copied().ok_or_else(|| {
                let input: String = input.chars().take(40).collect();
                cannot(format!("its input {input} is none of the layers before it"))
            })?;
            used.insert(value);
            inputs.push(value);
        }
        let given: Vec<Shape> = inputs.iter().map(|&value| shapes[value]).collect();
        let shape = shape_of(&node.op, &given).map_err(cannot)?;
        let (count, macs) = costs(&node.op, given[0], shape);
        weights = weights.saturating_add(count);
        if weights > MOST_WEIGHTS {
            return Err(refused(format!(
                "this network has more than {MOST_WEIGHTS} weights up to its layer {name}: make it narrower"
            )));
        }
        activations = activations.saturating_add(shape.len());
        if activations > MOST_ACTIVATIONS {
            return Err(refused(format!(
                "this network keeps more than {MOST_ACTIVATIONS} numbers for each image up to its layer {name}: make it narrower"
            )));
        }
        if values.insert(name, i + 1).is_some() {
            return Err(cannot("another layer has its name".to_owned()));
        }
        shapes.push(shape);
        nodes.push(Checked {
            inputs,
            shape,
            parameters: Vec::new(),
            macs,
        });
    }
    ends_in_classes(net, &shapes, &used)?;
    Ok(nodes)
}

/// The last node gives the logits, and every other one is read.
fn ends_in_classes(net: &Net, shapes: &[Shape], used: &HashSet<usize>) -> Result<()> {
    let last = &net.nodes[net.nodes.len() - 1].name;
    let given = shapes[shapes.len() - 1];
    if given != Shape::Flat(net.classes) {
        return Err(refused(format!(
            "layer {last} gives {given}, but the last layer must give {} features: one for each class",
            net.classes
        )));
    }
    let unread = (0..net.nodes.len()).find(|value| !used.contains(value));
    match unread {
        None => Ok(()),
        Some(0) => Err(refused("no layer of this network reads the image")),
        Some(value) => Err(refused(format!(
            "no layer reads what layer {} gives",
            net.nodes[value - 1].name
        ))),
    }
}

/// A name that can stand in a sentence and in a file.
fn short(name: &str) -> Result<&str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    match !name.is_empty() && name.len() <= 40 && name.chars().all(plain) && name != INPUT {
        true => Ok(name),
        false => Err(refused(
            "a layer's name has 1 to 40 letters, digits, dots, dashes or underscores, and is not input",
        )),
    }
}

#[cfg(test)]
#[path = "graph/tests.rs"]
mod tests;
