//! How training is spread over workers.

use crate::error::{Error, ErrorCode, Result};
use serde::Deserialize;

/// More than a browser's tab has memory for.
pub const MOST_WORKERS: u32 = 16;

/// How training is spread over workers. It decides how fast a network trains, and, where exchange is asynchronous or not
/// all gradients are sent, also to what.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename = "ParallelPlan"))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Plan {
    /// 1 to 16; 1 is the session's own. 0 tries several numbers while training, and keeps the fastest.
    pub workers: u32,
    /// Whether a gradient is applied as soon as it comes, or when all have come.
    pub asynchronous: bool,
    /// How many updates old the weights of a gradient may be when it is applied; absent is without bound. 0 leaves one
    /// gradient under way at a time. Of asynchronous exchange only.
    #[cfg_attr(not(target_arch = "wasm32"), ts(optional))]
    pub staleness: Option<u32>,
    /// Share of its gradients that a worker sends, the largest first, above 0 and at most 1; it keeps what it has not sent
    /// and adds it to the next ones (Lin et al., Deep Gradient Compression, ICLR 2018).
    pub gradient_share: f64,
    /// The last worker computes so many times slower, 1 to 100, on a clock of its own: see `simulated`.
    pub straggler: f64,
    /// Megabits a second of a link to each worker, on that clock; 0 is without links.
    pub megabits: f64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            workers: 1,
            asynchronous: false,
            staleness: None,
            gradient_share: 1.0,
            straggler: 1.0,
            megabits: 0.0,
        }
    }
}

impl Plan {
    /// Whether gradients come in the order of a simulated clock, which is the same in every run.
    pub fn simulated(&self) -> bool {
        self.straggler > 1.0 || self.megabits > 0.0
    }

    /// Checks every range; the error names the setting and its range.
    pub fn validate(&self) -> Result<()> {
        let check = |ok: bool, sentence: &str| match ok {
            true => Ok(()),
            false => Err(Error::new(ErrorCode::BadConfig, sentence)),
        };
        check(
            self.workers <= MOST_WORKERS,
            "workers must be between 0 and 16",
        )?;
        check(
            self.gradient_share > 0.0 && self.gradient_share <= 1.0,
            "gradientShare must be above 0 and at most 1",
        )?;
        check(
            (1.0..=100.0).contains(&self.straggler),
            "straggler must be between 1 and 100",
        )?;
        check(
            (0.0..=1e6).contains(&self.megabits),
            "megabits must be between 0 and 1000000",
        )
    }
}
