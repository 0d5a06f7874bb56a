//! The ways to run a network that are compared.

use serde::Serialize;

/// A way to run the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// All weights, as before pruning.
    Dense,
    /// The same tensors with zeros in them.
    Masked,
    /// Rebuilt without its removed filters; only where filters are removed.
    Compacted,
    /// Zeros skipped, in the layers where that was measured to be faster; only on the CPU backend.
    Sparse,
}
