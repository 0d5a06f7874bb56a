//! Recipes: when to train, when to cut, what to do with the weights then. Pure data; the session
//! carries out the [`Action`]s that a recipe comes to.

use crate::error::{Error, ErrorCode, Result};
use crate::learn::distillation::Distillation;
use crate::learn::schedule::Phase;
use crate::prune::method::{Granularity, Method};
use crate::prune::rates::{LayerRates, LayerSparsities};
use crate::prune::schedule;
use serde::{Deserialize, Serialize};

/// A training procedure that can be saved as JSON and run again to the same result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recipe {
    pub name: String,
    /// How weights are scored and cut, each time.
    #[serde(default)]
    pub method: Method,
    pub plan: Procedure,
    /// Train pruned networks against the dense one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(target_arch = "wasm32"), ts(optional))]
    pub distil: Option<Distillation>,
}

/// Numbers of training steps, sparsities from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS, schemars::JsonSchema))]
#[cfg_attr(
    not(target_arch = "wasm32"),
    ts(rename = "Plan"),
    schemars(rename = "Plan")
)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Procedure {
    /// Train, cut once, fine-tune (Han et al., NIPS 2015).
    OneShot {
        train: u32,
        sparsity: f64,
        fine_tune: u32,
    },
    /// Train, then again and again cut `rate` of what is left and fine-tune (Han et al., NIPS 2015).
    Iterative {
        train: u32,
        rate: f64,
        rounds: u32,
        fine_tune: u32,
        /// Of each layer by itself, by its kind, in place of `rate` of all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(target_arch = "wasm32"), ts(optional))]
        rates: Option<LayerRates>,
    },
    /// Train, then cut every so many steps by a cubic schedule (Zhu & Gupta, 2017), then fine-tune.
    Gradual {
        train: u32,
        to: f64,
        cuts: u32,
        every: u32,
        fine_tune: u32,
    },
    /// As iterative, but after each cut the kept weights go back to what they were at step
    /// `rewind_to` and are trained again (Frankle & Carbin, ICLR 2019; rewinding: Frankle et al., 2020).
    LotteryTicket {
        train: u32,
        rate: f64,
        rounds: u32,
        #[serde(default)]
        rewind_to: u32,
        #[serde(default)]
        control: Control,
        /// Of each layer by itself, by its kind, in place of `rate` of all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(target_arch = "wasm32"), ts(optional))]
        rates: Option<LayerRates>,
    },
    /// Cut at initialisation, then train (SNIP: Lee et al., ICLR 2019; SynFlow: Tanaka et al., 2020).
    BeforeTraining { sparsity: f64, train: u32 },
}

/// What a lottery ticket is compared with, at its last round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Control {
    /// The ticket itself.
    #[default]
    None,
    /// The ticket's mask on other random weights.
    Reinitialise,
    /// The ticket's weights under random masks of the same density in each layer and the same units.
    RandomMask,
}

/// One thing that the session does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    /// Fresh weights from the seed, nothing cut.
    Reset,
    Train {
        steps: u32,
        distil: Option<Distillation>,
        phase: Phase,
    },
    /// Cut until the network is that sparse, whatever the units.
    Prune { sparsity: f64 },
    /// Cut of each layer by itself until it is as sparse as its kind is to be.
    PruneLayers(LayerSparsities),
    /// Keep the weights as they are now, to be rewound to.
    Remember,
    /// Kept weights, moments and step go back to what was remembered; masks stay.
    Rewind,
    /// Fresh weights from another seed; masks stay.
    Reinitialise,
    /// Each layer's mask shuffled within itself, unit by unit.
    ShuffleMasks,
}

/// More steps in all than anybody waits for.
const MOST_STEPS: u64 = 10_000_000;

