//! Data-parallel training natively: replicas in one process, whose answers come in any order.
#![cfg(all(not(target_arch = "wasm32"), feature = "cpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "parallel/as_alone.rs"]
mod as_alone;
#[path = "parallel/simulated.rs"]
mod simulated;
mod support;
#[path = "parallel/training.rs"]
mod training;
#[path = "parallel/waiting.rs"]
mod waiting;

use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::config::RunConfig;
use pruning_playground::error::ErrorCode;
use pruning_playground::learn::distillation::Distillation;
use pruning_playground::learn::state::TrainState;
use pruning_playground::parallel::plan::Plan;
use pruning_playground::parallel::workers::Workers;
use pruning_playground::protocol::*;
use pruning_playground::prune::recipe::{Control, Procedure, Recipe};
use pruning_playground::prune::selection::Selection;
use pruning_playground::session::Session;
use std::rc::Rc;
use support::peers::{Faults, LocalPeers};
use support::{Driven, errors, point, to_the_brink};

/// A session whose training is spread as `plan` has it.
fn spread_with(config: RunConfig, plan: &Plan, seed: u64, faults: Faults) -> Driven {
    spread_over(LocalPeers::new(seed, faults), config, plan)
}

fn spread_over(peers: Rc<LocalPeers>, config: RunConfig, plan: &Plan) -> Driven {
    let session = Session::with_peers(Device::flex(), Some(peers));
    let mut driven = Driven::over(session);
    let messages = block_on(driven.send(Command::Parallel { plan: plan.clone() }));
    assert_eq!(errors(&messages), [""; 0]);
    let messages = block_on(driven.send(Command::Configure { run_id: 1, config }));
    assert_eq!(errors(&messages), [""; 0]);
    driven
}

fn spread(plan: &Plan, seed: u64) -> Driven {
    spread_with(RunConfig::default(), plan, seed, Faults::default())
}

fn alone() -> Driven {
    block_on(Driven::new(Device::flex(), RunConfig::default())).0
}

fn train(driven: &mut Driven, steps: u32) -> Vec<Message> {
    let messages = block_on(driven.train(steps));
    assert_eq!(errors(&messages), [""; 0]);
    messages
}

fn trained(mut driven: Driven, steps: u32) -> TrainState {
    train(&mut driven, steps);
    state(&driven)
}

fn state(driven: &Driven) -> TrainState {
    block_on(driven.session.state()).unwrap()
}

fn prune(driven: &mut Driven, fraction: f64) -> Vec<Message> {
    let selection = Selection::Fraction(fraction);
    block_on(driven.send(Command::Prune { selection }))
}

fn workers(count: u32) -> Plan {
    Plan {
        workers: count,
        ..Plan::default()
    }
}

fn largest_difference(a: &TrainState, b: &TrainState) -> f32 {
    let difference = a
        .parameters
        .clone()
        .zip(&b.parameters, |a, b| (a - b).abs());
    let all = difference.values.iter();
    all.fold(0.0, |most, &d| most.max(d))
}

/// The last that was told of the workers.
fn told(messages: &[Message]) -> Workers {
    let of = |message: &Message| match &message.event {
        Event::Workers(workers) => Some(workers.clone()),
        _ => None,
    };
    messages
        .iter()
        .rev()
        .find_map(of)
        .expect("workers are told of")
}

fn lost(messages: &[Message]) -> usize {
    let is_loss = |m: &&Message| matches!(m.event, Event::WorkerLost { .. });
    messages.iter().filter(is_loss).count()
}

#[test]
fn synchronous_workers_come_to_the_weights_of_one_and_to_the_same_bits_in_every_run() {
    let one = trained(alone(), 20);
    for count in [2, 3, 4] {
        let many = trained(spread(&workers(count), 1), 20);
        let difference = largest_difference(&one, &many);
        assert!(difference < 1e-5, "{count} workers: {difference}");
        // Answers came in another order.
        assert_eq!(trained(spread(&workers(count), 2), 20), many);
    }
}

#[test]
fn one_gradient_under_way_at_a_time_is_training_alone_bit_for_bit() {
    let plan = Plan {
        asynchronous: true,
        staleness: Some(0),
        ..workers(3)
    };
    assert_eq!(trained(spread(&plan, 1), 40), trained(alone(), 40));
}

#[test]
fn a_thousand_steps_with_workers_that_end_hang_and_go_astray_come_to_the_same_bits() {
    let plan = workers(3);
    let faults = Faults {
        ends: 0.02,
        hangs: 0.01,
        astray: 0.01,
        late: 0.3,
        ..Faults::default()
    };
    let mut driven = spread_with(RunConfig::default(), &plan, 7, faults);
    let messages = train(&mut driven, 1000);
    assert!(lost(&messages) > 60, "{}", lost(&messages));
    assert_eq!(state(&driven).step, 1000);
    assert_eq!(state(&driven), trained(spread(&plan, 1), 1000));
}

