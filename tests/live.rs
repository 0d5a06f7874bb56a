//! The live preview natively, on the CPU backend: a first estimate at once, refined while the session rests.
#![cfg(all(not(target_arch = "wasm32"), feature = "cpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::config::RunConfig;
use pruning_playground::data::DatasetId;
use pruning_playground::learn::eval::Metrics;
use pruning_playground::protocol::*;
use pruning_playground::prune::selection::Selection;
use std::time::{Duration, Instant};
use support::{Driven, errors};

const HALF: Selection = Selection::Fraction(0.5);

/// Procedural shapes, 3x32x32, under a network of these widths, at rest with nothing left to measure.
fn shapes(widths: [u32; 2]) -> Driven {
    shapes_in_batches(widths, RunConfig::default().batch)
}

fn shapes_in_batches(widths: [u32; 2], batch: u32) -> Driven {
    let config = RunConfig {
        dataset: DatasetId::Shapes,
        widths,
        batch,
        ..Default::default()
    };
    let (driven, messages) = block_on(Driven::new(Device::flex(), config));
    assert_eq!(errors(&messages), [""; 0]);
    driven
}

fn ask(driven: &mut Driven, selection: Selection) -> Vec<Message> {
    block_on(driven.send(Command::Preview {
        selection,
        images: None,
    }))
}

/// Command and metrics of each answer to a preview.
fn estimates(messages: &[Message]) -> Vec<(u32, Metrics)> {
    let of = |message: &Message| match message.event {
        Event::Previewed { test, .. } => Some((message.command, test)),
        _ => None,
    };
    messages.iter().filter_map(of).collect()
}

fn curve(messages: &[Message]) -> Vec<(f64, Metrics)> {
    let of = |message: &Message| match message.event {
        Event::Curve { sparsity, test, .. } => Some((sparsity, test)),
        _ => None,
    };
    messages.iter().filter_map(of).collect()
}

/// Advances until the preview in hand has been measured over `samples` images.
fn refined(driven: &mut Driven, samples: u32) -> Vec<Message> {
    let mut all = Vec::new();
    while estimates(&all).last().is_none_or(|e| e.1.samples < samples) {
        assert!(driven.session.busy());
        all.extend(block_on(driven.session.advance()));
    }
    all
}

#[test]
fn the_first_estimate_for_the_reference_network_is_over_few_images_and_for_the_default_one_over_all()
 {
    let mut reference = shapes([64, 128]);
    let first = estimates(&ask(&mut reference, HALF));
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].1.samples, 16);
    let (mut digits, _) = block_on(Driven::new(Device::flex(), RunConfig::default()));
    let whole = estimates(&ask(&mut digits, HALF));
    assert_eq!(whole[0].1.samples, 360);
    // There is nothing to refine.
    assert_eq!(estimates(&block_on(digits.settle())), []);
}

#[test]
fn an_estimate_grows_at_rest_to_the_whole_test_set_and_no_faster_than_it_can_be_read() {
    let mut driven = shapes([32, 64]);
    let first = estimates(&ask(&mut driven, HALF))[0].1;
    let asked = driven.last;
    let start = Instant::now();
    let later = estimates(&refined(&mut driven, 1000));
    let most = start.elapsed().as_millis() / 100 + 1;
    assert!(later.len() as u128 <= most, "{} of {most}", later.len());
    assert!(later.iter().all(|(command, _)| *command == asked));
    let samples: Vec<u32> = later.iter().map(|(_, test)| test.samples).collect();
    assert!(first.samples < samples[0], "{} {samples:?}", first.samples);
    assert!(samples.is_sorted_by(|a, b| a < b), "{samples:?}");
    assert_eq!(samples.last(), Some(&1000));
}

#[test]
fn each_estimate_holds_the_images_of_the_one_before() {
    let mut driven = shapes([32, 64]);
    let first = ask(&mut driven, HALF);
    let all = [first, refined(&mut driven, 1000)].concat();
    let right = |test: Metrics| (test.accuracy * f64::from(test.samples)).round() as u32;
    for pair in estimates(&all).windows(2) {
        let (before, now) = (pair[0].1, pair[1].1);
        let (more, added) = (
            now.samples - before.samples,
            right(now).checked_sub(right(before)),
        );
        assert!(added.is_some_and(|added| added <= more), "{pair:?}");
    }
}

#[test]
fn the_next_preview_takes_the_place_of_the_one_being_refined() {
    let mut driven = shapes([32, 64]);
    ask(&mut driven, HALF);
    block_on(driven.session.advance());
    let mut rest = ask(&mut driven, Selection::Fraction(0.9));
    rest.extend(refined(&mut driven, 1000));
    let latest = driven.last;
    assert!(
        estimates(&rest)
            .iter()
            .all(|(command, _)| *command == latest)
    );
}

