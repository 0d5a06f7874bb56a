//! One optimisation step: forward, loss, backward, a step of the optimiser, re-mask.

use super::dropout::Draws;
use super::gradients::Backward;
use super::model::{BatchStatistics, MaskTensors, Model};
use super::objective::{Objective, backward_noting};
use super::optimiser::{Descent, Memory, Rule, has_second};
use super::schedule::Phase;
use super::state::{KEPT, Moments, TrainState};
use crate::data::batch::Batch;
use crate::error::Result;
use crate::net::{Graph, Parameters};
use crate::ops::float::{add, scale};
use crate::ops::transfer::read;
use crate::ops::values::Values;
use burn::tensor::{Device, Tensor};
use std::sync::Arc;

/// How much of a batch's statistics goes into the running ones: PyTorch's.
const MOMENTUM: f64 = 0.1;

/// A network in training on a device. A copy trains by itself.
#[derive(Clone)]
pub struct Trainer {
    pub graph: Arc<Graph>,
    pub model: Model,
    pub step: u32,
    /// Over all prunable weights: 1 keeps, 0 is cut.
    mask: Vec<u8>,
    cut_at: Vec<u32>,
    /// None while nothing is cut.
    mask_tensors: Option<MaskTensors>,
    descent: Descent,
    phase: Phase,
    /// Steps that the optimiser remembers.
    time: u32,
    /// Of each parameter that is learnt.
    memory: Vec<Memory>,
    device: Device,
}

impl Trainer {
    /// `device` is the plain device, without autodiff.
    pub fn new(
        graph: Arc<Graph>,
        state: &TrainState,
        descent: impl Into<Descent>,
        device: &Device,
    ) -> Self {
        let mut trainer = Self {
            model: Model::new(&graph, &state.parameters, device),
            step: state.step,
            mask: Vec::new(),
            cut_at: state.cut_at.clone(),
            mask_tensors: None,
            descent: descent.into(),
            phase: Phase::default(),
            time: 0,
            memory: Vec::new(),
            device: device.clone(),
            graph,
        };
        trainer.load_moments(state.moments.as_ref());
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
            .then(|| MaskTensors::new(&self.graph, &mask, &self.device));
        self.mask = mask;
        self.re_mask();
    }

    fn re_mask(&mut self) {
        if let Some(masks) = &self.mask_tensors {
            self.model = self.model.masked(masks);
        }
    }

    /// The rule of the steps from now on, at a constant rate.
    pub fn follow(&mut self, rule: Rule) {
        self.descent.rule = rule;
    }

    /// What the steps from now on are for.
    pub fn enter(&mut self, phase: Phase) {
        self.phase = phase;
    }

    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// One step on `batch`. Returns its loss `[1]` before the step, still on the device.
    pub fn step(&mut self, batch: &Batch, objective: &Objective<'_>) -> Tensor<1> {
        let draws = self.draws(self.step, batch);
        let (backward, noted) = backward_noting(&self.model, batch, objective, draws);
        let Backward {
            loss,
            mut gradients,
            leaves,
        } = backward;
        let learnt = self.memory.len();
        let found = leaves.tensors.iter().take(learnt);
        let found = found.map(|leaf| leaf.gradient(&mut gradients)).collect();
        self.down(found);
        self.average(noted);
        loss
    }

    /// Loss and gradients of rows of the batch of training step `step`; nothing is changed.
    pub fn backward(&self, step: u32, batch: &Batch, objective: &Objective<'_>) -> Backward {
        let draws = self.draws(step, batch);
        backward_noting(&self.model, batch, objective, draws).0
    }

    /// What is drawn at a step for the rows of a batch.
    fn draws(&self, step: u32, batch: &Batch) -> Option<Draws> {
        Some(Draws {
            seed: self.descent.seed,
            step,
            first_row: batch.first_row,
        })
    }

    /// One step down gradients that were found elsewhere, for the batch of this step.
    pub fn descend(&mut self, gradients: &Parameters) {
        let learnt = self.graph.parameters().iter().take(self.memory.len());
        let found = learnt
            .map(|p| Some(Values::new(gradients.of(p).to_vec(), &p.dims, &self.device)))
            .collect();
        self.down(found);
    }

