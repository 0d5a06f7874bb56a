//! Random masks of the same density and the same units: what a ticket's mask is compared with.

use super::method::{Granularity, Method};
use super::units::{Scores, Units, unit_layout};
use crate::net::{Graph, Layout};
use rand::Rng;
use rand::seq::SliceRandom;
use std::sync::Arc;

/// `mask` with its units shuffled within each layer: weights, fours with what is left in them, or
/// filters with all that goes with them. `graph` is that of [`Units::new`].
pub fn shuffled(
    granularity: Granularity,
    graph: &Arc<Graph>,
    mask: &[u8],
    rng: &mut impl Rng,
) -> Vec<u8> {
    let mut mask = mask.to_vec();
    let weights = unit_layout(Granularity::Weight, graph);
    match granularity {
        Granularity::Weight => {
            for (_, range) in weights.layers() {
                mask[range].shuffle(rng);
            }
            mask
        }
        Granularity::TwoOfFour => {
            let fours = unit_layout(granularity, graph);
            for ((_, range), (_, units)) in weights.layers().zip(fours.layers()) {
                if !units.is_empty() {
                    mask[range].as_chunks_mut::<4>().0.shuffle(rng);
                }
            }
            mask
        }
        Granularity::Filter => shuffled_filters(graph, &mask, rng),
    }
}

fn shuffled_filters(graph: &Arc<Graph>, mask: &[u8], rng: &mut impl Rng) -> Vec<u8> {
    let layout: Layout = unit_layout(Granularity::Filter, graph);
    let method = Method {
        granularity: Granularity::Filter,
        ..Default::default()
    };
    let scores = Scores::Units {
        scores: vec![0.0; layout.total()],
        within: Vec::new(),
    };
    let units = Units::new(&method, graph, scores, mask);
    let mut gone = units.held(mask);
    for (_, range) in layout.layers() {
        gone[range].shuffle(rng);
    }
    units.mask(&gone, &vec![1; mask.len()])
}
