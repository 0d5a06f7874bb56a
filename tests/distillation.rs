//! Distillation into a network of other widths, natively on the CPU backend.
#![cfg(all(not(target_arch = "wasm32"), feature = "cpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::config::RunConfig;
use pruning_playground::data::DatasetId;
use pruning_playground::files::checkpoint;
use pruning_playground::learn::distillation::Distillation;
use pruning_playground::net::two_conv;
use pruning_playground::protocol::*;
use support::{Driven, errors, point};

const DISTIL: Option<Distillation> = Some(Distillation {
    alpha: 0.1,
    temperature: 4.0,
});

fn begin(config: RunConfig) -> Driven {
    let (driven, messages) = block_on(Driven::new(Device::flex(), config));
    assert_eq!(errors(&messages), [""; 0]);
    driven
}

fn student() -> Driven {
    begin(RunConfig {
        widths: [4, 8],
        ..Default::default()
    })
}

/// A trained 8/16 network as a checkpoint.
fn teacher() -> Vec<u8> {
    let messages = block_on(begin(RunConfig::default()).train(300));
    point(&messages).unwrap().1
}

fn taught(driven: &mut Driven, teacher: &[u8], steps: u32) -> Vec<Message> {
    let bulk = Bulk {
        checkpoint: Some(teacher.to_vec()),
        ..Default::default()
    };
    let distil = DISTIL;
    let command = Command::FineTune { steps, distil };
    let mut messages = block_on(driven.ask(command, bulk));
    messages.extend(block_on(driven.settle()));
    messages
}

#[test]
fn a_narrower_network_learns_from_scratch_from_a_wider_one() {
    let teacher = teacher();
    let mut driven = student();
    let messages = taught(&mut driven, &teacher, 300);
    assert_eq!(errors(&messages), [""; 0]);
    let (learnt, _) = point(&messages).unwrap();
    assert_eq!((learnt.kind, learnt.step), (PointKind::Dense, 300));
    assert!(learnt.test.accuracy >= 0.1 + 0.3, "{learnt:?}");

    let mut alone = student();
    block_on(alone.train(300));
    let weights = |driven: &Driven| block_on(driven.session.state()).unwrap().parameters;
    assert_ne!(weights(&driven), weights(&alone), "the teacher taught");
}

#[test]
fn a_teacher_of_another_data_set_is_refused_and_changes_nothing() {
    let shapes = begin(RunConfig {
        dataset: DatasetId::Shapes,
        ..Default::default()
    });
    let drawn = {
        let graph = two_conv([3, 32, 32], [8, 16], 10).unwrap();
        let config = RunConfig {
            dataset: DatasetId::Shapes,
            ..Default::default()
        };
        let state = block_on(shapes.session.state()).unwrap();
        checkpoint::to_bytes(&state, &config, &graph).unwrap()
    };
    let mut driven = student();
    let before = block_on(driven.session.state()).unwrap();
    let messages = taught(&mut driven, &drawn, 5);
    let refused = errors(&messages);
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].contains("shapes") && refused[0].contains("digits"));
    assert_eq!(block_on(driven.session.state()).unwrap(), before);

    // It is not kept as the teacher either.
    let distil = DISTIL;
    let none = block_on(driven.send(Command::FineTune { steps: 5, distil }));
    assert_eq!(errors(&none).len(), 1, "{none:?}");
}

#[test]
fn a_teacher_whose_tensors_are_not_of_its_widths_is_refused() {
    let state = block_on(begin(RunConfig::default()).session.state()).unwrap();
    let graph = two_conv([1, 8, 8], [8, 16], 10).unwrap();
    let config = RunConfig {
        widths: [64, 128],
        ..Default::default()
    };
    let bytes = checkpoint::to_bytes(&state, &config, &graph).unwrap();
    let messages = taught(&mut student(), &bytes, 5);
    let refused = errors(&messages);
    assert_eq!(refused.len(), 1);
    assert!(refused[0].contains("conv1.weight"), "{refused:?}");
}
