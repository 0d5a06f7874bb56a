//! Learning rates over the steps of a training: pure functions of the step, so that a restored run and every worker have them
//! too, without anything to remember.

use crate::error::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// How the learning rate goes down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    #[default]
    Constant,
    /// A tenth at each of the steps in `drops`.
    Steps,
    /// Half a cosine down to 0 at the step `cosineSteps` (Loshchilov & Hutter, ICLR 2017, without restarts).
    Cosine,
}

/// What a training is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// By the schedule.
    #[default]
    Training,
    /// Of what pruning has left: at a rate of its own, which does not change.
    FineTuning,
}

/// Most of the drops of a schedule.
const MOST_DROPS: usize = 16;
/// What the rate of `Schedule::Steps` is multiplied by at a drop.
const DROP: f64 = 0.1;

/// The factor of the learning rate at each step.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    pub schedule: Schedule,
    /// Steps at which [`Schedule::Steps`] drops, rising.
    pub drops: Vec<u32>,
    /// Steps until [`Schedule::Cosine`] is at 0.
    pub cosine_steps: u32,
    /// Steps in which the rate rises evenly to what the schedule says (Goyal et al., 2017): the first has 1/n of it.
    pub warm_up: u32,
    /// The factor while fine-tuning: Han et al. (NIPS 2015) retrain at a tenth.
    pub fine_tuning: f64,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            schedule: Schedule::Constant,
            drops: Vec::new(),
            cosine_steps: 10_000,
            warm_up: 0,
            fine_tuning: 1.0,
        }
    }
}

impl Rates {
    /// What the learning rate is multiplied by at `step`, 0 to 1.
    pub fn factor(&self, step: u32, phase: Phase) -> f64 {
        match phase {
            Phase::FineTuning => self.fine_tuning,
            Phase::Training => self.going_down(step) * self.rising(step),
        }
    }

    fn going_down(&self, step: u32) -> f64 {
        match self.schedule {
            Schedule::Constant => 1.0,
            Schedule::Steps => {
                let passed = self.drops.iter().filter(|&&at| at <= step).count();
                DROP.powi(passed as i32)
            }
            Schedule::Cosine => {
                let share = f64::from(step) / f64::from(self.cosine_steps.max(1));
                (1.0 + (PI * share.min(1.0)).cos()) / 2.0
            }
        }
    }

    fn rising(&self, step: u32) -> f64 {
        match step < self.warm_up {
            true => (f64::from(step) + 1.0) / f64::from(self.warm_up),
            false => 1.0,
        }
    }

    /// # Errors
    /// Names the setting that is out of its range.
    pub fn validate(&self) -> Result<()> {
        let check = |ok: bool, sentence: &str| match ok {
            true => Ok(()),
            false => Err(Error::new(ErrorCode::BadConfig, sentence)),
        };
        check(
            self.drops.len() <= MOST_DROPS && self.drops.windows(2).all(|w| w[0] < w[1]),
            "drops must be at most 16 steps, each later than the one before",
        )?;
        check(
            self.cosine_steps > 0,
            "cosineSteps must be at least 1 training step",
        )?;
        check(
            self.fine_tuning > 0.0 && self.fine_tuning <= 1.0,
            "fineTuningRate must be above 0 and at most 1",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_rate_that_is_not_set_up_is_constant() {
        for step in [0, 1, 1000, u32::MAX] {
            for phase in [Phase::Training, Phase::FineTuning] {
                assert_eq!(Rates::default().factor(step, phase), 1.0);
            }
        }
    }

    #[test]
    fn resnet_20_has_the_rates_of_its_paper() {
        // 0.1, x0.1 at 32,000 and 48,000 (He et al., CVPR 2016).
        let rates = Rates {
            schedule: Schedule::Steps,
            drops: vec![32_000, 48_000],
            ..Default::default()
        };
        for (step, factor) in [
            (0, 1.0),
            (31_999, 1.0),
            (32_000, 0.1),
            (47_999, 0.1),
            (48_000, 0.01),
        ] {
            assert!((rates.factor(step, Phase::Training) - factor).abs() < 1e-12);
        }
    }

    #[test]
    fn half_a_cosine_is_at_one_half_in_the_middle_and_stays_at_the_end() {
        let rates = Rates {
            schedule: Schedule::Cosine,
            cosine_steps: 100,
            ..Default::default()
        };
        let at = |step| rates.factor(step, Phase::Training);
        assert_eq!((at(0), at(100), at(5000)), (1.0, 0.0, 0.0));
        assert!((at(50) - 0.5).abs() < 1e-12);
        assert!((at(25) - (0.5 + 0.125f64.sqrt())).abs() < 1e-12);
    }

    #[test]
    fn warm_up_rises_evenly() {
        let rates = Rates {
            warm_up: 4,
            ..Default::default()
        };
        let rising: Vec<f64> = (0..6).map(|s| rates.factor(s, Phase::Training)).collect();
        assert_eq!(rising, [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]);
    }

    fn rates() -> impl Strategy<Value = Rates> {
        let schedule = prop_oneof![
            Just(Schedule::Constant),
            Just(Schedule::Steps),
            Just(Schedule::Cosine)
        ];
        let drops = prop::collection::btree_set(any::<u32>(), 0..=MOST_DROPS);
        (schedule, drops, 1u32.., 0u32..100_000, 1e-6f64..=1.0).prop_map(
            |(schedule, drops, cosine_steps, warm_up, fine_tuning)| Rates {
                schedule,
                drops: drops.into_iter().collect(),
                cosine_steps,
                warm_up,
                fine_tuning,
            },
        )
    }

    proptest! {
        #[test]
        fn rates_are_between_0_and_1_and_go_down_once_they_are_warm(rates in rates(), step: u32, later: u32) {
            prop_assert_eq!(rates.validate(), Ok(()));
            let at = |step| rates.factor(step, Phase::Training);
            prop_assert!((0.0..=1.0).contains(&at(step)));
            let (first, then) = (step.min(later).max(rates.warm_up), step.max(later).max(rates.warm_up));
            prop_assert!(at(then) <= at(first));
            prop_assert_eq!(rates.factor(step, Phase::FineTuning), rates.fine_tuning);
        }

        #[test]
        fn drops_that_do_not_rise_are_refused(a: u32, b: u32) {
            let rates = Rates { drops: vec![a.max(b), a.min(b)], ..Default::default() };
            prop_assert!(rates.validate().is_err());
        }
    }
}
