//! Inference on the CPU that skips what is cut, layer by layer only where skipping was measured to be faster.

use crate::net::{Graph, Kind, Op, Parameters, Shape, Step};
use pruning_kernels::{
    self as kernels, Block, Channels, Conv, Normal, Pool, SlicePad, SparseBlock, SparseConv,
    SparseLinear,
};
use web_time::Instant;

/// How often each way of a layer is timed before one is chosen; the shortest counts.
const TRIES: usize = 3;

/// A way to compute a step of what it reads, for as many images as it was made for.
type Way = Box<dyn Fn(&[&[f32]]) -> Vec<f32>>;

/// A step as it is to be computed.
struct Stage {
    step: Step,
    way: Way,
}

/// A network that computes each layer in the way that was faster on images like those that it was made with.
pub struct SparseNetwork {
    stages: Vec<Stage>,
}

impl SparseNetwork {
    /// Weights that are 0 are left out. `images` are `[n, c, h, w]`, normalised; the network is for as many at a time.
    ///
    /// `parameters` must have the size of `graph`.
    pub fn tuned(graph: &Graph, parameters: &Parameters, images: &[f32]) -> Self {
        let n = images.len() / graph.input().iter().product::<usize>().max(1);
        let mut stages = Vec::new();
        carried_through(graph.steps(), images, |step, given| {
            let (dense, sparse) = ways(graph, step, parameters, n);
            let (way, result) = match sparse {
                Some(sparse) => faster(dense, sparse, given),
                None => {
                    let result = dense(given);
                    (dense, result)
                }
            };
            let step = step.clone();
            stages.push(Stage { step, way });
            result
        });
        Self { stages }
    }

    /// Logits `[n, classes]`.
    pub fn forward(&self, images: &[f32]) -> Vec<f32> {
        let mut stages = self.stages.iter();
        let steps = self.stages.iter().map(|stage| &stage.step);
        carried_through(steps, images, |_, given| {
            stages
                .next()
                .map_or_else(Vec::new, |stage| (stage.way)(given))
        })
    }
}

/// What the last step gives. `carry_out` computes a step of what it reads.
fn carried_through<'a>(
    steps: impl IntoIterator<Item = &'a Step>,
    images: &[f32],
    mut carry_out: impl FnMut(&Step, &[&[f32]]) -> Vec<f32>,
) -> Vec<f32> {
    let mut values = vec![images.to_vec()];
    for step in steps {
        let read = |&i: &usize| values.get(i).map_or(&[][..], Vec::as_slice);
        let given: Vec<&[f32]> = step.inputs.iter().map(read).collect();
        let result = carry_out(step, &given);
        values.resize_with(step.output, Vec::new);
        values.push(result);
        // What nobody reads any more need not be kept.
        for &value in &step.last_used {
            values[value] = Vec::new();
        }
    }
    values.pop().unwrap_or_default()
}

