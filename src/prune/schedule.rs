//! How sparse a network is to be, and when.

/// Zhu & Gupta's cubic schedule (2017): the sparsity after cut `t` of `n`, from `from` to `to`.
pub fn gradual(t: u32, n: u32, from: f64, to: f64) -> f64 {
    let left = 1.0 - f64::from(t) / f64::from(n.max(1));
    to + (from - to) * left.powi(3)
}

/// The sparsity after `round` rounds that each cut `rate` of what is left (Han et al., NIPS 2015).
pub fn iterative(round: u32, rate: f64) -> f64 {
    1.0 - (1.0 - rate).powi(round as i32)
}
