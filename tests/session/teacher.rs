//! Learning from the dense network.

use crate::support::{errors, point};
use crate::{begin, prune, state};
use pollster::block_on;
use pruning_playground::learn::distillation::Distillation;
use pruning_playground::protocol::*;

#[test]
fn a_pruned_network_learns_from_the_dense_one_and_says_when_there_is_none() {
    let distil = Some(Distillation::default());
    let mut driven = begin();
    let none = block_on(driven.send(Command::FineTune { steps: 5, distil }));
    assert_eq!(errors(&none).len(), 1);
    block_on(driven.train(300));
    let (cut, _) = point(&prune(&mut driven, 0.85)).unwrap();
    let mut messages = block_on(driven.send(Command::FineTune { steps: 100, distil }));
    messages.extend(block_on(driven.settle()));
    let (tuned, _) = point(&messages).unwrap();
    assert!(
        tuned.test.accuracy > cut.test.accuracy + 0.1,
        "{cut:?} {tuned:?}"
    );
    assert_eq!(tuned.kept, cut.kept);
}

#[test]
fn a_step_after_a_distilled_fine_tuning_learns_from_the_labels() {
    let mut driven = begin();
    block_on(driven.train(40));
    prune(&mut driven, 0.5);
    let distil = Some(Distillation::default());
    let mut messages = block_on(driven.send(Command::FineTune { steps: 5, distil }));
    messages.extend(block_on(driven.settle()));
    let (_, saved) = point(&messages).unwrap();
    block_on(driven.send(Command::Step));
    let mut other = begin();
    block_on(other.restore(&saved));
    block_on(other.send(Command::Step));
    assert_eq!(state(&driven), state(&other));
}
