//! Every setting of a run: its default, its range, its validation.

use crate::data::Dataset;
use crate::data::DatasetId;
use crate::error::{Error, ErrorCode, Result};
use crate::learn::optimiser::{Descent, Rule};
use crate::learn::schedule::{Rates, Schedule};
use crate::net::{self, Graph, Initialisation, TWO_CONV};
use crate::ops::sgd::Sgd;
use crate::prune::method::Method;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Of a network as JSON.
const MOST_LETTERS: usize = 64 * 1024;

/// Every setting that decides what a run computes. The same settings give the same weights,
/// bit for bit, on the CPU backend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RunConfig {
    pub dataset: DatasetId,
    /// Noise of the `shapes` images, 0 to 1.
    pub noise: f32,
    /// Train on the first so many images only; 0 takes all.
    pub train_limit: u32,
    /// A preset's name (`lenet-300-100`, `conv-4/2`), a short text (`c3-8 r p2 f`), or a network as JSON.
    pub network: String,
    /// Filters of the first and the second convolution of `two-conv`, 1 to 256 each.
    pub widths: [u32; 2],
    /// Images in a training step, 1 to 512.
    pub batch: u32,
    /// What the network begins with.
    pub initialisation: Initialisation,
    pub optimiser: Optimiser,
    /// Above 0 and at most 1: what the schedule goes down from.
    pub learning_rate: f64,
    pub schedule: Schedule,
    /// Training steps at which `steps` takes a tenth of the rate: at most 16, each later than the one before.
    pub drops: Vec<u32>,
    /// Training steps until `cosine` is at 0.
    pub cosine_steps: u32,
    /// Training steps in which the rate rises evenly to what the schedule says; 0 for none.
    pub warm_up: u32,
    /// Fine-tuning has this part of the learning rate at every step, above 0 and at most 1.
    pub fine_tuning_rate: f64,
    /// SGD's, 0 to 0.999.
    pub momentum: f64,
    /// SGD's, 0 to 1: on every parameter, as in PyTorch.
    pub weight_decay: f64,
    /// SGD looks ahead (Sutskever et al., ICML 2013).
    pub nesterov: bool,
    /// Training images are cropped from 4 pixels of padding and flipped, anew in each epoch: for colour images of things.
    pub augment: bool,
    /// Training images on which a cut estimates the running statistics of batch normalisation anew; 0 leaves them as they were.
    pub reestimate: u32,
    /// Seed of the initial weights and of the order of the images.
    pub seed: u32,
    /// How weights are ranked; can be changed during a run.
    pub method: Method,
}

/// How steps go down the gradients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Optimiser {
    /// Kingma & Ba, ICLR 2015: betas 0.9 and 0.999, epsilon 1e-8.
    #[default]
    Adam,
    /// Stochastic gradient descent with momentum.
    Sgd,
}

impl Default for RunConfig {
    fn default() -> Self {
        Self {
            dataset: DatasetId::Digits,
            noise: 0.3,
            train_limit: 0,
            network: TWO_CONV.to_owned(),
            widths: [8, 16],
            batch: 32,
            initialisation: Initialisation::HeNormal,
            optimiser: Optimiser::Adam,
            learning_rate: 1e-3,
            schedule: Schedule::default(),
            drops: Vec::new(),
            cosine_steps: 10_000,
            warm_up: 0,
            fine_tuning_rate: 1.0,
            momentum: 0.9,
            weight_decay: 0.0,
            nesterov: false,
            augment: false,
            reestimate: 0,
            seed: 1,
            method: Method::default(),
        }
    }
}

impl RunConfig {
    /// Checks every range; the error names the setting and its range.
    pub fn validate(&self) -> Result<()> {
        self.method.validate()?;
        self.rates().validate()?;
        let check = |ok: bool, sentence: &str| {
            if ok {
                Ok(())
            } else {
                Err(Error::new(ErrorCode::BadConfig, sentence))
            }
        };
        check(
            (0.0..=1.0).contains(&self.noise),
            "noise must be between 0 and 1",
        )?;
        check(
            self.widths.iter().all(|w| (1..=256).contains(w)),
            "widths must be between 1 and 256 filters",
        )?;
        check(
            (1..=512).contains(&self.batch),
            "batch must be between 1 and 512 images",
        )?;
        check(
            self.learning_rate > 0.0 && self.learning_rate <= 1.0,
            "learningRate must be above 0 and at most 1",
        )?;
        check(
            (0.0..=0.999).contains(&self.momentum),
            "momentum must be between 0 and 0.999",
        )?;
        check(
            (0.0..=1.0).contains(&self.weight_decay),
            "weightDecay must be between 0 and 1",
        )?;
        check(
            self.network.len() <= MOST_LETTERS,
            "network must be written in at most 64 kB",
        )
    }

    /// The network of these settings, for the images of `data`.
    ///
    /// # Errors
    /// Says what can't be read, or which layer can't work and why.
    pub fn graph(&self, data: &Dataset) -> Result<Arc<Graph>> {
        let widths = self.widths.map(|w| w as usize);
        net::network(&self.network, widths, data.image(), data.classes.len())
    }

    /// How its steps go.
    pub fn descent(&self) -> Descent {
        Descent {
            rule: self.rule(),
            rates: self.rates(),
            seed: self.seed,
        }
    }

    fn rates(&self) -> Rates {
        Rates {
            schedule: self.schedule,
            drops: self.drops.clone(),
            cosine_steps: self.cosine_steps,
            warm_up: self.warm_up,
            fine_tuning: self.fine_tuning_rate,
        }
    }

    fn rule(&self) -> Rule {
        let learning_rate = self.learning_rate;
        match self.optimiser {
            Optimiser::Adam => Rule::Adam { learning_rate },
            Optimiser::Sgd => Rule::Sgd(Sgd {
                learning_rate,
                momentum: self.momentum,
                weight_decay: self.weight_decay,
                nesterov: self.nesterov,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_valid_and_out_of_range_values_are_named() {
        assert_eq!(RunConfig::default().validate(), Ok(()));
        let cases = [
            (
                RunConfig {
                    noise: f32::NAN,
                    ..Default::default()
                },
                "noise",
            ),
            (
                RunConfig {
                    widths: [0, 16],
                    ..Default::default()
                },
                "widths",
            ),
            (
                RunConfig {
                    widths: [8, 257],
                    ..Default::default()
                },
                "widths",
            ),
            (
                RunConfig {
                    batch: 0,
                    ..Default::default()
                },
                "batch",
            ),
            (
                RunConfig {
                    learning_rate: 0.0,
                    ..Default::default()
                },
                "learningRate",
            ),
            (
                RunConfig {
                    learning_rate: f64::NAN,
                    ..Default::default()
                },
                "learningRate",
            ),
            (
                RunConfig {
                    drops: vec![5, 5],
                    ..Default::default()
                },
                "drops",
            ),
            (
                RunConfig {
                    fine_tuning_rate: 0.0,
                    ..Default::default()
                },
                "fineTuningRate",
            ),
        ];
        for (config, name) in cases {
            let message = config.validate().err().map(|e| e.message);
            assert!(
                message.as_deref().is_some_and(|m| m.starts_with(name)),
                "{message:?}"
            );
        }
    }
}
