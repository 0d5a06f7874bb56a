//! What pruning bought: the milliseconds of the same forward pass, dense, masked, physically smaller and skipping zeros,
//! and the bytes of the network.

mod bytes;
#[cfg(feature = "cpu")]
mod sparse;
mod way;

pub use bytes::{Encoded, Encoding, encodings};
#[cfg(feature = "cpu")]
pub use sparse::SparseNetwork;
pub use way::Way;

use crate::data::batch::Batch;
use crate::error::Result;
use crate::learn::eval::logits_in_full;
use crate::learn::model::Model;
use crate::learn::state::TrainState;
use crate::net::Graph;
use crate::shrink::compact::compact;
use burn::tensor::Device;
use serde::Serialize;
use std::sync::Arc;
use web_time::Instant;

/// The least that a sample should take: browsers round times to a tenth of a millisecond.
const SAMPLE_MS: f64 = 5.0;

/// How long a forward pass takes one way: milliseconds for all images together.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Timing {
    pub way: Way,
    /// The median, and the 5th and the 95th percentile.
    pub ms: f64,
    pub low: f64,
    pub high: f64,
    /// The largest difference of a logit from the masked network's.
    pub difference: f32,
}

/// How a forward pass is done.
enum Inference {
    Device(Box<Model>),
    #[cfg(feature = "cpu")]
    Sparse(Box<SparseNetwork>),
}

struct Contender {
    way: Way,
    network: Inference,
    /// Passes in a sample; None before the first round.
    passes: Option<u32>,
    samples: Vec<f64>,
    logits: Vec<f32>,
}

/// Times the ways to run a network, in turns.
pub struct Meter {
    images: Batch,
    #[cfg(feature = "cpu")]
    pixels: Vec<f32>,
    contenders: Vec<Contender>,
}

impl Meter {
    /// Of the network of `state` under its mask, and of `dense` before it, on these images.
    ///
    /// # Errors
    /// The device failed.
    pub async fn new(
        graph: &Arc<Graph>,
        dense: Model,
        state: &TrainState,
        images: Batch,
        device: &Device,
    ) -> Result<Self> {
        let masked = state.parameters.clone().under(graph, &state.mask);
        let mut networks = vec![
            (Way::Dense, Inference::Device(Box::new(dense))),
            (
                Way::Masked,
                Inference::Device(Box::new(Model::new(graph, &masked, device))),
            ),
        ];
        if let Some(smaller) = compact(graph, state) {
            let parameters = smaller
                .state
                .parameters
                .under(&smaller.graph, &smaller.state.mask);
            let model = Model::new(&smaller.graph, &parameters, device);
            networks.push((Way::Compacted, Inference::Device(Box::new(model))));
        }
        #[cfg(feature = "cpu")]
        let pixels = {
            let flat = crate::ops::transfer::flatten(images.images.clone());
            let pixels = crate::ops::transfer::read(vec![flat]).await?.concat();
            let sparse = SparseNetwork::tuned(graph, &masked, &pixels);
            networks.push((Way::Sparse, Inference::Sparse(Box::new(sparse))));
            pixels
        };
        let contender = |(way, network)| Contender {
            way,
            network,
            passes: None,
            samples: Vec::new(),
            logits: Vec::new(),
        };
        Ok(Self {
            images,
            #[cfg(feature = "cpu")]
            pixels,
            contenders: networks.into_iter().map(contender).collect(),
        })
    }

    /// Each way once. The first round is not counted: kernels are compiled in it, and it tells how many passes make a
    /// sample that a browser's coarse clock can time.
    ///
    /// # Errors
    /// The device failed.
    pub async fn round(&mut self) -> Result<()> {
        for contender in &mut self.contenders {
            let passes = contender.passes;
            let start = Instant::now();
            for _ in 0..passes.unwrap_or(1) {
                contender.logits = match &contender.network {
                    // A masked network as any program has it, which knows of no mask.
                    Inference::Device(model) => {
                        logits_in_full(model, std::slice::from_ref(&self.images)).await?
                    }
                    #[cfg(feature = "cpu")]
                    Inference::Sparse(network) => network.forward(&self.pixels),
                };
            }
            let ms = start.elapsed().as_secs_f64() * 1e3;
            match passes {
                Some(passes) => contender.samples.push(ms / f64::from(passes)),
                None => contender.passes = Some((SAMPLE_MS / ms.max(1e-3)).clamp(1.0, 64.0) as u32),
            }
        }
        Ok(())
    }

    /// What the rounds so far have shown.
    pub fn timings(&self) -> Vec<Timing> {
        let masked = self.contenders.iter().find(|c| c.way == Way::Masked);
        let expected = masked.map(|c| c.logits.as_slice()).unwrap_or_default();
        let timed = self.contenders.iter().filter(|c| !c.samples.is_empty());
        timed
            .map(|contender| {
                let mut samples = contender.samples.clone();
                samples.sort_by(f64::total_cmp);
                let quantile = |q: f64| samples[((samples.len() - 1) as f64 * q).round() as usize];
                let pairs = contender.logits.iter().zip(expected);
                Timing {
                    way: contender.way,
                    ms: quantile(0.5),
                    low: quantile(0.05),
                    high: quantile(0.95),
                    difference: pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max),
                }
            })
            .collect()
    }
}

#[cfg(all(test, feature = "cpu"))]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use crate::data;
    use crate::data::batch::Batcher;
    use crate::net::two_conv;
    use pollster::block_on;

    fn metered(cut: impl Fn(usize) -> bool) -> Vec<Timing> {
        let data = data::digits().expect("it is embedded");
        let graph = two_conv([1, 8, 8], [4, 6], 10).expect("it fits");
        let device = Device::flex();
        let mut state = TrainState::fresh(&graph, 1);
        for (i, keeps) in state.mask.iter_mut().enumerate() {
            *keeps = u8::from(!cut(i));
        }
        let images = Batcher::new(&data).batch(&data.test, 0..32, &device);
        let dense = Model::new(&graph, &state.parameters, &device);
        block_on(async {
            let mut meter = Meter::new(&graph, dense, &state, images, &device).await?;
            for _ in 0..4 {
                meter.round().await?;
            }
            Ok::<_, crate::error::Error>(meter.timings())
        })
        .expect("the CPU works")
    }

    fn difference(timings: &[Timing], way: Way) -> Option<f32> {
        timings.iter().find(|t| t.way == way).map(|t| t.difference)
    }

    #[test]
    fn skipping_zeros_gives_the_masked_networks_answers() {
        let timings = metered(|i| i % 10 != 0);
        assert!(difference(&timings, Way::Sparse).is_some_and(|d| d <= 1e-5));
        assert!(difference(&timings, Way::Dense).is_some_and(|d| d > 0.1));
        assert_eq!(difference(&timings, Way::Compacted), None);
        assert!(
            timings
                .iter()
                .all(|t| t.low <= t.ms && t.ms <= t.high && t.low > 0.0)
        );
    }

    #[test]
    fn a_network_without_its_removed_filters_gives_the_same_answers() {
        // The first filter of conv1, and the inputs of conv2 that read it.
        let timings = metered(|i| i < 9 || ((36..252).contains(&i) && (i - 36) / 9 % 4 == 0));
        assert!(difference(&timings, Way::Compacted).is_some_and(|d| d <= 1e-5));
    }
}
