//! A network on a device: its tensors, its forward pass, its masks.

use super::dropout::{Draws, dropout};
use crate::error::Result;
use crate::net::{Graph, Kind, Op, Parameters, Role, Step};
use crate::ops::activation::{relu, relu6};
use crate::ops::block::{block, inference};
use crate::ops::conv::{Window, conv2d};
use crate::ops::float::{add, mul};
use crate::ops::linear::linear;
use crate::ops::norm::{batch_norm, batch_norm_train};
use crate::ops::pool::{avg_pool2d, global_avg_pool, max_pool2d};
use crate::ops::slice_pad::slice_pad;
use crate::ops::transfer::{read, tensor};
use crate::ops::values::Values;
use burn::tensor::{Device, Tensor};
use std::sync::Arc;

/// A network with its numbers on a device.
#[derive(Clone, Debug)]
pub struct Model {
    pub graph: Arc<Graph>,
    /// In the order of the graph's parameters.
    pub(super) tensors: Vec<Values>,
}

/// Mean and biased variance of a batch, of the normalisation whose running mean and variance have these places.
pub(super) struct BatchStatistics {
    pub(super) places: [usize; 2],
    pub(super) mean: Tensor<1>,
    pub(super) variance: Tensor<1>,
    /// Numbers that each mean is of.
    pub(super) count: usize,
}

impl BatchStatistics {
    /// What makes the variance one without bias, as PyTorch has the running one.
    pub(super) fn unbiased(&self) -> f64 {
        self.count as f64 / (self.count.max(2) - 1) as f64
    }
}

/// How what differs in training is to work.
enum Mode<'a> {
    Evaluation,
    /// As evaluation, and on one backend the same bits, where nobody asks for a gradient.
    Inference,
    Training(&'a mut Vec<BatchStatistics>, Option<Draws>),
}

impl Model {
    /// Puts the numbers on the device; `parameters` must have the size of `graph`.
    pub fn new(graph: &Arc<Graph>, parameters: &Parameters, device: &Device) -> Self {
        let tensors = graph.parameters().iter();
        Self {
            tensors: tensors
                .map(|p| Values::new(parameters.of(p).to_vec(), &p.dims, device))
                .collect(),
            graph: graph.clone(),
        }
    }

