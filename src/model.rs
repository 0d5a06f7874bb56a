//! The two-conv CNN: configuration, initialisation, forward.
//!
//! Weights are kept in PyTorch's layouts: convolutions `[out, in, 3, 3]`, the linear layer `[out, in]`;
//! images are NCHW and flattening runs channel first.

use crate::block;
use crate::data::Dataset;
use crate::float::mul;
use crate::linear::linear;
use crate::prune::method::{Granularity, Method};
use crate::prune::{Layout, Scores, Units};
use burn::backend::Dispatch;
use burn::backend::ops::FloatTensorOps;
use burn::tensor::{Device, Tensor, TensorData};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Normal};

/// Names of the prunable layers, in their order.
pub const LAYERS: [&str; 3] = ["conv1", "conv2", "fc"];

/// What a network is for: the shape of an image, the filters, the classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CnnConfig {
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    /// Filters of the two convolutions.
    pub widths: [usize; 2],
    pub classes: usize,
}

impl CnnConfig {
    /// A network for the images of `data` with so many filters.
    pub fn of(data: &Dataset, widths: [u32; 2]) -> Self {
        Self {
            channels: data.channels,
            height: data.height,
            width: data.width,
            widths: widths.map(|w| w as usize),
            classes: data.classes.len(),
        }
    }

    /// Features that reach the linear layer: two 2x2 poolings quarter each side.
    pub fn features(&self) -> usize {
        self.widths[1] * (self.height / 4) * (self.width / 4)
    }

    /// Weight shapes of the prunable layers: `[out, in, 3, 3]`, `[out, in, 3, 3]`, `[out, in]`.
    pub fn weight_shapes(&self) -> [Vec<usize>; 3] {
        let [w1, w2] = self.widths;
        [
            vec![w1, self.channels, 3, 3],
            vec![w2, w1, 3, 3],
            vec![self.classes, self.features()],
        ]
    }

    /// Multiply-accumulates of each layer for one image, dense.
    pub fn macs(&self) -> [usize; 3] {
        let [c1, c2, fc] = self.weight_shapes().map(|s| s.iter().product::<usize>());
        let pixels = self.height * self.width;
        [c1 * pixels, c2 * (self.height / 2) * (self.width / 2), fc]
    }

    pub fn layout(&self) -> Layout {
        let sizes = self.weight_shapes().map(|s| s.iter().product());
        Layout::new(LAYERS.into_iter().zip(sizes))
    }

    /// Weights and biases.
    pub fn parameters(&self) -> usize {
        self.layout().total() + self.widths[0] + self.widths[1] + self.classes
    }
}

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

/// Numbers of one network, host side: `weights` and `biases` of the layers in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    pub weights: [Vec<f32>; 3],
    pub biases: [Vec<f32>; 3],
}

