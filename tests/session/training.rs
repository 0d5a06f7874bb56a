//! How steps go: rates over a training, augmentation, dropout, running statistics.

use crate::support::{Driven, errors, point};
use crate::{follow, prune, recipe, state};
use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::config::{Optimiser, RunConfig};
use pruning_playground::learn::schedule::Schedule;
use pruning_playground::learn::state::TrainState;
use pruning_playground::net::Role;
use pruning_playground::protocol::*;
use pruning_playground::prune::rates::LayerRates;
use pruning_playground::prune::recipe::{Control, Procedure};
use pruning_playground::prune::selection::Selection;

fn begin(config: RunConfig) -> Driven {
    let (driven, messages) = block_on(Driven::new(Device::flex(), config));
    assert_eq!(errors(&messages), [""; 0]);
    driven
}

fn trained(config: RunConfig, steps: u32) -> TrainState {
    let mut driven = begin(config);
    block_on(driven.train(steps));
    state(&driven)
}

/// Everything that can differ from step to step.
fn eventful() -> RunConfig {
    RunConfig {
        network: "c3-8 b r p2 f-32 r o50 f".into(),
        optimiser: Optimiser::Sgd,
        learning_rate: 0.05,
        schedule: Schedule::Steps,
        drops: vec![25, 45],
        warm_up: 10,
        fine_tuning_rate: 0.1,
        augment: true,
        ..Default::default()
    }
}

#[test]
fn rates_augmentation_and_dropout_go_on_bit_for_bit_after_a_restore() {
    let mut driven = begin(eventful());
    block_on(driven.train(20));
    let messages = block_on(driven.send(Command::Save));
    let saved = messages.iter().find_map(|m| m.bulk.checkpoint.clone());
    let saved = saved.expect("a checkpoint");
    block_on(driven.train(40));
    let straight = state(&driven);
    let mut other = begin(eventful());
    assert_eq!(errors(&block_on(other.restore(&saved))), [""; 0]);
    block_on(other.train(40));
    assert_eq!(state(&other), straight);
}

#[test]
fn each_of_them_makes_other_weights() {
    let of = |change: &dyn Fn(&mut RunConfig)| {
        let mut config = eventful();
        change(&mut config);
        trained(config, 30).parameters
    };
    let all = of(&|_| {});
    assert_eq!(all, of(&|_| {}));
    assert_ne!(all, of(&|c| c.augment = false));
    assert_ne!(all, of(&|c| c.warm_up = 0));
    assert_ne!(all, of(&|c| c.drops.clear()));
    assert_ne!(all, of(&|c| c.network = c.network.replace("o50", "o40")));
    // What comes later does not matter yet, and neither does the rate of fine-tuning.
    assert_eq!(all, of(&|c| c.drops[1] = 30));
    assert_eq!(all, of(&|c| c.fine_tuning_rate = 1.0));
}

#[test]
fn a_rate_that_has_come_to_0_moves_nothing() {
    let config = RunConfig {
        schedule: Schedule::Cosine,
        cosine_steps: 20,
        ..Default::default()
    };
    let mut driven = begin(config);
    block_on(driven.train(20));
    let at_the_end = state(&driven).parameters;
    block_on(driven.train(5));
    assert_eq!(state(&driven).parameters, at_the_end);
    assert_eq!(state(&driven).step, 25);
}

/// How far 10 steps move the weights that a cut has left, with this rate of fine-tuning.
fn moved(fine_tuning_rate: f64) -> f64 {
    let mut driven = begin(RunConfig {
        optimiser: Optimiser::Sgd,
        momentum: 0.0,
        learning_rate: 0.01,
        fine_tuning_rate,
        ..Default::default()
    });
    block_on(driven.train(10));
    prune(&mut driven, 0.5);
    let before = state(&driven).parameters;
    block_on(driven.train(1));
    let difference = before.zip(&state(&driven).parameters, |a, b| (a - b).abs());
    difference.values.iter().map(|&d| f64::from(d)).sum()
}

#[test]
fn fine_tuning_goes_at_its_own_rate() {
    let ratio = moved(1.0) / moved(0.1);
    assert!((ratio - 10.0).abs() < 0.1, "{ratio}");
}

