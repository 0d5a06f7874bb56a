//! What a cut of a network of any widths buys: its forward pass timed each way, and its files.
//!
//! Weights are those of initialisation and the cut is by magnitude, the same share of every layer: how long a pass takes
//! depends on where zeros are, not on what the network has learnt.

use crate::data;
use crate::data::batch::Batcher;
use crate::error::{Error, ErrorCode, Result};
use crate::learn::model::Model;
use crate::learn::state::TrainState;
use crate::net::{Graph, Parameters, two_conv};
use crate::prune::method::{Granularity, Method, Scope};
use crate::prune::selection::Selection;
use crate::prune::{Ranking, Scores, Units};
use crate::shrink::meter::{Encoded, Meter, Timing, encodings};
use burn::tensor::Device;
use serde::Serialize;
use std::sync::Arc;

/// The most filters of a layer, and the most images and rounds, so that a page can't be made to hang.
const MOST: usize = 256;

/// What to measure: the network's filters, what is cut of it, images in a pass, samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CutWork {
    pub w1: usize,
    pub w2: usize,
    /// Of the units of each layer, 0 to 1; 2:4 is always half.
    pub sparsity: f64,
    pub granularity: Granularity,
    pub images: usize,
    pub rounds: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CutFigures {
    /// Zeros in the mask / prunable weights.
    pub sparsity: f64,
    /// Multiply-accumulates left / all.
    pub macs: f64,
    pub timings: Vec<Timing>,
    pub encoded: Vec<Encoded>,
    #[serde(skip)]
    pub files: Vec<Vec<u8>>,
}

impl CutWork {
    fn validate(&self) -> Result<()> {
        let sizes = [self.w1, self.w2, self.images, self.rounds];
        let fine =
            sizes.iter().all(|&n| (1..=MOST).contains(&n)) && (0.0..=1.0).contains(&self.sparsity);
        fine.then_some(()).ok_or_else(|| {
            Error::new(
                ErrorCode::BadConfig,
                format!("w1, w2, images and rounds can be 1 to {MOST}, sparsity 0 to 1"),
            )
        })
    }
}

/// # Errors
/// `work` is out of its ranges, or the device failed.
pub async fn measure(work: &CutWork, device: &Device) -> Result<CutFigures> {
    work.validate()?;
    let data = data::shapes(0.3, 1);
    let graph = two_conv(data.image(), [work.w1, work.w2], data.classes.len())?;
    let mut state = TrainState::fresh(&graph, 1);
    state.mask = cut(&graph, &state.parameters, work)?;
    let images = (0..work.images).map(|i| i % data.test.len());
    let images = Batcher::new(&data).batch(&data.test, images, device);
    let dense = Model::new(&graph, &state.parameters, device);
    let mut meter = Meter::new(&graph, dense, &state, images, device).await?;
    for _ in 0..=work.rounds {
        meter.round().await?;
    }
    let layout = graph.layout();
    let kept = layout.kept(&state.mask);
    let layers = layout.layers().zip(graph.macs()).zip(&kept);
    let left = layers
        .map(|(((_, range), macs), &kept)| macs as f64 * f64::from(kept) / range.len() as f64);
    let (encoded, files) = encodings(&graph, Some(&state.parameters), &state)
        .into_iter()
        .unzip();
    Ok(CutFigures {
        sparsity: crate::net::sparsity(&state.mask),
        macs: left.sum::<f64>() / graph.macs().iter().sum::<usize>() as f64,
        timings: meter.timings(),
        encoded,
        files,
    })
}

fn cut(graph: &Arc<Graph>, parameters: &Parameters, work: &CutWork) -> Result<Vec<u8>> {
    let method = Method {
        granularity: work.granularity,
        scope: Scope::Layer,
        never_empty: true,
        ..Default::default()
    };
    let weights = parameters.weights(graph);
    let all = vec![1; weights.len()];
    let scores = Scores::Weights(weights.iter().map(|w| w.abs()).collect());
    let units = Units::new(&method, graph, scores, &all);
    let ranking = Ranking::new(units, &all, &method)?;
    // The full pattern: what runs faster where hardware knows it.
    let share = match work.granularity {
        Granularity::TwoOfFour => 1.0,
        _ => work.sparsity,
    };
    Ok(ranking.mask(&ranking.select(&Selection::Fraction(share))?))
}

#[cfg(all(test, feature = "cpu"))]
#[allow(clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use pollster::block_on;

    #[test]
    fn what_is_measured_is_the_cut_that_was_asked_for() {
        for (granularity, ways) in [
            (Granularity::Weight, 3),
            (Granularity::Filter, 4),
            (Granularity::TwoOfFour, 3),
        ] {
            let work = CutWork {
                w1: 4,
                w2: 8,
                sparsity: 0.5,
                granularity,
                images: 4,
                rounds: 2,
            };
            let figures = block_on(measure(&work, &Device::flex())).expect("the CPU works");
            assert_eq!(figures.timings.len(), ways);
            assert!(figures.sparsity > 0.4 && figures.macs < 0.9);
            assert!(figures.timings[1..].iter().all(|t| t.difference <= 1e-4));
        }
        let work = CutWork {
            w1: 0,
            w2: 8,
            sparsity: 0.5,
            granularity: Granularity::Weight,
            images: 4,
            rounds: 2,
        };
        assert!(block_on(measure(&work, &Device::flex())).is_err());
    }
}
