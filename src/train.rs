//! One optimisation step: forward, loss, backward, Adam, re-mask; and the state that it changes.

use crate::adam;
use crate::batch::Batch;
use crate::error::{Error, ErrorCode, Result};
use crate::float;
use crate::gradients::{Backward, backward};
pub use crate::loss::cross_entropy;
use crate::loss::softmax;
use crate::model::{Cnn, CnnConfig, Layer, MaskTensors, Parameters};
use crate::recipe::Distillation;
use burn::optim::{AdamState, AdaptiveMomentumState};
use burn::tensor::{Device, Gradients, Tensor, Transaction};

/// In place of the step of its cut, for a weight that is kept.
pub const KEPT: u32 = u32::MAX;

/// Adam's running means for every parameter, host side.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    /// Adam's own step count, for its bias correction.
    pub time: u32,
    pub first: Parameters,
    pub second: Parameters,
}

/// All that training changes, host side: what a checkpoint holds.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainState {
    pub step: u32,
    pub parameters: Parameters,
    /// None before the first step.
    pub moments: Option<Moments>,
    /// Over all prunable weights: 1 keeps, 0 is cut.
    pub mask: Vec<u8>,
    /// Over all prunable weights: the step at which it was cut, [`KEPT`] while it is not.
    pub cut_at: Vec<u32>,
}

impl TrainState {
    /// Fresh weights from the seed, nothing cut.
    pub fn fresh(config: &CnnConfig, seed: u32) -> Self {
        Self {
            step: 0,
            parameters: Parameters::he_normal(config, seed),
            moments: None,
            mask: vec![1; config.layout().total()],
            cut_at: vec![KEPT; config.layout().total()],
        }
    }
}

#[derive(Clone)]
struct LayerMoments<const D: usize> {
    weight: Option<AdamState<D>>,
    bias: Option<AdamState<1>>,
}

impl<const D: usize> Default for LayerMoments<D> {
    fn default() -> Self {
        Self {
            weight: None,
            bias: None,
        }
    }
}

/// A network in training on a device. A copy trains by itself.
#[derive(Clone)]
pub struct Trainer {
    pub config: CnnConfig,
    pub model: Cnn,
    pub step: u32,
    /// Over all prunable weights: 1 keeps, 0 is cut.
    mask: Vec<u8>,
    cut_at: Vec<u32>,
    /// None while nothing is cut.
    mask_tensors: Option<MaskTensors>,
    learning_rate: f64,
    moments: (LayerMoments<4>, LayerMoments<4>, LayerMoments<2>),
    device: Device,
}

/// Gradients of the mean cross-entropy of `model` over `batch`, host side.
///
/// # Errors
/// The device failed.
pub async fn parameter_gradients(model: &Cnn, batch: &Batch) -> Result<Parameters> {
    backward_on(model, batch, &Objective::Labels).read().await
}

/// Backpropagates the loss that `objective` gives `model` on `batch`.
pub fn backward_on(model: &Cnn, batch: &Batch, objective: &Objective<'_>) -> Backward {
    // The teacher learns nothing: its logits are constants.
    let teacher = match objective {
        Objective::Labels => None,
        Objective::Teacher(teacher, how) => Some((teacher.forward(batch.images.clone()), how)),
    };
    backward(model, |leaves| {
        let logits = leaves.forward(batch.images.clone().autodiff());
        match teacher {
            None => cross_entropy(logits, batch.one_hot.clone().autodiff()),
            Some((teacher, how)) => distillation(logits, teacher, batch.one_hot.clone(), how),
        }
    })
}

/// What training steps minimise.
#[derive(Clone, Copy, Debug)]
pub enum Objective<'a> {
    /// Cross-entropy with the labels.
    Labels,
    /// Distillation from a trained network.
    Teacher(&'a Cnn, &'a Distillation),
}

/// `alpha * CE + (1 - alpha) * T^2 * KL(teacher || student)`, both softened by T, means over the batch
/// (Hinton et al., 2015). All of `[batch, classes]`; teacher and labels are constants, without autodiff.
pub fn distillation(
    student: Tensor<2>,
    teacher: Tensor<2>,
    one_hot: Tensor<2>,
    how: &Distillation,
) -> Tensor<1> {
    let soft = |logits: Tensor<2>| float::scale(logits, 1.0 / how.temperature);
    let weight = (1.0 - how.alpha) * how.temperature.powi(2);
    let teacher = soft(teacher);
    let targets = softmax(teacher.clone(), one_hot.clone());
    // What the teacher's own entropy takes from the divergence has no gradient.
    let entropy = float::scale(cross_entropy(teacher, targets.clone()), -weight).autodiff();
    let labels = float::scale(
        cross_entropy(student.clone(), one_hot.autodiff()),
        how.alpha,
    );
    let divergence = cross_entropy(soft(student), targets.autodiff());
    let divergence = float::add(float::scale(divergence, weight), entropy);
    float::add(labels, divergence)
}

