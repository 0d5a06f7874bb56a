//! Random masks of the same density and the same units: what a ticket's mask is compared with.

use super::method::{Granularity, Method};
use super::units::{Scores, Units, unit_layout};
use crate::net::Layout;
use rand::Rng;
use rand::seq::SliceRandom;

/// `mask` with its units shuffled within each layer: weights, fours with what is left in them, or
/// filters with all that goes with them. `shapes` are those of [`Units::new`].
pub fn shuffled(
    granularity: Granularity,
    shapes: &[Vec<usize>; 3],
    mask: &[u8],
    rng: &mut impl Rng,
) -> Vec<u8> {
    let mut mask = mask.to_vec();
    let weights = unit_layout(Granularity::Weight, shapes);
    match granularity {
        Granularity::Weight => {
            for (_, range) in weights.layers() {
                mask[range].shuffle(rng);
            }
            mask
        }
        Granularity::TwoOfFour => {
            let fours = unit_layout(granularity, shapes);
            for ((_, range), (_, units)) in weights.layers().zip(fours.layers()) {
                if !units.is_empty() {
                    mask[range].as_chunks_mut::<4>().0.shuffle(rng);
                }
            }
            mask
        }
        Granularity::Filter => shuffled_filters(shapes, &mask, rng),
    }
}

fn shuffled_filters(shapes: &[Vec<usize>; 3], mask: &[u8], rng: &mut impl Rng) -> Vec<u8> {
    let layout: Layout = unit_layout(Granularity::Filter, shapes);
    let method = Method {
        granularity: Granularity::Filter,
        ..Default::default()
    };
    let scores = Scores::Filters(vec![0.0; layout.total()]);
    let units = Units::new(&method, shapes, scores, mask);
    let mut gone = units.held(mask);
    for (_, range) in layout.layers() {
        gone[range].shuffle(rng);
    }
    units.mask(&gone, &vec![1; mask.len()])
}
