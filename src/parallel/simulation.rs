//! A clock on which workers are slower than they are here, and links between them take their time.

use super::plan::Plan;

/// Multiply-accumulates a millisecond of a worker on the simulated clock: about those of one core.
const MACS_PER_MS: f64 = 2e7;
/// A backward pass takes about two forward passes.
const PASSES: f64 = 3.0;
/// Milliseconds that a message takes beside its bytes.
const LATENCY: f64 = 0.5;
/// How much the time for the same work varies, up and down.
const JITTER: f64 = 0.15;

/// Milliseconds that worker `worker` of `workers` takes for its rows of batch `batch`, a forward and a backward pass of
/// `macs`: a pure function of its arguments.
pub fn compute_ms(
    plan: &Plan,
    seed: u32,
    (worker, workers): (usize, usize),
    batch: u32,
    macs: f64,
) -> f64 {
    let slower = if worker + 1 == workers {
        plan.straggler
    } else {
        1.0
    };
    let key = u64::from(seed) << 32 | u64::from(batch) << 4 | worker as u64;
    let varies = 1.0 + JITTER * (2.0 * uniform(key) - 1.0);
    PASSES * macs / MACS_PER_MS * slower * varies
}

/// Milliseconds that a message of so many bytes is on a link.
pub fn link_ms(plan: &Plan, bytes: usize) -> f64 {
    match plan.megabits > 0.0 {
        true => LATENCY + bytes as f64 * 8.0 / (plan.megabits * 1e3),
        false => 0.0,
    }
}

/// 0 to 1, from SplitMix64 (Steele et al., OOPSLA 2014).
fn uniform(key: u64) -> f64 {
    let mut z = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_worker_is_slower_and_times_vary_about_their_mean() {
        let plan = Plan {
            straggler: 4.0,
            ..Plan::default()
        };
        let mean = |worker| {
            (0..2000)
                .map(|batch| compute_ms(&plan, 1, (worker, 3), batch, 2e7))
                .sum::<f64>()
                / 2000.0
        };
        assert!((mean(0) - 3.0).abs() < 0.03, "{}", mean(0));
        assert!((mean(2) - 12.0).abs() < 0.12, "{}", mean(2));
        assert_eq!(
            compute_ms(&plan, 1, (0, 3), 7, 1e6),
            compute_ms(&plan, 1, (0, 3), 7, 1e6)
        );
        assert_ne!(
            compute_ms(&plan, 1, (0, 3), 7, 1e6),
            compute_ms(&plan, 2, (0, 3), 7, 1e6)
        );
    }

    #[test]
    fn a_megabyte_takes_80_ms_at_100_megabits() {
        let plan = Plan {
            megabits: 100.0,
            ..Plan::default()
        };
        assert_eq!(link_ms(&plan, 1_000_000), 80.5);
        assert_eq!(link_ms(&Plan::default(), 1_000_000), 0.0);
    }
}