impl Trainer {
    /// `device` is the plain device, without autodiff.
    pub fn new(config: CnnConfig, state: &TrainState, learning_rate: f64, device: &Device) -> Self {
        let mut trainer = Self {
            model: Cnn::new(&config, &state.parameters, device),
            step: state.step,
            mask: Vec::new(),
            cut_at: state.cut_at.clone(),
            mask_tensors: None,
            learning_rate,
            moments: Default::default(),
            device: device.clone(),
            config,
        };
        if let Some(moments) = &state.moments {
            trainer.load_moments(moments);
        }
        trainer.hold(state.mask.clone());
        trainer
    }

    /// The mask held, over all prunable weights.
    pub fn mask(&self) -> &[u8] {
        &self.mask
    }

    /// For each prunable weight the step at which it was cut, [`KEPT`] while it is not.
    pub fn cut_at(&self) -> &[u32] {
        &self.cut_at
    }

    /// Holds `mask` from now on: cut weights are exactly 0 now and after every step. Those that it
    /// cuts anew were cut at this step; those cut already keep theirs.
    pub fn hold(&mut self, mask: Vec<u8>) {
        for (at, &keeps) in self.cut_at.iter_mut().zip(&mask) {
            *at = match (keeps, *at) {
                (0, KEPT) => self.step,
                (0, before) => before,
                _ => KEPT,
            };
        }
        self.mask_tensors = mask
            .contains(&0)
            .then(|| MaskTensors::new(&self.config, &mask, &self.device));
        self.mask = mask;
        self.re_mask();
    }

    fn re_mask(&mut self) {
        if let Some(masks) = &self.mask_tensors {
            self.model = self.model.masked(masks);
        }
    }

    /// One step on `batch`. Returns its loss `[1]` before the step, still on the device.
    pub fn step(&mut self, batch: &Batch, objective: &Objective<'_>) -> Tensor<1> {
        let Backward {
            loss,
            mut gradients,
            leaves,
        } = backward_on(&self.model, batch, objective);
        let g = &mut gradients;
        let [conv1, conv2] = [&leaves.conv1, &leaves.conv2].map(|leaf| gradients_of(leaf, g));
        self.descend(conv1, conv2, gradients_of(&leaves.fc, g));
        loss
    }

    /// One step down gradients that were found elsewhere, for the batch of this step.
    pub fn follow(&mut self, gradients: &Parameters) {
        let Cnn { conv1, conv2, fc } = Cnn::new(&self.config, gradients, &self.device);
        self.descend(conv1.into(), conv2.into(), fc.into());
    }

    fn descend(&mut self, g1: Gradient<4>, g2: Gradient<4>, g3: Gradient<2>) {
        let lr = self.learning_rate;
        let (m1, m2, m3) = &mut self.moments;
        let Cnn { conv1, conv2, fc } = &mut self.model;
        update(lr, conv1, g1, m1);
        update(lr, conv2, g2, m2);
        update(lr, fc, g3, m3);
        // Adam's moments move cut weights too: whatever they say, 0 stays 0.
        self.re_mask();
        self.step += 1;
    }

    /// Puts other weights and biases in place of these, under the masks held.
    pub fn put(&mut self, parameters: &Parameters) {
        self.model = Cnn::new(&self.config, parameters, &self.device);
        self.re_mask();
    }

    /// Weights and biases, host side.
    pub async fn parameters(&self) -> Result<Parameters> {
        model_parameters(&self.model).await
    }

    /// Everything that training changes, in one read.
    pub async fn state(&self) -> Result<TrainState> {
        let mut tensors: Vec<Tensor<1>> = flat_parameters(&self.model).collect();
        let moments = self.moment_tensors();
        let time = moments.as_ref().map(|(time, _, _)| *time);
        if let Some((_, first, second)) = moments {
            tensors.extend(first.into_iter().chain(second));
        }
        let mut groups = read(tensors).await?.into_iter();
        let mut next = || parameters_of(&mut groups);
        Ok(TrainState {
            step: self.step,
            parameters: next(),
            moments: time.map(|time| Moments {
                time,
                first: next(),
                second: next(),
            }),
            mask: self.mask.clone(),
            cut_at: self.cut_at.clone(),
        })
    }