impl Parameters {
    /// He initialisation (He et al., ICCV 2015): weights normal with standard deviation
    /// sqrt(2 / fan_in), biases 0. Made on the host, so that every backend starts from the same bits.
    pub fn he_normal(config: &CnnConfig, seed: u32) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(u64::from(seed));
        let shapes = config.weight_shapes();
        let weights = shapes.clone().map(|shape| {
            let fan_in: usize = shape[1..].iter().product();
            let scale = (2.0 / fan_in as f64).sqrt();
            let count = shape.iter().product();
            // A standard normal can always be made; `Normal::new` fails on a bad deviation only.
            let normal = Normal::new(0.0, 1.0).ok();
            (0..count)
                .map(|_| normal.map_or(0.0, |n: Normal<f64>| (n.sample(&mut rng) * scale) as f32))
                .collect()
        });
        let biases = shapes.map(|shape| vec![0.0; shape[0]]);
        Self { weights, biases }
    }

    /// Applies `f` to every number.
    pub fn map(&mut self, f: impl Fn(f32) -> f32) {
        let all = self.weights.iter_mut().chain(&mut self.biases).flatten();
        all.for_each(|x| *x = f(*x));
    }

    /// Whether `test` holds for any number.
    pub fn any(&self, test: impl Fn(f32) -> bool) -> bool {
        let mut all = self.weights.iter().chain(&self.biases).flatten();
        all.any(|&x| test(x))
    }

    /// Combines with `other`, number by number.
    pub fn zip(mut self, other: &Self, f: impl Fn(f32, f32) -> f32) -> Self {
        let mine = self.weights.iter_mut().chain(&mut self.biases).flatten();
        let others = other.weights.iter().chain(&other.biases).flatten();
        mine.zip(others).for_each(|(a, b)| *a = f(*a, *b));
        self
    }

    /// These numbers under a mask over all prunable weights: cut weights are 0, and the biases of removed filters.
    pub fn under(mut self, config: &CnnConfig, mask: &[u8]) -> Self {
        let weights = self.weights.iter_mut().flatten();
        weights
            .zip(mask)
            .for_each(|(w, &keeps)| *w *= f32::from(keeps));
        if let Some(removed) = removed_filters(config, mask) {
            for (biases, removed) in self.biases.iter_mut().zip(removed) {
                let gone = biases.iter_mut().zip(removed).filter(|(_, gone)| *gone);
                gone.for_each(|(bias, _)| *bias = 0.0);
            }
        }
        self
    }

    /// All weights as one sequence, in layer order.
    pub fn concat_weights(&self) -> Vec<f32> {
        self.weights.concat()
    }
}

/// A tensor of `shape` with these values. Burn's own way would link conversions between all types that numbers can have.
pub fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    let data = TensorData::new(values, shape);
    Tensor::from_dispatch(Dispatch::float_from_data(data, device.as_dispatch()))
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
        let x = block(images, &self.conv1);
        let x = block(x, &self.conv2).flatten::<2>(1, 3);
        linear(x, self.fc.weight.clone(), self.fc.bias.clone())
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

/// Conv 3x3 with padding 1, ReLU, max-pool 2.
fn block(x: Tensor<4>, layer: &Layer<4>) -> Tensor<4> {
    block::block(x, layer.weight.clone(), layer.bias.clone())
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

/// Which filters of the two convolutions are removed, that is have neither weights left nor anything
/// left that reads them; None where no filter is.
pub fn removed_filters(config: &CnnConfig, mask: &[u8]) -> Option<[Vec<bool>; 2]> {
    let method = Method {
        granularity: Granularity::Filter,
        ..Default::default()
    };
    let scores = Scores::Filters(vec![0.0; config.widths.iter().sum()]);
    let units = Units::new(&method, &config.weight_shapes(), scores, mask);
    let mut removed = units.held(mask);
    let second = removed.split_off(config.widths[0]);
    let any = removed.contains(&true) || second.contains(&true);
    any.then_some([removed, second])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_network_has_the_counts_of_the_article_done_right() {
        let config = CnnConfig {
            channels: 3,
            height: 32,
            width: 32,
            widths: [64, 128],
            classes: 10,
        };
        let weights: Vec<usize> = config.layout().layers().map(|(_, r)| r.len()).collect();
        assert_eq!(weights, [1_728, 73_728, 81_920]);
        assert_eq!(config.layout().total(), 157_376);
        assert_eq!(config.macs(), [1_769_472, 18_874_368, 81_920]);
    }

    #[test]
    fn he_initialisation_has_its_standard_deviation_and_its_seed() {
        let config = CnnConfig {
            channels: 3,
            height: 32,
            width: 32,
            widths: [64, 128],
            classes: 10,
        };
        let p = Parameters::he_normal(&config, 1);
        for (weights, fan_in) in p.weights.iter().zip([27.0, 576.0, 8192.0]) {
            let mean_square =
                weights.iter().map(|w| f64::from(w * w)).sum::<f64>() / weights.len() as f64;
            let ratio = mean_square.sqrt() / (2.0f64 / fan_in).sqrt();
            assert!((ratio - 1.0).abs() < 0.05, "{ratio}");
        }
        assert_eq!(p, Parameters::he_normal(&config, 1));
        assert_ne!(p, Parameters::he_normal(&config, 2));
    }
}