impl Recipe {
    /// # Errors
    /// Names the field that is out of its range.
    pub fn validate(&self) -> Result<()> {
        self.method.validate()?;
        let share = |name: &str, x: f64| match (0.0..=1.0).contains(&x) {
            true => Ok(()),
            false => Err(bad(format!("{name} must be between 0 and 1, not {x}"))),
        };
        let count = |name: &str, n: u32| match (1..=1000).contains(&n) {
            true => Ok(()),
            false => Err(bad(format!("{name} must be between 1 and 1000, not {n}"))),
        };
        match self.plan {
            Procedure::OneShot { sparsity, .. } | Procedure::BeforeTraining { sparsity, .. } => {
                share("sparsity", sparsity)?;
            }
            Procedure::Iterative {
                rate,
                rounds,
                rates,
                ..
            } => {
                share("rate", rate)?;
                count("rounds", rounds)?;
                self.takes_rates(rates)?;
            }
            Procedure::Gradual { to, cuts, .. } => {
                share("to", to)?;
                count("cuts", cuts)?;
            }
            Procedure::LotteryTicket {
                train,
                rate,
                rounds,
                rewind_to,
                rates,
                ..
            } => {
                share("rate", rate)?;
                count("rounds", rounds)?;
                self.takes_rates(rates)?;
                if rewind_to > train {
                    return Err(bad(format!("rewindTo must be at most train, {train}")));
                }
            }
        }
        if let Some(distil) = self.distil {
            distil.validate()?;
        }
        match self.steps() {
            0 => Err(bad("the recipe never trains".into())),
            n if n > MOST_STEPS => Err(bad(format!("{n} steps are more than {MOST_STEPS}"))),
            _ => Ok(()),
        }
    }

    /// Fractions of filters or fours are no sparsities.
    fn takes_rates(&self, rates: Option<LayerRates>) -> Result<()> {
        let Some(rates) = rates else {
            return Ok(());
        };
        rates.validate()?;
        match self.method.granularity {
            Granularity::Weight => Ok(()),
            _ => Err(bad(
                "rates by kind of layer are of single weights: choose the granularity weight"
                    .into(),
            )),
        }
    }

    /// Training steps in all.
    pub fn steps(&self) -> u64 {
        let steps = |action: &Action| match action {
            Action::Train { steps, .. } => u64::from(*steps),
            _ => 0,
        };
        self.actions().iter().map(steps).sum()
    }

    /// What it comes to, in order.
    pub fn actions(&self) -> Vec<Action> {
        let train = |steps: u32| Action::Train {
            steps,
            distil: None,
            phase: Phase::Training,
        };
        let tune = |steps: u32| Action::Train {
            steps,
            distil: self.distil,
            phase: Phase::FineTuning,
        };
        // Between the cuts of a gradual pruning the network is still in training.
        let between = |steps: u32| Action::Train {
            steps,
            distil: self.distil,
            phase: Phase::Training,
        };
        let prune = |sparsity: f64| Action::Prune { sparsity };
        let again = |round: u32, rate: f64, rates: Option<LayerRates>| match rates {
            Some(rates) => Action::PruneLayers(rates.after(round, rate)),
            None => prune(schedule::iterative(round, rate)),
        };
        let mut actions = vec![Action::Reset];
        match self.plan {
            Procedure::OneShot {
                train: dense,
                sparsity,
                fine_tune,
            } => {
                actions.extend([train(dense), prune(sparsity), tune(fine_tune)]);
            }
            Procedure::BeforeTraining {
                sparsity,
                train: steps,
            } => {
                actions.extend([prune(sparsity), train(steps)]);
            }
            Procedure::Iterative {
                train: dense,
                rate,
                rounds,
                fine_tune,
                rates,
            } => {
                actions.push(train(dense));
                for round in 1..=rounds {
                    actions.extend([again(round, rate, rates), tune(fine_tune)]);
                }
            }
            Procedure::Gradual {
                train: dense,
                to,
                cuts,
                every,
                fine_tune,
            } => {
                actions.push(train(dense));
                for cut in 1..=cuts {
                    actions.extend([prune(schedule::gradual(cut, cuts, 0.0, to)), between(every)]);
                }
                actions.push(tune(fine_tune));
            }
            Procedure::LotteryTicket {
                train: dense,
                rate,
                rounds,
                rewind_to,
                control,
                rates,
            } => {
                let rest = train(dense.saturating_sub(rewind_to));
                actions.extend([train(rewind_to), Action::Remember, rest]);
                for round in 1..=rounds {
                    actions.push(again(round, rate, rates));
                    match control {
                        Control::Reinitialise if round == rounds => {
                            actions.extend([Action::Reinitialise, train(dense)]);
                        }
                        Control::RandomMask if round == rounds => {
                            actions.extend([Action::ShuffleMasks, Action::Rewind, rest]);
                        }
                        _ => actions.extend([Action::Rewind, rest]),
                    }
                }
            }
        }
        actions.retain(|a| !matches!(a, Action::Train { steps: 0, .. }));
        actions
    }
}

fn bad(sentence: String) -> Error {
    Error::new(ErrorCode::BadConfig, sentence)
}

#[cfg(test)]
mod tests;
