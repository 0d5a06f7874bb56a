//! The two-conv CNN on a device: its tensors, its forward pass, its masks.

use crate::error::Result;
use crate::net::{CnnConfig, Parameters, removed_filters};
use crate::ops::block;
use crate::ops::float::mul;
use crate::ops::linear::linear;
use crate::ops::transfer::{flatten, read, tensor};
use burn::tensor::{Device, Tensor};

/// Conv 3x3 with padding 1, ReLU, max-pool 2, of images, weight and bias.
type Block = fn(Tensor<4>, Tensor<4>, Tensor<1>) -> Tensor<4>;

/// A weight with its bias.
#[derive(Clone, Debug)]
pub struct Layer<const D: usize> {
    pub weight: Tensor<D>,
    /// `[out]`
    pub bias: Tensor<1>,
}

/// Conv 3x3, ReLU, max-pool 2, conv 3x3, ReLU, max-pool 2, flatten, linear.
#[derive(Clone, Debug)]
pub struct Cnn {
    pub conv1: Layer<4>,
    pub conv2: Layer<4>,
    pub fc: Layer<2>,
}

impl Cnn {
    /// Puts the numbers on the device. `parameters` must have the sizes of `config`.
    pub fn new(config: &CnnConfig, parameters: &Parameters, device: &Device) -> Self {
        let [w1, w2] = config.widths;
        let [c1, c2, fc] = parameters.weights.clone();
        let [b1, b2, b3] = parameters.biases.clone();
        Self {
            conv1: Layer {
                weight: tensor(c1, [w1, config.channels, 3, 3], device),
                bias: tensor(b1, [w1], device),
            },
            conv2: Layer {
                weight: tensor(c2, [w2, w1, 3, 3], device),
                bias: tensor(b2, [w2], device),
            },
            fc: Layer {
                weight: tensor(fc, [config.classes, config.features()], device),
                bias: tensor(b3, [config.classes], device),
            },
        }
    }

    /// Logits `[batch, classes]` of images `[batch, channels, height, width]`.
    pub fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        self.through(block::block, images)
    }

    /// As [`Cnn::forward`], and on one backend the same bits, where nobody asks for a gradient: on the CPU a weight that is cut
    /// costs no time.
    pub fn infer(&self, images: Tensor<4>) -> Tensor<2> {
        self.through(block::inference, images)
    }

    fn through(&self, block: Block, images: Tensor<4>) -> Tensor<2> {
        let Self { conv1, conv2, fc } = self.clone();
        let x = block(images, conv1.weight, conv1.bias);
        let x = block(x, conv2.weight, conv2.bias).flatten::<2>(1, 3);
        linear(x, fc.weight, fc.bias)
    }

    /// Parameters times their masks.
    pub fn masked(&self, masks: &MaskTensors) -> Self {
        let mut masked = self.clone();
        masked.conv1.weight = mul(masked.conv1.weight, masks.conv1.clone());
        masked.conv2.weight = mul(masked.conv2.weight, masks.conv2.clone());
        masked.fc.weight = mul(masked.fc.weight, masks.fc.clone());
        if let Some([first, second]) = &masks.biases {
            masked.conv1.bias = mul(masked.conv1.bias, first.clone());
            masked.conv2.bias = mul(masked.conv2.bias, second.clone());
        }
        masked
    }
}

/// The masks of a network as tensors of 0 and 1, in the shapes of the weights.
#[derive(Clone, Debug)]
pub struct MaskTensors {
    pub conv1: Tensor<4>,
    pub conv2: Tensor<4>,
    pub fc: Tensor<2>,
    /// Of the two convolutions, where a filter is removed: its bias goes with it. Biases are not
    /// masked otherwise.
    biases: Option<[Tensor<1>; 2]>,
}

impl MaskTensors {
    /// From a mask over all prunable weights (see [`crate::prune`]).
    pub fn new(config: &CnnConfig, mask: &[u8], device: &Device) -> Self {
        let mut parts = config
            .layout()
            .layers()
            .map(|(_, range)| mask[range].iter().map(|&m| f32::from(m)).collect())
            .collect::<Vec<Vec<f32>>>()
            .into_iter();
        let mut next = || parts.next().unwrap_or_default();
        let [w1, w2] = config.widths;
        Self {
            conv1: tensor(next(), [w1, config.channels, 3, 3], device),
            conv2: tensor(next(), [w2, w1, 3, 3], device),
            fc: tensor(next(), [config.classes, config.features()], device),
            biases: removed_filters(config, mask).map(|removed| {
                removed.map(|filters| {
                    let n = filters.len();
                    let keep = filters.into_iter().map(|gone| if gone { 0.0 } else { 1.0 });
                    tensor(keep.collect(), [n], device)
                })
            }),
        }
    }
}

/// conv1, conv2, fc weights, then their biases, flat.
pub(super) fn flat_parameters(model: &Cnn) -> impl Iterator<Item = Tensor<1>> {
    [
        flatten(model.conv1.weight.clone()),
        flatten(model.conv2.weight.clone()),
        flatten(model.fc.weight.clone()),
        model.conv1.bias.clone(),
        model.conv2.bias.clone(),
        model.fc.bias.clone(),
    ]
    .into_iter()
}

/// Weights and biases of `model`, host side.
///
/// # Errors
/// The device failed.
pub async fn model_parameters(model: &Cnn) -> Result<Parameters> {
    read_parameters(flat_parameters(model)).await
}

pub(super) async fn read_parameters(
    tensors: impl Iterator<Item = Tensor<1>>,
) -> Result<Parameters> {
    let mut values = read(tensors.collect()).await?.into_iter();
    Ok(parameters_of(&mut values))
}

pub(super) fn parameters_of(values: &mut impl Iterator<Item = Vec<f32>>) -> Parameters {
    let mut next = || values.next().unwrap_or_default();
    Parameters {
        weights: [next(), next(), next()],
        biases: [next(), next(), next()],
    }
}
