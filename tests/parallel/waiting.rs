//! A worker that does not answer keeps no command waiting, and what it holds up is not lost.

use super::support::peers::{Faults, LocalPeers};
use super::support::{Driven, errors};
use super::{lost, spread, spread_over, state, train, trained, workers};
use pollster::block_on;
use pruning_playground::config::RunConfig;
use pruning_playground::parallel::plan::Plan;
use pruning_playground::protocol::*;
use pruning_playground::prune::selection::Selection;
use std::rc::Rc;

const STEPS: u32 = 30;

fn tune(driven: &mut Driven, steps: u32) {
    let distil = None;
    let messages = block_on(driven.send(Command::FineTune { steps, distil }));
    assert_eq!(errors(&messages), [""; 0]);
}

/// Trains a few of `STEPS` steps, until worker 0 is waited for, which no longer answers.
fn held_up(plan: &Plan) -> (Rc<LocalPeers>, Driven) {
    let faults = Faults {
        silent_after: Some(5),
        ..Faults::default()
    };
    let peers = LocalPeers::new(1, faults);
    let mut driven = spread_over(peers.clone(), RunConfig::default(), plan);
    tune(&mut driven, STEPS);
    for _ in 0..100 {
        block_on(driven.session.advance());
    }
    // From here on it only asks, once each time, and tells nothing.
    let (step, asked) = (state(&driven).step, peers.asked.get());
    assert!((5..STEPS).contains(&step), "{step}");
    for _ in 0..100 {
        assert_eq!(block_on(driven.session.advance()), []);
    }
    assert_eq!(peers.asked.get(), asked + 100);
    assert!(driven.session.busy());
    assert_eq!(state(&driven).step, step);
    (peers, driven)
}

fn preview(driven: &mut Driven) {
    let selection = Selection::Fraction(0.5);
    let messages = block_on(driven.send(Command::Preview {
        selection,
        images: None,
    }));
    let previewed = |m: &Message| matches!(m.event, Event::Previewed { .. });
    assert!(messages.iter().any(previewed), "{messages:?}");
}

fn plans() -> [Plan; 2] {
    let asynchronous = Plan {
        asynchronous: true,
        straggler: 2.0,
        ..workers(3)
    };
    [workers(3), asynchronous]
}

#[test]
fn previews_come_while_a_worker_does_not_answer_and_another_in_its_place_changes_no_bit() {
    for plan in plans() {
        let (peers, mut driven) = held_up(&plan);
        preview(&mut driven);
        peers.lose(0);
        let messages = block_on(driven.settle());
        assert_eq!(errors(&messages), [""; 0]);
        assert_eq!(lost(&messages), 1);
        assert_eq!(state(&driven), trained(spread(&plan, 2), STEPS));
    }
}

#[test]
fn training_is_paused_while_a_worker_does_not_answer_and_goes_on_to_the_same_bits() {
    let plan = workers(3);
    let (peers, mut driven) = held_up(&plan);
    let step = state(&driven).step;
    let messages = block_on(driven.send(Command::Pause));
    let point = |m: &Message| matches!(&m.event, Event::Point(point) if point.step == step);
    assert!(messages.iter().any(point), "{messages:?}");
    preview(&mut driven);
    block_on(driven.settle());
    assert!(!driven.session.busy());
    // It still does not answer.
    tune(&mut driven, STEPS - step);
    for _ in 0..100 {
        block_on(driven.session.advance());
    }
    preview(&mut driven);
    peers.lose(0);
    assert_eq!(errors(&block_on(driven.settle())), [""; 0]);
    assert_eq!(state(&driven), trained(spread(&plan, 2), STEPS));
}

#[test]
fn a_step_that_is_given_up_for_other_masks_or_another_plan_leaves_nothing_behind() {
    let plan = workers(3);
    let selection = Selection::Fraction(0.5);
    for other in [
        Command::Prune { selection },
        Command::Parallel { plan: workers(2) },
    ] {
        let go_on = |driven: &mut Driven, steps| {
            assert_eq!(errors(&block_on(driven.send(other.clone()))), [""; 0]);
            tune(driven, steps);
            assert_eq!(errors(&block_on(driven.settle())), [""; 0]);
            state(driven)
        };
        let (peers, mut driven) = held_up(&plan);
        let step = state(&driven).step;
        peers.lose(0);
        let disturbed = go_on(&mut driven, STEPS - step);
        let mut undisturbed = spread(&plan, 2);
        train(&mut undisturbed, step);
        assert_eq!(disturbed, go_on(&mut undisturbed, STEPS - step));
    }
}
