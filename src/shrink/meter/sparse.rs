//! Inference on the CPU that skips what is cut, layer by layer only where skipping was measured to be faster.

use crate::net::{Graph, Kind, Op, Parameters, Shape, Step};
use pruning_kernels::{self as kernels, Block, SparseBlock, SparseLinear};
use web_time::Instant;

/// How often each way of a layer is timed before one is chosen; the shortest counts.
const TRIES: usize = 3;

/// A convolution block as it is to be computed.
enum Convolution {
    Dense(Block, Vec<f32>, Vec<f32>),
    Sparse(SparseBlock),
}

impl Convolution {
    /// `[n, c, h, w]` to `[n, o, h/2, w/2]`.
    fn forward(&self, x: &[f32]) -> Vec<f32> {
        match self {
            Self::Dense(block, weight, bias) => kernels::forward(block, x, weight, bias).0,
            Self::Sparse(block) => block.forward(x),
        }
    }
}

/// The linear layer as it is to be computed.
enum Linear {
    Dense(Vec<f32>, Vec<f32>),
    Sparse(SparseLinear),
}

impl Linear {
    fn forward(&self, x: &[f32]) -> Vec<f32> {
        match self {
            Self::Dense(weight, bias) => kernels::linear(x, weight, bias),
            Self::Sparse(linear) => linear.forward(x),
        }
    }
}

/// A layer as it is to be computed.
enum Stage {
    Convolution(Convolution),
    Linear(Linear),
    Relu,
}

impl Stage {
    fn forward(&self, x: &[f32]) -> Vec<f32> {
        match self {
            Self::Convolution(convolution) => convolution.forward(x),
            Self::Linear(linear) => linear.forward(x),
            Self::Relu => x.iter().map(|x| x.max(0.0)).collect(),
        }
    }
}

/// A network that computes each layer in the way that was faster on images like those that it was made with.
pub struct SparseNetwork {
    stages: Vec<Stage>,
}

impl SparseNetwork {
    /// Weights that are 0 are left out. `images` are `[n, c, h, w]`, normalised; the network is for as many at a time. None for
    /// a network with layers that have no kernel which skips zeros.
    ///
    /// `parameters` must have the size of `graph`.
    pub fn tuned(graph: &Graph, parameters: &Parameters, images: &[f32]) -> Option<Self> {
        let n = images.len() / graph.input().iter().product::<usize>().max(1);
        let mut stages = Vec::new();
        let mut x = images.to_vec();
        for step in graph.steps() {
            let ways = ways(graph, step, parameters, n)?;
            let mut ways = ways.into_iter();
            let Some(first) = ways.next() else {
                continue;
            };
            let (stage, given) = match ways.next() {
                Some(second) => choose([first, second], |way| way.forward(&x)),
                None => {
                    let given = first.forward(&x);
                    (first, given)
                }
            };
            stages.push(stage);
            x = given;
        }
        Some(Self { stages })
    }

    /// Logits `[n, classes]`.
    pub fn forward(&self, images: &[f32]) -> Vec<f32> {
        let mut stages = self.stages.iter();
        let first = stages.next().map(|stage| stage.forward(images));
        let first = first.unwrap_or_else(|| images.to_vec());
        stages.fold(first, |x, stage| stage.forward(&x))
    }
}

/// The ways to compute a step: dense first, then sparse; none where there is nothing to do.
fn ways(graph: &Graph, step: &Step, parameters: &Parameters, n: usize) -> Option<Vec<Stage>> {
    let parameter = |i: usize| parameters.of(&graph.parameters()[step.parameters[i]]);
    match &step.kind {
        Kind::Block => {
            let Shape::Image([c, h, w]) = shape_of(graph, step.inputs[0]) else {
                return None;
            };
            let (weight, bias) = (parameter(0), parameter(1));
            let o = bias.len();
            let ways = convolution(Block { n, c, h, w, o }, weight, bias);
            Some(ways.map(Stage::Convolution).into())
        }
        Kind::Node(Op::Linear { bias: true, .. }) => {
            let (weight, bias) = (parameter(0), parameter(1));
            let inputs = weight.len() / bias.len().max(1);
            let ways = [
                Linear::Dense(weight.to_vec(), bias.to_vec()),
                Linear::Sparse(SparseLinear::new(inputs, weight, bias)),
            ];
            Some(ways.map(Stage::Linear).into())
        }
        Kind::Node(Op::Relu) => Some(vec![Stage::Relu]),
        Kind::Node(Op::Flatten | Op::Dropout { .. }) => Some(Vec::new()),
        Kind::Node(_) => None,
    }
}

fn shape_of(graph: &Graph, value: usize) -> Shape {
    match value
        .checked_sub(1)
        .and_then(|node| graph.nodes().nth(node))
    {
        Some((_, checked)) => checked.shape,
        None => Shape::Image(graph.input()),
    }
}

fn convolution(block: Block, weight: &[f32], bias: &[f32]) -> [Convolution; 2] {
    [
        Convolution::Dense(block, weight.to_vec(), bias.to_vec()),
        Convolution::Sparse(SparseBlock::new(&block, weight, bias)),
    ]
}

/// The faster of two ways to compute the same, and its result.
fn choose<T>([a, b]: [T; 2], run: impl Fn(&T) -> Vec<f32>) -> (T, Vec<f32>) {
    let [mut best_a, mut best_b] = [f64::INFINITY; 2];
    let timed = |way: &T, best: &mut f64| {
        let start = Instant::now();
        let result = run(way);
        *best = best.min(start.elapsed().as_secs_f64());
        result
    };
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    for _ in 0..TRIES {
        of_a = timed(&a, &mut best_a);
        of_b = timed(&b, &mut best_b);
    }
    match best_b < best_a {
        true => (b, of_b),
        false => (a, of_a),
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use crate::net::network;

    #[test]
    fn skipping_zeros_changes_nothing_at_any_sparsity() {
        let images: Vec<f32> = (0..2 * 3 * 144).map(|i| (i as f32 * 0.7).sin()).collect();
        for text in ["c3-5 r p2 c3-9 r p2 f", "f-20 r f-12 r f"] {
            let graph = network(text, [5, 9], [3, 12, 12], 4).expect("it fits");
            for keep in [1, 2, 10, 50, usize::MAX] {
                let mut parameters = Parameters::he_normal(&graph, 3);
                let weights = parameters.weights_mut(&graph).iter_mut().enumerate();
                let cut = weights.filter(|(i, _)| i % keep != 0);
                cut.for_each(|(_, w)| *w = 0.0);
                let all = |which: usize| {
                    graph.steps().iter().fold(images.clone(), |x, step| {
                        let ways = ways(&graph, step, &parameters, 2).expect("all have kernels");
                        let way = ways.get(which).or(ways.first());
                        way.map_or(x.clone(), |way| way.forward(&x))
                    })
                };
                let tuned = SparseNetwork::tuned(&graph, &parameters, &images);
                let tuned = tuned.expect("all have kernels").forward(&images);
                for ((dense, sparse), tuned) in all(0).iter().zip(all(1)).zip(tuned) {
                    assert!((dense - sparse).abs() <= 1e-5 && (dense - tuned).abs() <= 1e-5);
                }
            }
        }
    }
}