#[test]
fn where_no_worker_can_be_started_the_session_trains_alone() {
    let faults = Faults {
        never_start: true,
        ..Faults::default()
    };
    for asynchronous in [false, true] {
        let plan = Plan {
            asynchronous,
            ..workers(2)
        };
        let mut driven = spread_with(RunConfig::default(), &plan, 1, faults);
        let messages = train(&mut driven, 20);
        assert!(lost(&messages) >= 2);
        assert_eq!(state(&driven), trained(alone(), 20));
    }
}

#[test]
fn training_that_diverges_is_an_error_and_no_worker_is_blamed_for_ever() {
    let config = RunConfig {
        learning_rate: 1.0,
        widths: [64, 64],
        ..Default::default()
    };
    let mut driven = spread_with(config, &workers(2), 1, Faults::default());
    let graph = pruning_playground::net::two_conv([1, 8, 8], [64, 64], 10).unwrap();
    let fresh = state(&driven);
    block_on(to_the_brink(&mut driven, &fresh, &graph));
    block_on(driven.send(Command::Run));
    let mut all = Vec::new();
    while driven.session.busy() && all.len() < 200 {
        all.extend(block_on(driven.session.advance()));
    }
    let diverged = |m: &Message| {
        matches!(
            m.event,
            Event::Error {
                code: ErrorCode::Diverged,
                ..
            }
        )
    };
    assert!(all.iter().any(diverged), "{all:?}");
    // Nobody waits for workers that have said so.
    let again = block_on(driven.send(Command::Step));
    assert!(again.iter().any(diverged), "{again:?}");
}

#[test]
fn pruning_and_sending_the_largest_gradients_only_save_communication() {
    let bytes = |plan: &Plan, cut: f64| {
        let mut driven = spread(plan, 1);
        let mut all = train(&mut driven, 2);
        if cut > 0.0 {
            prune(&mut driven, cut);
        }
        all.extend(train(&mut driven, 20));
        let told = told(&all);
        assert!(told.bytes > 0.0);
        told.step_bytes / told.dense_step_bytes
    };
    // Headers are a few dozen bytes; the parameters are 4 bytes each.
    let dense = bytes(&workers(2), 0.0);
    assert!((0.99..1.02).contains(&dense), "{dense}");
    let pruned = bytes(&workers(2), 0.9);
    assert!((0.10..0.13).contains(&pruned), "{pruned}");
    let plan = Plan {
        gradient_share: 0.01,
        ..workers(2)
    };
    let largest = bytes(&plan, 0.0);
    assert!(largest < 0.08, "{largest}");
}

#[test]
fn gradients_kept_back_are_not_lost_the_network_still_learns() {
    let plan = Plan {
        gradient_share: 0.05,
        ..workers(2)
    };
    let mut driven = spread(&plan, 1);
    let messages = train(&mut driven, 300);
    let accuracy = point(&messages).unwrap().0.test.accuracy;
    assert!(accuracy > 0.8, "{accuracy}");
    assert_eq!(state(&driven), trained(spread(&plan, 2), 300));
}

#[test]
fn a_number_of_workers_left_open_is_settled_and_plans_out_of_range_are_refused() {
    let mut driven = spread(&workers(0), 1);
    train(&mut driven, 400);
    assert_eq!(state(&driven).step, 400);
    for plan in [
        workers(17),
        Plan {
            gradient_share: 0.0,
            ..workers(2)
        },
        Plan {
            straggler: f64::NAN,
            ..workers(2)
        },
        Plan {
            megabits: -1.0,
            ..workers(2)
        },
    ] {
        let messages = block_on(driven.send(Command::Parallel { plan }));
        assert_eq!(errors(&messages).len(), 1);
    }
}

#[test]
fn another_run_and_another_plan_go_on_with_the_workers_there_are() {
    let mut driven = spread(&workers(2), 1);
    train(&mut driven, 5);
    let config = RunConfig {
        widths: [4, 6],
        ..Default::default()
    };
    block_on(driven.send(Command::Configure {
        run_id: 2,
        config: config.clone(),
    }));
    train(&mut driven, 20);
    assert_eq!(
        state(&driven),
        trained(
            spread_with(config.clone(), &workers(2), 5, Faults::default()),
            20
        )
    );
    block_on(driven.send(Command::Parallel { plan: workers(3) }));
    train(&mut driven, 5);
    block_on(driven.send(Command::Parallel { plan: workers(1) }));
    train(&mut driven, 5);
    assert_eq!(state(&driven).step, 30);
}

#[test]
fn an_answer_that_waits_when_training_is_interrupted_holds_nobody_up() {
    let plan = Plan {
        asynchronous: true,
        staleness: Some(1),
        ..workers(3)
    };
    let mut driven = spread(&plan, 5);
    for _ in 0..60 {
        train(&mut driven, 3);
    }
    // All of them still work.
    let before = told(&train(&mut driven, 10)).now;
    let after = told(&train(&mut driven, 50));
    let last = told(&train(&mut driven, 50));
    assert!(before < after.now);
    for lane in &last.lanes {
        assert!(lane.spans.iter().any(|span| span.from > before), "{last:?}");
    }
}
