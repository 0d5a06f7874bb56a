//! A clock on which workers are slower than they are here: what happens on it is the same in every run.

use super::support::errors;
use super::support::peers::Faults;
use super::{spread, spread_with, told, train, trained, workers};
use pollster::block_on;
use pruning_playground::config::RunConfig;
use pruning_playground::parallel::plan::Plan;
use pruning_playground::parallel::workers::Workers;
use pruning_playground::protocol::*;
use pruning_playground::prune::selection::Selection;

#[test]
fn no_update_is_staler_than_the_bound_and_without_one_a_slow_worker_is_far_behind() {
    let seen = |staleness| {
        let plan = Plan {
            asynchronous: true,
            staleness,
            straggler: 8.0,
            ..workers(3)
        };
        let mut driven = spread(&plan, 1);
        let told = told(&train(&mut driven, 200));
        assert_eq!(told.lanes.len(), 3);
        assert!(told.staleness.iter().sum::<u32>() > 100, "{told:?}");
        told.staleness.len() as u32 - 1
    };
    assert_eq!(seen(Some(0)), 0);
    assert_eq!(seen(Some(1)), 1);
    assert_eq!(seen(Some(2)), 2);
    assert_eq!(seen(Some(5)), 5);
    assert!(seen(None) > 5);
}

#[test]
fn on_the_simulated_clock_asynchronous_training_is_the_same_bits_in_every_run_even_when_workers_end()
 {
    let plan = Plan {
        asynchronous: true,
        staleness: None,
        straggler: 4.0,
        megabits: 100.0,
        ..workers(3)
    };
    let undisturbed = trained(spread(&plan, 1), 120);
    assert_eq!(trained(spread(&plan, 2), 120), undisturbed);
    let faults = Faults {
        ends: 0.1,
        ..Faults::default()
    };
    let disturbed = spread_with(RunConfig::default(), &plan, 3, faults);
    assert_eq!(trained(disturbed, 120), undisturbed);
    // The order of updates decides what is learnt.
    let other = Plan {
        straggler: 2.0,
        ..plan
    };
    assert_ne!(
        trained(spread(&other, 1), 120).parameters,
        undisturbed.parameters
    );
}

#[test]
fn a_slow_worker_gets_its_turn_where_the_bound_leaves_fewer_turns_than_workers() {
    let plan = Plan {
        asynchronous: true,
        staleness: Some(1),
        straggler: 50.0,
        ..workers(4)
    };
    let mut driven = spread(&plan, 1);
    let told = told(&train(&mut driven, 100));
    assert!(
        told.lanes.iter().all(|lane| !lane.spans.is_empty()),
        "{told:?}"
    );
}

/// What is told in the end, of training that is interrupted and goes on under other masks.
fn told_in_the_end(plan: &Plan, seed: u64, faults: Faults) -> Workers {
    let mut driven = spread_with(RunConfig::default(), plan, seed, faults);
    let mut all = train(&mut driven, 60);
    let selection = Selection::Fraction(0.5);
    all.extend(block_on(driven.send(Command::Prune { selection })));
    all.extend(train(&mut driven, 60));
    assert_eq!(errors(&all), [""; 0]);
    told(&all)
}

#[test]
fn what_is_told_of_the_simulated_clock_is_the_same_whenever_answers_come() {
    let asynchronous = Plan {
        asynchronous: true,
        straggler: 6.0,
        megabits: 100.0,
        ..workers(3)
    };
    let bounded = Plan {
        staleness: Some(2),
        ..asynchronous.clone()
    };
    let synchronous = Plan {
        asynchronous: false,
        ..asynchronous.clone()
    };
    let largest = Plan {
        gradient_share: 0.1,
        ..synchronous.clone()
    };
    for plan in [asynchronous, bounded, synchronous, largest] {
        let prompt = told_in_the_end(&plan, 1, Faults::default());
        for seed in 2..6 {
            let late = 0.2 * seed as f64 - 0.3;
            let faults = Faults {
                late,
                ..Faults::default()
            };
            assert_eq!(told_in_the_end(&plan, seed, faults), prompt, "{plan:?}");
        }
    }
}

#[test]
fn what_is_told_of_the_simulated_clock_is_the_same_where_workers_end_and_are_replaced() {
    for asynchronous in [false, true] {
        let plan = Plan {
            asynchronous,
            straggler: 3.0,
            megabits: 100.0,
            ..workers(3)
        };
        let calm = told_in_the_end(&plan, 1, Faults::default());
        for seed in 2..5 {
            let faults = Faults {
                ends: 0.1,
                late: 0.3,
                ..Faults::default()
            };
            let told = told_in_the_end(&plan, seed, faults);
            assert!(told.lost > 0);
            // Setting workers up takes bytes, and no time on this clock.
            let (lost, bytes) = (calm.lost, calm.bytes);
            assert_eq!(
                Workers {
                    lost,
                    bytes,
                    ..told
                },
                calm,
                "{plan:?}"
            );
        }
    }
}

#[test]
fn a_number_of_workers_left_open_is_found_by_the_simulated_clock() {
    let plan = Plan {
        straggler: 1.5,
        ..workers(0)
    };
    let found = |seed, late| {
        let faults = Faults {
            late,
            ..Faults::default()
        };
        let config = RunConfig {
            batch: 512,
            ..RunConfig::default()
        };
        told(&train(&mut spread_with(config, &plan, seed, faults), 600))
    };
    let prompt = found(1, 0.0);
    assert!(prompt.tried.len() > 1, "{prompt:?}");
    assert_eq!(found(2, 0.5), prompt);
}
