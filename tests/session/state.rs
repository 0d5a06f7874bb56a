//! The state of a run: the same bits whichever way it is come to, and what training makes of it.

use crate::support::{
    ACCURACY_AT_STEP_150, Driven, LOSS_TO_STEP_100, accuracy_at_step_150, errors, loss_to_step_100,
    point,
};
use crate::{begin, prune, state};
use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::config::RunConfig;
use pruning_playground::protocol::*;

#[test]
fn the_same_seed_gives_the_same_weights_bit_for_bit_and_another_does_not() {
    let trained = |seed| {
        let config = RunConfig {
            seed,
            ..Default::default()
        };
        let (mut driven, _) = block_on(Driven::new(Device::flex(), config));
        block_on(driven.train(60));
        state(&driven)
    };
    assert_eq!(trained(5), trained(5));
    assert_ne!(trained(5).parameters, trained(6).parameters);
}

#[test]
fn the_loss_after_100_steps_is_that_of_every_other_target() {
    let loss = block_on(loss_to_step_100(Device::flex()));
    assert!((loss - LOSS_TO_STEP_100).abs() <= 1e-3, "{loss}");
}

#[test]
fn a_restored_run_goes_on_bit_for_bit() {
    let mut driven = begin();
    block_on(driven.train(30));
    let (_, saved) = point(&prune(&mut driven, 0.5)).unwrap();
    block_on(driven.train(30));
    let straight = state(&driven);
    let messages = block_on(driven.restore(&saved));
    assert_eq!(errors(&messages), [""; 0]);
    assert!(messages.iter().all(|m| m.run_id == 2));
    block_on(driven.train(30));
    assert_eq!(state(&driven), straight);
    // In another session too, as after a worker's death.
    let mut other = begin();
    block_on(other.restore(&saved));
    block_on(other.train(30));
    assert_eq!(state(&other), straight);
}

#[test]
fn a_state_told_in_the_midst_of_training_is_that_step_and_goes_on_elsewhere_bit_for_bit() {
    let mut driven = begin();
    block_on(driven.send(Command::Run));
    let trained = block_on(driven.session.advance());
    assert_eq!(errors(&trained), [""; 0]);
    let before = state(&driven);
    let messages = block_on(driven.send(Command::Save));
    let [message, done] = &messages[..] else {
        panic!("{messages:?}")
    };
    assert_eq!(done.event, Event::Done);
    let Event::Saved { step } = message.event else {
        panic!("{message:?}")
    };
    assert_eq!((step, state(&driven)), (before.step, before));
    let saved = message.bulk.checkpoint.clone().unwrap();
    let mut other = begin();
    block_on(other.restore(&saved));
    assert_eq!(state(&other), state(&driven));
    for one in [&mut driven, &mut other] {
        block_on(one.send(Command::Pause));
        block_on(one.train(30));
    }
    assert_eq!(state(&other), state(&driven));
}

#[test]
fn a_step_is_one_step_and_fine_tuning_as_many_as_asked() {
    let mut driven = begin();
    block_on(driven.send(Command::Step));
    assert_eq!(state(&driven).step, 1);
    block_on(driven.train(37));
    assert_eq!(state(&driven).step, 38);
}

#[test]
fn a_train_limit_makes_epochs_of_the_first_images_only() {
    let config = RunConfig {
        train_limit: 100,
        ..Default::default()
    };
    let (mut driven, messages) = block_on(Driven::new(Device::flex(), config));
    let infos = messages.iter().filter_map(|m| match &m.event {
        Event::Configured { dataset, .. } => Some((dataset.train, dataset.test)),
        _ => None,
    });
    assert_eq!(infos.collect::<Vec<_>>(), [(100, 360)]);
    let mut epochs = block_on(driven.train(3))
        .into_iter()
        .filter_map(|m| match m.event {
            Event::Trained { epoch, .. } => Some(epoch),
            _ => None,
        });
    assert_eq!(epochs.next_back(), Some(1.0), "three whole batches of 32");
}

#[test]
fn pause_at_rest_keeps_single_steps_as_a_point_once() {
    let mut driven = begin();
    block_on(driven.send(Command::Step));
    let (kept, _) = point(&block_on(driven.send(Command::Pause))).unwrap();
    assert_eq!(kept.step, 1);
    assert_eq!(point(&block_on(driven.send(Command::Pause))), None);
}

#[test]
fn pause_ends_fine_tuning_with_a_point_and_rest() {
    let mut driven = begin();
    block_on(driven.send(Command::FineTune {
        steps: 1_000_000,
        distil: None,
    }));
    block_on(driven.session.advance());
    let messages = block_on(driven.send(Command::Pause));
    assert!(messages.iter().any(|m| m.event
        == Event::State {
            activity: Activity::Idle
        }));
    assert!(point(&messages).is_some());
    let step = state(&driven).step;
    block_on(driven.settle());
    assert_eq!(state(&driven).step, step);
}

#[test]
fn digits_are_learnt_to_95_percent() {
    let mut driven = begin();
    let (dense, _) = point(&block_on(driven.train(1_000))).unwrap();
    assert!(dense.test.accuracy >= 0.95, "{dense:?}");
    assert_eq!(dense.test.samples, 360);
}

#[test]
fn the_accuracy_after_150_steps_is_the_one_that_webgpu_is_held_to() {
    let accuracy = block_on(accuracy_at_step_150(Device::flex()));
    assert!((accuracy - ACCURACY_AT_STEP_150).abs() < 1e-9, "{accuracy}");
}