    /// Logits `[batch, classes]` of images `[batch, channels, height, width]`, in evaluation: by running statistics.
    pub fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        self.run(images, &mut Mode::Evaluation)
    }

    /// As [`Model::forward`], and on one backend the same bits, where nobody asks for a gradient: on the CPU a weight that is cut
    /// costs no time in a block.
    pub fn infer(&self, images: Tensor<4>) -> Tensor<2> {
        self.run(images, &mut Mode::Inference)
    }

    /// Logits in training: by the statistics of the batch, which are noted, and with what is drawn dropped.
    pub(super) fn forward_training(
        &self,
        images: Tensor<4>,
        noted: &mut Vec<BatchStatistics>,
        draws: Option<Draws>,
    ) -> Tensor<2> {
        self.run(images, &mut Mode::Training(noted, draws))
    }

    fn run(&self, images: Tensor<4>, mode: &mut Mode<'_>) -> Tensor<2> {
        let steps = self.graph.steps();
        let count = steps.last().map_or(1, |step| step.output + 1);
        let mut values: Vec<Option<Values>> = vec![None; count];
        values[0] = Some(Values::of(images));
        for step in steps {
            let given = self.carry_out(step, &values, mode);
            // What nobody reads any more need not be kept.
            for &value in &step.last_used {
                values[value] = None;
            }
            values[step.output] = Some(given);
        }
        let last = values.pop().flatten();
        last.unwrap_or_else(|| self.tensors[0].clone()).tensor()
    }

    /// Of each step that has a ReLU in it, by its number: the input of a block, whose ReLU is within it, or what the ReLU
    /// gives; flat. In evaluation.
    pub fn activations(&self, images: Tensor<4>) -> Vec<(usize, Tensor<1>)> {
        let mut values: Vec<Option<Values>> = vec![None; self.graph.nodes().count() + 1];
        values[0] = Some(Values::of(images));
        let mut seen = Vec::new();
        for (i, step) in self.graph.steps().iter().enumerate() {
            let given = self.carry_out(step, &values, &mut Mode::Evaluation);
            let looked_at = match step.kind {
                Kind::Block => values[step.inputs[0]].as_ref(),
                Kind::Node(Op::Relu | Op::Relu6) => Some(&given),
                Kind::Node(_) => None,
            };
            seen.extend(looked_at.map(|values| (i, values.all())));
            values[step.output] = Some(given);
        }
        seen
    }

    fn carry_out(&self, step: &Step, values: &[Option<Values>], mode: &mut Mode<'_>) -> Values {
        // A checked graph reads only what is there.
        let input = |i: usize| -> &Values {
            let value = values[step.inputs[i]].as_ref();
            value.unwrap_or(&self.tensors[0])
        };
        let parameter = |i: usize| &self.tensors[step.parameters[i]];
        let image = || input(0).tensor::<4>();
        match &step.kind {
            Kind::Block => {
                let block = match mode {
                    Mode::Inference => inference,
                    _ => block,
                };
                Values::of(block(image(), parameter(0).tensor(), parameter(1).tensor()))
            }
            Kind::Node(op) => match *op {
                Op::Conv(conv) => {
                    let how = Window {
                        stride: conv.stride,
                        padding: conv.padding,
                        groups: conv.groups,
                    };
                    let bias = conv.bias.then(|| parameter(1).tensor());
                    Values::of(conv2d(image(), parameter(0).tensor(), bias, how))
                }
                Op::Linear { out, bias } => {
                    let x = input(0).tensor::<2>();
                    let bias = match bias {
                        true => parameter(1).tensor(),
                        // Burn's own zeros would link conversions between all types that numbers can have.
                        false => tensor(vec![0.0; out], [out], &x.device()),
                    };
                    Values::of(linear(x, parameter(0).tensor(), bias))
                }
                Op::BatchNorm => Values::of(self.normalised(step, image(), mode)),
                // Each number by itself: the rank does not matter.
                Op::Relu => Values::of(relu(input(0).tensor::<1>())),
                Op::Relu6 => Values::of(relu6(input(0).tensor::<1>())),
                Op::MaxPool { kernel, stride } => Values::of(max_pool2d(image(), kernel, stride)),
                Op::AvgPool { kernel, stride } => Values::of(avg_pool2d(image(), kernel, stride)),
                Op::GlobalAvgPool => Values::of(global_avg_pool(image())),
                Op::Flatten => Values::of(image().flatten::<2>(1, 3)),
                Op::Add => Values::of(add(input(0).tensor::<1>(), input(1).tensor::<1>())),
                Op::SlicePad {
                    stride,
                    before,
                    after,
                } => Values::of(slice_pad(image(), stride, before, after)),
                Op::Dropout { percent } => match *mode {
                    Mode::Training(_, Some(draws)) if percent > 0 => dropout(
                        input(0),
                        percent,
                        draws.key(step.output - 1),
                        draws.first_row,
                    ),
                    _ => input(0).clone(),
                },
            },
        }
    }

    fn normalised(&self, step: &Step, x: Tensor<4>, mode: &mut Mode<'_>) -> Tensor<4> {
        let parameter = |i: usize| self.tensors[step.parameters[i]].tensor::<1>();
        match mode {
            Mode::Evaluation | Mode::Inference => {
                batch_norm(x, parameter(0), parameter(1), parameter(2), parameter(3))
            }
            Mode::Training(noted, _) => {
                let [n, _, h, w] = x.dims();
                let (y, mean, variance) = batch_norm_train(x, parameter(0), parameter(1));
                noted.push(BatchStatistics {
                    places: [step.parameters[2], step.parameters[3]],
                    mean,
                    variance,
                    count: n * h * w,
                });
                y
            }
        }
    }

    /// Parameters times their masks.
    pub fn masked(&self, masks: &MaskTensors) -> Self {
        let mut masked = self.clone();
        for (tensor, mask) in masked.tensors.iter_mut().zip(&masks.0) {
            if let Some(mask) = mask {
                *tensor = Values::of(mul(tensor.tensor::<1>(), mask.tensor::<1>()));
            }
        }
        masked
    }

    /// All numbers, flat, in the order of the graph.
    pub(super) fn flat(&self) -> Vec<Tensor<1>> {
        let parameters = self.graph.parameters().iter();
        parameters
            .zip(&self.tensors)
            .map(|(p, tensor)| tensor.flat(p.range.len()))
            .collect()
    }

    /// All numbers, host side.
    ///
    /// # Errors
    /// The device failed.
    pub async fn parameters(&self) -> Result<Parameters> {
        let values = read(self.flat()).await?.concat();
        Ok(Parameters { values })
    }
}

/// The masks of a network as tensors of 0 and 1, in the shapes of its parameters; None where nothing is masked.
#[derive(Clone, Debug)]
pub struct MaskTensors(Vec<Option<Values>>);

impl MaskTensors {
    /// From a mask over all prunable weights (see [`crate::prune`]). Biases, gamma and beta go with removed channels.
    pub fn new(graph: &Graph, mask: &[u8], device: &Device) -> Self {
        let removed = graph.removed_parameters(mask);
        let of = |keep: Vec<f32>, dims: &[usize]| Some(Values::new(keep, dims, device));
        let masks = graph.parameters().iter().map(|p| match p.role {
            Role::Weight => {
                let keep = mask[p.range.clone()].iter().map(|&m| f32::from(m));
                of(keep.collect(), &p.dims)
            }
            _ => {
                let (_, kept) = removed.iter().find(|(other, _)| other.range == p.range)?;
                let keep = kept.iter().map(|&kept| f32::from(u8::from(kept)));
                of(keep.collect(), &p.dims)
            }
        });
        Self(masks.collect())
    }
}
