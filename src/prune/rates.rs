//! Rates by kind of layer: small networks lose their tickets where convolutions, linear layers and the output go at one pace.

use crate::error::{Error, ErrorCode, Result};
use crate::net::{Graph, Op};
use crate::prune::schedule;
use serde::{Deserialize, Serialize};

/// What each round cuts of what is left of each layer by itself, 0 to 1 (Frankle & Carbin, ICLR 2019: Conv-2 at 10% and 20% a round,
/// its output layer at 10%). A kind that is left out goes at the recipe's `rate`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS, schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), ts(optional_fields))]
#[serde(default, deny_unknown_fields)]
pub struct LayerRates {
    /// Of convolutions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conv: Option<f64>,
    /// Of linear layers but for the last layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linear: Option<f64>,
    /// Of the last layer, which gives the classes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<f64>,
}

/// How sparse the layers of each kind are to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerSparsities {
    pub conv: f64,
    pub linear: f64,
    pub output: f64,
}

impl LayerRates {
    /// # Errors
    /// Names the rate that is out of its range.
    pub fn validate(&self) -> Result<()> {
        let all = [
            ("conv", self.conv),
            ("linear", self.linear),
            ("output", self.output),
        ];
        for (name, rate) in all {
            if let Some(rate) = rate.filter(|rate| !(0.0..=1.0).contains(rate)) {
                return Err(Error::new(
                    ErrorCode::BadConfig,
                    format!("rates.{name} must be between 0 and 1, not {rate}"),
                ));
            }
        }
        Ok(())
    }

    /// After so many rounds; `rate` is that of the kinds that have none.
    pub fn after(&self, round: u32, rate: f64) -> LayerSparsities {
        let of = |own: Option<f64>| schedule::iterative(round, own.unwrap_or(rate));
        LayerSparsities {
            conv: of(self.conv),
            linear: of(self.linear),
            output: of(self.output),
        }
    }
}

impl LayerSparsities {
    /// Of each prunable layer.
    pub fn of_layers(&self, graph: &Graph) -> Vec<f64> {
        let nodes: Vec<_> = graph.nodes().collect();
        let last = graph.layers().len().saturating_sub(1);
        let layers = graph.layers().iter().enumerate();
        layers
            .map(|(i, layer)| match nodes[layer.node].0.op {
                _ if i == last => self.output,
                Op::Conv(_) => self.conv,
                _ => self.linear,
            })
            .collect()
    }

    /// Of the whole network.
    pub fn of_all(&self, graph: &Graph) -> f64 {
        let ranges = graph.layout().layers().map(|(_, range)| range.len() as f64);
        let layers = self.of_layers(graph);
        let zeros: f64 = ranges.zip(&layers).map(|(n, p)| n * p).sum();
        zeros / graph.layout().total().max(1) as f64
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use crate::net::network;

    #[test]
    fn conv_2_after_a_round_is_as_sparse_as_in_its_paper() {
        let graph = network("conv-2", [8, 16], [3, 32, 32], 10).expect("it fits");
        let rates = LayerRates {
            conv: Some(0.1),
            output: Some(0.1),
            linear: None,
        };
        let after = rates.after(1, 0.2).of_layers(&graph);
        let wanted = [0.1, 0.1, 0.2, 0.2, 0.1];
        assert_eq!(after.len(), wanted.len());
        for (a, b) in after.iter().zip(wanted) {
            assert!((a - b).abs() < 1e-12, "{after:?}");
        }
        let all = rates.after(1, 0.2).of_all(&graph);
        let counted = (38_592.0 * 0.1 + 4_259_840.0 * 0.2 + 2_560.0 * 0.1) / 4_300_992.0;
        assert!((all - counted).abs() < 1e-12, "{all}");
    }

    #[test]
    fn a_rate_out_of_range_is_named() {
        for (name, rates) in [
            (
                "rates.conv",
                LayerRates {
                    conv: Some(1.5),
                    ..Default::default()
                },
            ),
            (
                "rates.output",
                LayerRates {
                    output: Some(f64::NAN),
                    ..Default::default()
                },
            ),
        ] {
            let error = rates.validate().expect_err(name);
            assert!(error.message.starts_with(name), "{error}");
        }
    }
}
