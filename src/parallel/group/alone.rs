//! The speed of one worker alone.

use crate::data::batch::Batch;
use crate::error::Result;
use crate::learn::objective::Objective;
use crate::learn::train::Trainer;
use crate::ops::transfer::read;
use web_time::Instant;

/// Milliseconds that one worker alone takes for a step on a batch; nothing is changed.
///
/// # Errors
/// The device failed.
pub async fn measure_alone(
    trainer: &Trainer,
    batch: &Batch,
    objective: &Objective<'_>,
) -> Result<f64> {
    let mut copy = trainer.clone();
    let (begun, mut least) = (Instant::now(), f64::INFINITY);
    // A browser compiles what runs often once more, for speed: the first steps are slow.
    while begun.elapsed().as_millis() < 800 {
        let start = Instant::now();
        read(vec![copy.step(batch, objective)]).await?;
        least = least.min(ms_since(start));
    }
    Ok(least)
}

pub(super) fn ms_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}