/// The ways to compute a step of `n` images: all of it, and without what is cut, where there is a kernel for that.
fn ways(graph: &Graph, step: &Step, parameters: &Parameters, n: usize) -> (Way, Option<Way>) {
    let parameter = |i: usize| {
        parameters
            .of(&graph.parameters()[step.parameters[i]])
            .to_vec()
    };
    let [c, h, w] = match shape_of(graph, step.inputs[0]) {
        Shape::Image(dims) => dims,
        Shape::Flat(n) => [n, 1, 1],
    };
    match &step.kind {
        Kind::Block => {
            let (weight, bias) = (parameter(0), parameter(1));
            let o = bias.len();
            let block = Block { n, c, h, w, o };
            let sparse = SparseBlock::new(&block, &weight, &bias);
            let dense: Way = Box::new(move |x| kernels::forward(&block, x[0], &weight, &bias).0);
            (dense, Some(Box::new(move |x| sparse.forward(x[0]))))
        }
        Kind::Node(op) => match *op {
            Op::Conv(of) => {
                let conv = Conv {
                    n,
                    c,
                    h,
                    w,
                    o: of.out,
                    k: of.kernel,
                    stride: of.stride,
                    padding: of.padding,
                    groups: of.groups,
                };
                let (weight, bias) = (parameter(0), of.bias.then(|| parameter(1)));
                let sparse = SparseConv::new(&conv, &weight, bias.as_deref());
                let dense: Way =
                    Box::new(move |x| kernels::conv(&conv, x[0], &weight, bias.as_deref()));
                (dense, Some(Box::new(move |x| sparse.forward(x[0]))))
            }
            Op::Linear { out, bias } => {
                let weight = parameter(0);
                let bias = if bias { parameter(1) } else { vec![0.0; out] };
                let sparse = SparseLinear::new(weight.len() / out.max(1), &weight, &bias);
                let dense: Way = Box::new(move |x| kernels::linear(x[0], &weight, &bias));
                (dense, Some(Box::new(move |x| sparse.forward(x[0]))))
            }
            Op::BatchNorm => {
                let [gamma, beta, mean, variance] = [0, 1, 2, 3].map(parameter);
                let channels = Channels {
                    channels: c,
                    plane: h * w,
                };
                let way = move |x: &[&[f32]]| {
                    let normal = Normal {
                        gamma: &gamma,
                        mean: &mean,
                        variance: &variance,
                    };
                    channels.normalise(x[0], normal, &beta)
                };
                (Box::new(way), None)
            }
            Op::Relu => (Box::new(|x| kernels::relu(x[0], f32::INFINITY)), None),
            Op::Relu6 => (Box::new(|x| kernels::relu(x[0], 6.0)), None),
            Op::MaxPool { kernel: k, stride } => {
                let pool = Pool { h, w, k, stride };
                (Box::new(move |x| pool.largest(x[0]).0), None)
            }
            Op::AvgPool { kernel: k, stride } => {
                let pool = Pool { h, w, k, stride };
                (Box::new(move |x| pool.mean(x[0])), None)
            }
            Op::GlobalAvgPool => (Box::new(move |x| kernels::plane_means(x[0], h * w)), None),
            Op::Add => {
                let sum = |x: &[&[f32]]| x[0].iter().zip(x[1]).map(|(a, b)| a + b).collect();
                (Box::new(sum), None)
            }
            Op::SlicePad {
                stride,
                before,
                after,
            } => {
                let kept = SlicePad {
                    c,
                    h,
                    w,
                    stride,
                    before,
                    after,
                };
                (Box::new(move |x| kept.forward(x[0])), None)
            }
            Op::Flatten | Op::Dropout { .. } => (Box::new(|x| x[0].to_vec()), None),
        },
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

/// The faster of two ways to compute the same, and its result.
fn faster(a: Way, b: Way, given: &[&[f32]]) -> (Way, Vec<f32>) {
    let [mut best_a, mut best_b] = [f64::INFINITY; 2];
    let timed = |way: &Way, best: &mut f64| {
        let start = Instant::now();
        let result = way(given);
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
    use crate::learn::model::Model;
    use crate::net::network;
    use crate::ops::transfer::{flatten, read, tensor};
    use burn::tensor::Device;
    use pollster::block_on;

    #[test]
    fn skipping_zeros_changes_nothing_at_any_sparsity() {
        let images: Vec<f32> = (0..2 * 3 * 256).map(|i| (i as f32 * 0.7).sin()).collect();
        let device = Device::flex();
        for text in [
            "c3-5 r p2 c3-9 r p2 f",
            "f-20 r f-12 r f",
            "lenet-5/2",
            "vgg-small/8",
            "resnet-20/4",
            "resnet-20-b/4",
            "mobile/4",
        ] {
            let graph = network(text, [5, 9], [3, 16, 16], 4).expect("it fits");
            for keep in [1, 2, 10, 50, usize::MAX] {
                let mut parameters = Parameters::he_normal(&graph, 3);
                let weights = parameters.weights_mut(&graph).iter_mut().enumerate();
                let cut = weights.filter(|(i, _)| i % keep != 0);
                cut.for_each(|(_, w)| *w = 0.0);
                let all = |sparse: bool| {
                    carried_through(graph.steps(), &images, |step, given| {
                        let (way, skips) = ways(&graph, step, &parameters, 2);
                        skips.filter(|_| sparse).unwrap_or(way)(given)
                    })
                };
                let model = Model::new(&graph, &parameters, &device);
                let logits = model.forward(tensor(images.clone(), [2, 3, 16, 16], &device));
                let expected = block_on(read(vec![flatten(logits)]))
                    .expect("it works")
                    .concat();
                let tuned = SparseNetwork::tuned(&graph, &parameters, &images);
                for found in [all(false), all(true), tuned.forward(&images)] {
                    assert_eq!(found.len(), expected.len());
                    for (a, b) in found.iter().zip(&expected) {
                        assert!(
                            (a - b).abs() <= 1e-5 * b.abs().max(1.0),
                            "{text} {keep}: {a} {b}"
                        );
                    }
                }
            }
        }
    }
}