    fn down(&mut self, gradients: Vec<Option<Values>>) {
        self.time += 1;
        let rule = self.descent.at(self.step, self.phase);
        let parameters = self.model.tensors.iter_mut().zip(&mut self.memory);
        for ((parameter, memory), gradient) in parameters.zip(gradients) {
            // The loss need not depend on every one.
            if let Some(gradient) = gradient {
                *parameter = memory.step(rule, self.time, parameter, &gradient);
            }
        }
        // The optimiser's memory moves cut weights too: whatever it says, 0 stays 0.
        self.re_mask();
        self.step += 1;
    }

    /// Takes the statistics of a batch into the running ones; the variance without its bias, as PyTorch has it.
    fn average(&mut self, noted: Vec<BatchStatistics>) {
        for batch in noted {
            let unbiased = batch.unbiased();
            let BatchStatistics {
                places: [mean_at, variance_at],
                mean,
                variance,
                ..
            } = batch;
            let mut into = |place: usize, value: Tensor<1>, factor: f64| {
                let running = scale(self.model.tensors[place].tensor::<1>(), 1.0 - MOMENTUM);
                let value = scale(value, MOMENTUM * factor);
                self.model.tensors[place] = Values::of(add(running, value));
            };
            into(mean_at, mean, 1.0);
            into(variance_at, variance, unbiased);
        }
    }

    /// Takes the running statistics of `model`, a network of the same graph.
    pub fn take_statistics(&mut self, model: &Model) {
        self.model.take_statistics(model);
    }

    /// Puts other numbers in place of these, under the masks held.
    pub fn put(&mut self, parameters: &Parameters) {
        self.model = Model::new(&self.graph, parameters, &self.device);
        self.re_mask();
    }

    /// All numbers, host side.
    ///
    /// # Errors
    /// The device failed.
    pub async fn parameters(&self) -> Result<Parameters> {
        self.model.parameters().await
    }

    /// Everything that training changes, in one read.
    ///
    /// # Errors
    /// The device failed.
    pub async fn state(&self) -> Result<TrainState> {
        let mut tensors = self.model.flat();
        let firsts = self.remembered(|memory| memory.first.as_ref());
        let seconds = self.remembered(|memory| memory.second.as_ref());
        let counts = [tensors.len(), firsts.as_ref().map_or(0, Vec::len)];
        let remembers = firsts.is_some();
        tensors.extend(firsts.into_iter().chain(seconds).flatten());
        let mut values = read(tensors).await?;
        let second = values.split_off((counts[0] + counts[1]).min(values.len()));
        let first = values.split_off(counts[0]);
        let of = |parts: Vec<Vec<f32>>| Parameters {
            values: parts.concat(),
        };
        Ok(TrainState {
            step: self.step,
            parameters: of(values),
            moments: remembers.then(|| Moments {
                time: self.time,
                first: of(first),
                second: of(second),
            }),
            mask: self.mask.clone(),
            cut_at: self.cut_at.clone(),
        })
    }

    /// What the optimiser remembers of every parameter; None where of any it does not.
    fn remembered(&self, which: impl Fn(&Memory) -> Option<&Values>) -> Option<Vec<Tensor<1>>> {
        let learnt = self.graph.parameters().iter().zip(&self.memory);
        learnt
            .map(|(p, memory)| which(memory).map(|values| values.flat(p.range.len())))
            .collect()
    }

    fn load_moments(&mut self, moments: Option<&Moments>) {
        let learnt = self.graph.learnt();
        let parameters = self.graph.parameters().iter();
        let on_device = |p: &crate::net::Parameter, all: &Parameters| {
            Values::new(all.of(p).to_vec(), &p.dims, &self.device)
        };
        self.memory = parameters
            .take_while(|p| p.range.end <= learnt)
            .map(|p| Memory {
                first: moments.map(|m| on_device(p, &m.first)),
                second: moments
                    .filter(|m| has_second(&m.second))
                    .map(|m| on_device(p, &m.second)),
            })
            .collect();
        self.time = moments.map_or(0, |m| m.time);
    }
}