#[test]
fn however_it_is_interrupted_the_figures_are_the_same_bit_for_bit() {
    let mut driven = shapes([16, 32]);
    let first = estimates(&ask(&mut driven, HALF))[0].1;
    let whole = estimates(&refined(&mut driven, 1000)).last().unwrap().1;
    ask(&mut driven, Selection::Fraction(0.8));
    block_on(driven.session.advance());
    assert_eq!(estimates(&ask(&mut driven, HALF))[0].1, first);
    assert_eq!(
        estimates(&refined(&mut driven, 1000)).last().unwrap().1,
        whole
    );
    // In another session, in which other things have been measured before.
    let mut other = shapes([16, 32]);
    block_on(other.settle());
    assert_eq!(estimates(&ask(&mut other, HALF))[0].1, first);
    assert_eq!(
        estimates(&refined(&mut other, 1000)).last().unwrap().1,
        whole
    );
}

#[test]
fn training_ends_the_refinement() {
    let mut driven = shapes([16, 32]);
    ask(&mut driven, HALF);
    let mut messages = block_on(driven.send(Command::Step));
    messages.extend(block_on(driven.settle()));
    assert_eq!(estimates(&messages), []);
}

#[test]
fn the_curve_of_the_default_network_is_over_the_whole_test_set_and_agrees_with_previews() {
    let (mut driven, _) = block_on(Driven::new(Device::flex(), RunConfig::default()));
    block_on(driven.train(100));
    block_on(driven.send(Command::Step));
    let points = curve(&block_on(driven.settle()));
    assert_eq!(points.len(), 33);
    assert!(points.iter().all(|(_, test)| test.samples == 360));
    for (sparsity, test) in points.into_iter().step_by(5) {
        let preview = estimates(&ask(&mut driven, Selection::Fraction(sparsity)))[0].1;
        assert_eq!(preview, test, "at {sparsity}");
    }
}

#[test]
fn the_curve_of_a_wide_network_is_over_enough_images_to_have_a_shape() {
    let mut driven = shapes([32, 64]);
    let points = curve(&block_on(driven.settle()));
    assert_eq!(points.len(), 33);
    assert!(points.iter().all(|(_, test)| test.samples == 64));
}

#[test]
fn heavy_work_waits_for_a_slider_on_the_move_and_light_work_does_not() {
    // A step is heavy on every machine, and a preview on none.
    let mut driven = shapes_in_batches([64, 128], 128);
    assert_eq!(driven.session.patience(), 0.0);
    block_on(driven.send(Command::Run));
    let trained = |messages: Vec<Message>| {
        let is = |m: &Message| matches!(m.event, Event::Trained { .. });
        messages.iter().any(is)
    };
    while !trained(block_on(driven.session.advance())) {}
    let began = Instant::now();
    let mut moves = 0;
    let mut move_on = |driven: &mut Driven| {
        moves += 1;
        let start = Instant::now();
        ask(driven, Selection::Fraction(f64::from(moves % 90) / 100.0));
        start.elapsed()
    };
    move_on(&mut driven);
    assert!(driven.session.patience() > 0.0);
    // Yet training goes on now and then, however long the slider moves.
    let mut longest = Duration::ZERO;
    while driven.session.patience() > 0.0 {
        longest = longest.max(move_on(&mut driven));
        assert!(began.elapsed() < Duration::from_secs(60));
    }
    assert!(began.elapsed() + longest >= Duration::from_secs(2));
    // What training has earned for looks at the network comes first.
    assert!((0..50).any(|_| trained(block_on(driven.session.advance()))));
    // At rest it goes on at once, and the same question again is no move.
    move_on(&mut driven);
    std::thread::sleep(Duration::from_millis(150));
    assert_eq!(driven.session.patience(), 0.0);

    let (mut light, _) = block_on(Driven::new(Device::flex(), RunConfig::default()));
    block_on(light.send(Command::Run));
    block_on(light.session.advance());
    ask(&mut light, HALF);
    assert_eq!(light.session.patience(), 0.0);
}

#[test]
fn a_preview_of_so_many_images_is_over_the_same_ones_for_every_cut() {
    let mut driven = shapes([32, 64]);
    let samples = [0.0, 0.5, 0.9, 1.0].map(|fraction| {
        let preview = Command::Preview {
            selection: Selection::Fraction(fraction),
            images: Some(300),
        };
        let first = block_on(driven.send(preview));
        let asked = driven.last;
        let all = [first, block_on(driven.settle())].concat();
        let mut of_it = estimates(&all).into_iter().filter(|e| e.0 == asked);
        of_it.next_back().map_or(0, |e| e.1.samples)
    });
    assert!((300..1000).contains(&samples[0]), "{samples:?}");
    assert_eq!(samples, [samples[0]; 4]);
}