#[test]
fn a_ticket_is_trained_again_by_the_schedule_and_not_fine_tuned() {
    let end = |plan: Procedure, fine_tuning_rate| {
        let mut driven = begin(RunConfig {
            fine_tuning_rate,
            ..Default::default()
        });
        follow(&mut driven, recipe(plan));
        state(&driven).parameters
    };
    let ticket = || Procedure::LotteryTicket {
        train: 15,
        rate: 0.5,
        rounds: 1,
        rates: None,
        rewind_to: 0,
        control: Control::None,
    };
    assert_eq!(end(ticket(), 0.1), end(ticket(), 1.0));
    let iterative = || Procedure::Iterative {
        train: 15,
        rate: 0.5,
        rounds: 1,
        rates: None,
        fine_tune: 15,
    };
    assert_ne!(end(iterative(), 0.1), end(iterative(), 1.0));
}

#[test]
fn each_kind_of_layer_is_cut_at_its_own_rate() {
    let mut driven = begin(RunConfig {
        network: "c3-8 r p2 f-32 r f".into(),
        ..Default::default()
    });
    let plan = Procedure::LotteryTicket {
        train: 10,
        rate: 0.2,
        rounds: 3,
        rates: Some(LayerRates {
            conv: Some(0.1),
            output: Some(0.5),
            linear: None,
        }),
        rewind_to: 0,
        control: Control::None,
    };
    follow(&mut driven, recipe(plan));
    let mask = state(&driven).mask;
    let mut from = 0;
    for (weights, kept) in [(72, 0.9f64), (32 * 128, 0.8), (320, 0.5)] {
        let layer = &mask[from..from + weights];
        from += weights;
        let kept = weights as f64 - ((1.0 - kept.powi(3)) * weights as f64).round_ties_even();
        assert_eq!(layer.iter().filter(|&&m| m == 1).count() as f64, kept);
    }
    assert_eq!(from, mask.len());
}

/// A network with batch normalisation that has learnt, with its statistics wanted anew for what a cut leaves.
fn normalised(reestimate: u32) -> Driven {
    let mut driven = begin(RunConfig {
        network: "c3-16 b r c3-16 b r p2 c3-32 b r g f".into(),
        learning_rate: 3e-3,
        reestimate,
        ..Default::default()
    });
    block_on(driven.train(250));
    driven
}

/// The last answer to a preview: by the statistics as they are, and by new ones.
fn previewed(driven: &mut Driven, fraction: f64) -> (f64, Option<f64>) {
    let selection = Selection::Fraction(fraction);
    let mut messages = block_on(driven.send(Command::Preview {
        selection,
        images: None,
    }));
    messages.extend(block_on(driven.settle()));
    assert_eq!(errors(&messages), [""; 0]);
    let last = messages.iter().rev().find_map(|m| match m.event {
        Event::Previewed {
            test, reestimated, ..
        } => Some((test, reestimated)),
        _ => None,
    });
    let (test, reestimated) = last.expect("a preview");
    assert!(reestimated.is_none_or(|r| r.samples == test.samples));
    (test.accuracy, reestimated.map(|r| r.accuracy))
}

#[test]
fn new_statistics_win_back_what_a_cut_has_cost_and_the_preview_says_what_the_cut_gives() {
    let mut driven = normalised(512);
    let before = state(&driven);
    let (stale, anew) = previewed(&mut driven, 0.7);
    let anew = anew.expect("they are wanted");
    assert!(anew > stale + 0.02, "{stale} {anew}");
    assert_eq!(state(&driven), before, "a preview changes nothing");
    let mut messages = prune(&mut driven, 0.7);
    messages.extend(block_on(driven.settle()));
    let (cut, _) = point(&messages).expect("a point");
    assert_eq!(cut.test.accuracy, anew);
    // Weights are those that were there; statistics are not.
    let after = state(&driven);
    assert!(
        after
            .parameters
            .values
            .iter()
            .zip(&before.parameters.values)
            .zip(&after.mask)
            .all(|((a, b), &m)| if m == 1 { a == b } else { *a == 0.0 })
    );
    assert_ne!(statistics(&after), statistics(&before));
    // And with none wanted, the cut leaves them.
    let mut other = normalised(0);
    let (same, none) = previewed(&mut other, 0.7);
    assert_eq!((same, none), (stale, None));
    prune(&mut other, 0.7);
    assert_eq!(statistics(&state(&other)), statistics(&before));
}

fn statistics(state: &TrainState) -> Vec<f32> {
    let text = "c3-16 b r c3-16 b r p2 c3-32 b r g f";
    let graph = pruning_playground::net::network(text, [8, 16], [1, 8, 8], 10).unwrap();
    let of_role = graph
        .parameters()
        .iter()
        .filter(|p| matches!(p.role, Role::Mean | Role::Variance));
    of_role
        .flat_map(|p| state.parameters.values[p.range.clone()].to_vec())
        .collect()
}