    fn moment_tensors(&self) -> Option<(u32, Vec<Tensor<1>>, Vec<Tensor<1>>)> {
        let (m1, m2, m3) = &self.moments;
        let weights = [
            flat_state(&m1.weight)?,
            flat_state(&m2.weight)?,
            flat_state(&m3.weight)?,
        ];
        let biases = [
            flat_state(&m1.bias)?,
            flat_state(&m2.bias)?,
            flat_state(&m3.bias)?,
        ];
        let time = m1.weight.as_ref()?.momentum.time as u32;
        let (first, second) = weights.into_iter().chain(biases).unzip();
        Some((time, first, second))
    }

    fn load_moments(&mut self, moments: &Moments) {
        let first = Cnn::new(&self.config, &moments.first, &self.device);
        let second = Cnn::new(&self.config, &moments.second, &self.device);
        let time = moments.time as usize;
        self.moments = (
            layer_moments(time, first.conv1, second.conv1),
            layer_moments(time, first.conv2, second.conv2),
            layer_moments(time, first.fc, second.fc),
        );
    }
}

/// Of a layer's weight and bias; None where the loss does not depend on it.
struct Gradient<const D: usize>(Option<Tensor<D>>, Option<Tensor<1>>);

impl<const D: usize> From<Layer<D>> for Gradient<D> {
    fn from(Layer { weight, bias }: Layer<D>) -> Self {
        Self(Some(weight), Some(bias))
    }
}

fn gradients_of<const D: usize>(leaf: &Layer<D>, gradients: &mut Gradients) -> Gradient<D> {
    Gradient(
        leaf.weight.grad_remove(gradients),
        leaf.bias.grad_remove(gradients),
    )
}

fn update<const D: usize>(
    lr: f64,
    layer: &mut Layer<D>,
    Gradient(weight, bias): Gradient<D>,
    moments: &mut LayerMoments<D>,
) {
    if let Some(g) = weight {
        let state = moments.weight.take();
        (layer.weight, moments.weight) = adam::step(lr, layer.weight.clone(), g, state);
    }
    if let Some(g) = bias {
        let state = moments.bias.take();
        (layer.bias, moments.bias) = adam::step(lr, layer.bias.clone(), g, state);
    }
}

fn layer_moments<const D: usize>(
    time: usize,
    first: Layer<D>,
    second: Layer<D>,
) -> LayerMoments<D> {
    LayerMoments {
        weight: Some(AdamState::new(AdaptiveMomentumState::new(
            time,
            first.weight,
            second.weight,
        ))),
        bias: Some(AdamState::new(AdaptiveMomentumState::new(
            time,
            first.bias,
            second.bias,
        ))),
    }
}

pub(crate) fn flatten<const D: usize>(t: Tensor<D>) -> Tensor<1> {
    let n = t.dims().iter().product::<usize>();
    t.reshape([n])
}

fn flat_state<const D: usize>(state: &Option<AdamState<D>>) -> Option<(Tensor<1>, Tensor<1>)> {
    state.as_ref().map(|s| {
        let m = &s.momentum;
        (flatten(m.moment_1.clone()), flatten(m.moment_2.clone()))
    })
}

/// conv1, conv2, fc weights, then their biases, flat.
fn flat_parameters(model: &Cnn) -> impl Iterator<Item = Tensor<1>> {
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

pub(crate) async fn read_parameters(
    tensors: impl Iterator<Item = Tensor<1>>,
) -> Result<Parameters> {
    let mut values = read(tensors.collect()).await?.into_iter();
    Ok(parameters_of(&mut values))
}

fn parameters_of(values: &mut impl Iterator<Item = Vec<f32>>) -> Parameters {
    let mut next = || values.next().unwrap_or_default();
    Parameters {
        weights: [next(), next(), next()],
        biases: [next(), next(), next()],
    }
}

/// Reads tensors back in one go.
///
/// # Errors
/// The device was lost or a kernel failed.
pub async fn read(tensors: Vec<Tensor<1>>) -> Result<Vec<Vec<f32>>> {
    let failed = |e: &dyn std::fmt::Debug| {
        Error::new(
            ErrorCode::Device,
            format!("the device could not be read: {e:?}"),
        )
    };
    tensors
        .into_iter()
        .fold(Transaction::default(), |t, tensor| t.register(tensor))
        .execute_async()
        .await
        .map_err(|e| failed(&e))?
        .into_iter()
        .map(|data| data.try_into_vec::<f32>().map_err(|e| failed(&e)))
        .collect()
}
