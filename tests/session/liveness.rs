//! What a session refuses, and what it survives.

use crate::support::{Driven, errors, to_the_brink};
use crate::{begin, graph, state};
use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::config::RunConfig;
use pruning_playground::data::DatasetId;
use pruning_playground::files::checkpoint;
use pruning_playground::learn::state::TrainState;
use pruning_playground::protocol::*;
use pruning_playground::prune::selection::Selection;

#[test]
fn a_bad_command_or_file_is_told_and_leaves_the_session_as_it_was() {
    let mut driven = begin();
    block_on(driven.train(20));
    let before = state(&driven);
    let config = RunConfig {
        dataset: DatasetId::Cifar10,
        ..Default::default()
    };
    let names = vec!["data_batch_1.bin".to_owned()];
    let bulk = Bulk {
        files: Some(vec![vec![11; 3073]]),
        ..Default::default()
    };
    let load = Command::LoadFiles {
        run_id: 9,
        config: config.clone(),
        names,
    };
    let refused = [
        block_on(driven.ask(load, bulk)),
        block_on(driven.send(Command::Configure { run_id: 9, config })),
        block_on(driven.send(Command::Configure {
            run_id: 9,
            config: RunConfig {
                batch: 0,
                ..Default::default()
            },
        })),
        block_on(driven.send(Command::Prune {
            selection: Selection::Fraction(2.0),
        })),
        block_on(driven.send(Command::Preview {
            images: None,
            selection: Selection::Threshold(f32::NAN),
        })),
        block_on(driven.restore(b"not a checkpoint")),
    ];
    for messages in refused {
        assert_eq!(errors(&messages).len(), 1, "{messages:?}");
        assert!(messages.iter().all(|m| m.run_id == 1));
    }
    assert_eq!(state(&driven), before);
    assert_eq!(errors(&block_on(driven.train(5))), [""; 0]);
}

#[test]
fn nothing_but_configure_is_taken_before_configure() {
    let mut driven = Driven::over(pruning_playground::session::Session::new(Device::flex()));
    assert!(!driven.session.busy());
    assert_eq!(errors(&block_on(driven.send(Command::Run))).len(), 1);
}

#[test]
fn a_diverged_loss_stops_the_training_once_and_says_what_to_do() {
    let mut driven = begin();
    let good = state(&driven);
    block_on(to_the_brink(&mut driven, &good, &graph()));
    let began = driven.last + 1;
    let messages = block_on(driven.train(100));
    let failures: Vec<&Message> = messages.iter().filter(|m| is_error(m)).collect();
    // Nothing of what is left is measured again and again.
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!(failures[0].command, began);
    assert!(errors(&messages)[0].contains("go back to an earlier point"));
    assert!(!driven.session.busy());
    // It can be left again.
    let bytes = checkpoint::to_bytes(&good, &RunConfig::default(), &graph()).unwrap();
    assert_eq!(errors(&block_on(driven.restore(&bytes))), [""; 0]);
    assert_eq!(errors(&block_on(driven.train(3))), [""; 0]);
}

fn is_error(message: &Message) -> bool {
    matches!(message.event, Event::Error { .. })
}

#[test]
fn a_state_that_computes_no_finite_numbers_does_not_take_the_place_of_the_one_in_hand() {
    let mut driven = begin();
    block_on(driven.train(20));
    let before = state(&driven);
    let mut absurd = TrainState::fresh(&graph(), 1);
    absurd.parameters.values[..72].fill(3e38);
    let bytes = checkpoint::to_bytes(&absurd, &RunConfig::default(), &graph()).unwrap();
    let messages = block_on(driven.restore(&bytes));
    assert_eq!(errors(&messages).len(), 1);
    assert!(messages.iter().all(|m| m.run_id == 1));
    assert_eq!(state(&driven), before);
    assert_eq!(errors(&block_on(driven.train(5))), [""; 0]);
}
