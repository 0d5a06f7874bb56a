//! One optimisation step: forward, loss, backward, Adam, re-mask.

use super::gradients::Backward;
use super::model::{Cnn, Layer, MaskTensors, flat_parameters, model_parameters, parameters_of};
use super::objective::{Objective, backward_on};
use super::state::{KEPT, Moments, TrainState};
use crate::data::batch::Batch;
use crate::error::Result;
use crate::net::{CnnConfig, Parameters};
use crate::ops::adam;
use crate::ops::transfer::{flatten, read};
use burn::optim::{AdamState, AdaptiveMomentumState};
use burn::tensor::{Device, Gradients, Tensor};

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
        self.adam_step(conv1, conv2, gradients_of(&leaves.fc, g));
        loss
    }

    /// One step down gradients that were found elsewhere, for the batch of this step.
    pub fn descend(&mut self, gradients: &Parameters) {
        let Cnn { conv1, conv2, fc } = Cnn::new(&self.config, gradients, &self.device);
        self.adam_step(conv1.into(), conv2.into(), fc.into());
    }

    fn adam_step(&mut self, g1: Gradient<4>, g2: Gradient<4>, g3: Gradient<2>) {
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

fn flat_state<const D: usize>(state: &Option<AdamState<D>>) -> Option<(Tensor<1>, Tensor<1>)> {
    state.as_ref().map(|s| {
        let m = &s.momentum;
        (flatten(m.moment_1.clone()), flatten(m.moment_2.clone()))
    })
}
