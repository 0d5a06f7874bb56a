//! How a step goes down the gradients.

use super::schedule::{Phase, Rates};
use crate::net::Parameters;
use crate::ops::sgd::Sgd;
use crate::ops::values::Values;
use crate::ops::{adam, sgd};

/// The rule of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// Kingma & Ba, ICLR 2015: betas 0.9 and 0.999, epsilon 1e-8.
    Adam {
        learning_rate: f64,
    },
    Sgd(Sgd),
}

impl Rule {
    /// With another learning rate.
    pub fn at(self, learning_rate: f64) -> Self {
        match self {
            Self::Adam { .. } => Self::Adam { learning_rate },
            Self::Sgd(sgd) => Self::Sgd(Sgd {
                learning_rate,
                ..sgd
            }),
        }
    }
}

/// How a network goes down its gradients, step after step.
#[derive(Clone, Debug, PartialEq)]
pub struct Descent {
    /// With the learning rate that the schedule goes down from.
    pub rule: Rule,
    pub rates: Rates,
    /// Of what is drawn in training: dropout.
    pub seed: u32,
}

impl From<Rule> for Descent {
    /// At a constant rate.
    fn from(rule: Rule) -> Self {
        Self {
            rule,
            rates: Rates::default(),
            seed: 0,
        }
    }
}

impl Descent {
    /// The rule of one step.
    pub fn at(&self, step: u32, phase: Phase) -> Rule {
        let (Rule::Adam { learning_rate } | Rule::Sgd(Sgd { learning_rate, .. })) = self.rule;
        self.rule.at(learning_rate * self.rates.factor(step, phase))
    }
}

/// What the optimiser remembers of one parameter.
#[derive(Clone, Default)]
pub(super) struct Memory {
    pub(super) first: Option<Values>,
    pub(super) second: Option<Values>,
}

impl Memory {
    /// The parameter after step number `time` (from 1).
    pub(super) fn step(
        &mut self,
        rule: Rule,
        time: u32,
        parameter: &Values,
        gradient: &Values,
    ) -> Values {
        // Each number by itself: the rank does not matter.
        let [parameter, gradient] = [parameter, gradient].map(|values| values.tensor::<1>());
        let before = |values: &Option<Values>| values.as_ref().map(Values::tensor::<1>);
        match rule {
            Rule::Adam { learning_rate } => {
                let moments = before(&self.first)
                    .zip(before(&self.second))
                    .map(|(first, second)| [first, second]);
                let (parameter, [first, second]) =
                    adam::step(learning_rate, time, parameter, gradient, moments);
                self.first = Some(Values::of(first));
                self.second = Some(Values::of(second));
                Values::of(parameter)
            }
            Rule::Sgd(how) => {
                let (parameter, momentum) =
                    sgd::step(how, parameter, gradient, before(&self.first));
                self.first = momentum.map(Values::of);
                Values::of(parameter)
            }
        }
    }
}

/// Whether a rule remembers means of squares too.
pub(super) fn has_second(second: &Parameters) -> bool {
    !second.values.is_empty()
}
