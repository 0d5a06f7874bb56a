//! How a group reaches its workers.

use std::future::Future;
use std::pin::Pin;

/// Workers, each with a replica, and the way to them. Orders reach a worker in their order.
pub trait Peers {
    /// The most workers that this machine has room for.
    fn most(&self) -> usize;
    /// Starts workers, or ends them, until there are so many. Of each that starts `Ready` is told.
    fn resize(&self, workers: usize);
    /// Ends a worker and starts another in its place, of which `Ready` is told.
    fn replace(&self, worker: usize);
    /// `order` as [`super::wire`] has it.
    fn post(&self, worker: usize, order: Vec<u8>);
    /// What comes next of the workers; None where nothing has come `within` so many milliseconds.
    fn next(&self, within: f64) -> Pin<Box<dyn Future<Output = Option<Tidings>> + '_>>;
}

/// What comes of a worker.
#[derive(Clone, Debug, PartialEq)]
pub enum Tidings {
    /// It has started.
    Ready(usize),
    /// What it answers, as [`super::wire`] has it.
    Answer(usize, Vec<u8>),
    /// It has ended, does not answer, or could not do what it was told.
    Lost(usize, Loss),
}

/// Why a worker is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// It has ended.
    Gone,
    /// It has not answered for too long.
    Hang,
    /// Its gradients are not finite.
    NonFinite,
}
