//! What a session does beside training: every command ends, and none waits for longer than a slice.
#![cfg(all(not(target_arch = "wasm32"), feature = "cpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::config::RunConfig;
use pruning_playground::data::DatasetId;
use pruning_playground::error::ErrorCode;
use pruning_playground::files::export::ExportFormat;
use pruning_playground::learn::distillation::Distillation;
use pruning_playground::learn::eval::Metrics;
use pruning_playground::learn::state::TrainState;
use pruning_playground::protocol::*;
use pruning_playground::prune::method::{Criterion, Method};
use pruning_playground::prune::selection::Selection;
use pruning_playground::session::Session;
use support::{Driven, ended, errors, point};

const HALF: Selection = Selection::Fraction(0.5);

fn begin() -> Driven {
    block_on(Driven::new(Device::flex(), RunConfig::default())).0
}

fn state(driven: &Driven) -> TrainState {
    block_on(driven.session.state()).unwrap()
}

/// A scoring that takes minutes: of all training images, three times each, of the largest network there is.
const MINUTES: Method = Method {
    criterion: Criterion::Grasp,
    score_batch: 0,
    ..EASY
};
const EASY: Method = Method {
    criterion: Criterion::Magnitude,
    scope: pruning_playground::prune::method::Scope::Global,
    granularity: pruning_playground::prune::method::Granularity::Weight,
    normalise: false,
    score_batch: 256,
    spare_classifier: false,
    never_empty: false,
};

/// The largest network, under a method.
fn largest(method: Method) -> Driven {
    let mut driven = Driven::over(Session::new(Device::flex()));
    let config = RunConfig {
        dataset: DatasetId::Shapes,
        widths: [256, 256],
        method,
        ..Default::default()
    };
    let messages = block_on(driven.send(Command::Configure { run_id: 1, config }));
    assert_eq!(errors(&messages), [""; 0]);
    driven
}

fn is_scored(message: &Message) -> bool {
    matches!(message.event, Event::Scored { .. })
}

fn method_of(messages: &[Message]) -> Method {
    let of = |m: &Message| match &m.event {
        Event::Scored { method, .. } => Some(method.clone()),
        _ => None,
    };
    messages.iter().rev().find_map(of).expect("it is scored")
}

fn cancelled(messages: &[Message]) -> Vec<u32> {
    let of = |m: &Message| match m.event {
        Event::Error {
            code: ErrorCode::Cancelled,
            ..
        } => Some(m.command),
        _ => None,
    };
    messages.iter().filter_map(of).collect()
}

#[test]
fn every_command_ends_once_and_what_it_leads_to_names_it() {
    let mut driven = begin();
    let steps = 3;
    for command in [
        Command::Step,
        Command::FineTune {
            steps,
            distil: None,
        },
        Command::Pause,
        Command::Preview {
            selection: HALF,
            images: None,
        },
        Command::Meter { selection: HALF },
        Command::SetMethod {
            method: Method {
                criterion: Criterion::Taylor,
                ..Method::default()
            },
        },
        Command::Prune { selection: HALF },
        Command::Save,
        Command::Export {
            format: ExportFormat::Onnx,
            compacted: false,
            fold: false,
            recipe: None,
        },
        Command::ExportTestImages,
        Command::StopScoring,
        Command::Stop,
        // These fail.
        Command::Preview {
            images: None,
            selection: Selection::Fraction(2.0),
        },
        Command::Open { run_id: 3 },
        Command::Restore { run_id: 3 },
    ] {
        let name = format!("{command:?}");
        let mut messages = block_on(driven.send(command));
        messages.extend(block_on(driven.settle()));
        let ends = messages
            .iter()
            .filter(|m| matches!(m.event, Event::Done | Event::Error { .. }));
        let ends: Vec<u32> = ends.map(|m| m.command).collect();
        assert_eq!(ends, [driven.last], "{name}");
        assert!(messages.iter().all(|m| m.command == driven.last), "{name}");
    }
}

#[test]
fn a_link_that_asks_for_a_scoring_of_minutes_is_ready_at_once_and_can_be_stopped() {
    let mut driven = largest(MINUTES);
    let mut messages = Vec::new();
    while !messages
        .iter()
        .any(|m: &Message| matches!(m.event, Event::Scoring { .. }))
    {
        messages.extend(block_on(driven.session.advance()));
    }
    assert!(!messages.iter().any(is_scored));
    let progress = messages.iter().find_map(|m| match m.event {
        Event::Scoring { done, total } => Some((done, total)),
        _ => None,
    });
    let (done, total) = progress.unwrap();
    assert!(done >= 1 && done < total / 10, "{done} of {total}");
    // Commands are carried out between two slices.
    assert_eq!(errors(&block_on(driven.send(Command::Save))), [""; 0]);
    block_on(driven.send(Command::StopScoring));
    let scored = block_on(driven.scored());
    assert_eq!(errors(&scored), [""; 0]);
    assert_eq!(method_of(&scored).criterion, Criterion::Magnitude);
}

#[test]
fn previews_are_answered_while_another_method_scores_and_stopping_leaves_the_one_before() {
    let mut driven = largest(EASY);
    block_on(driven.scored());
    let method = MINUTES;
    block_on(driven.begin(Command::SetMethod { method }, Bulk::default()));
    let asked = driven.last;
    block_on(driven.session.advance());
    let preview = block_on(driven.send(Command::Preview {
        selection: HALF,
        images: None,
    }));
    assert!(
        preview
            .iter()
            .any(|m| matches!(m.event, Event::Previewed { .. }))
    );
    let stopped = block_on(driven.send(Command::StopScoring));
    assert_eq!(cancelled(&stopped), [asked]);
    assert!(ended(&stopped, driven.last));
    let rest = block_on(driven.session.advance());
    assert!(!rest.iter().any(is_scored), "it is ranked as before");
}

#[test]
fn a_cut_that_waits_for_its_scoring_can_be_stopped_and_nothing_is_cut() {
    let mut driven = largest(EASY);
    block_on(driven.scored());
    // Other weights than were ranked.
    block_on(driven.send(Command::Step));
    let before = state(&driven);
    block_on(driven.begin(Command::Prune { selection: HALF }, Bulk::default()));
    let cut = driven.last;
    let stopped = block_on(driven.send(Command::StopScoring));
    assert_eq!(cancelled(&stopped), [cut]);
    assert_eq!(state(&driven), before);
}

/// Steps of whole curves, each with its accuracies at 0 and 1.
fn curves(messages: &[Message]) -> Vec<(u32, Metrics, Metrics)> {
    let (mut whole, mut points) = (Vec::new(), Vec::new());
    for message in messages {
        let Event::Curve {
            step,
            sparsity,
            test,
            remaining,
        } = message.event
        else {
            continue;
        };
        points.push((sparsity, test));
        if remaining == 0 {
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            assert!(points.len() >= 9);
            whole.push((step, points[0].1, points[points.len() - 1].1));
            points.clear();
        }
    }
    whole
}

/// How the network was found to do at a step.
fn evaluated(messages: &[Message], step: u32) -> Option<Metrics> {
    messages.iter().find_map(|m| match m.event {
        Event::Evaluated { step: s, test, .. } if s == step => Some(test),
        _ => None,
    })
}

#[test]
fn while_the_network_trains_its_curve_is_measured_again_and_again() {
    let mut driven = begin();
    block_on(driven.settle());
    block_on(driven.send(Command::Run));
    let mut messages = Vec::new();
    while curves(&messages).len() < 4 {
        messages.extend(block_on(driven.session.advance()));
    }
    let found = curves(&messages);
    assert!(found.windows(2).all(|pair| pair[0].0 < pair[1].0));
    for (step, dense, empty) in &found[1..] {
        // It begins with the network as it was at that step.
        assert_eq!(evaluated(&messages, *step), Some(*dense));
        assert!(empty.accuracy < 0.2, "an empty network guesses");
    }
    // And so while a pruned one is fine-tuned.
    block_on(driven.send(Command::Prune { selection: HALF }));
    block_on(driven.send(Command::FineTune {
        steps: 1_000_000,
        distil: None,
    }));
    let mut messages = Vec::new();
    while curves(&messages).len() < 2 {
        messages.extend(block_on(driven.session.advance()));
    }
    let (step, as_it_is, _) = curves(&messages)[1];
    assert_eq!(evaluated(&messages, step), Some(as_it_is));
}

#[test]
fn looking_at_the_network_changes_no_bit_of_its_training() {
    let mut looked_at = begin();
    block_on(looked_at.settle());
    block_on(looked_at.send(Command::Run));
    let mut messages = Vec::new();
    while curves(&messages).is_empty() {
        messages.extend(block_on(looked_at.session.advance()));
    }
    let trained = state(&looked_at);
    let mut alone = begin();
    for _ in 0..trained.step {
        block_on(alone.send(Command::Step));
    }
    assert!(state(&alone) == trained);
}

#[test]
fn images_are_counted_as_they_are_in_the_batch() {
    let speed = |batch| {
        let config = RunConfig {
            train_limit: 8,
            batch,
            ..Default::default()
        };
        let (mut driven, _) = block_on(Driven::new(Device::flex(), config));
        let mut best: f64 = 0.0;
        for _ in 0..50 {
            for message in block_on(driven.send(Command::Step)) {
                if let Event::Trained {
                    images_per_second, ..
                } = message.event
                {
                    best = best.max(images_per_second);
                }
            }
        }
        best
    };
    // The same eight images either way; 64 times as many where the setting was counted.
    assert!(speed(512) < 16.0 * speed(8));
}

fn prune(driven: &mut Driven) {
    let messages = block_on(driven.send(Command::Prune { selection: HALF }));
    assert_eq!(errors(&messages), [""; 0]);
}

#[test]
fn a_teacher_that_came_with_a_command_is_of_that_command_alone() {
    let mut driven = begin();
    let (_, teacher) = point(&block_on(driven.train(60))).unwrap();
    prune(&mut driven);
    let (_, pruned) = point(&block_on(driven.train(1))).unwrap();
    // A network of which no dense one is known.
    let mut other = begin();
    block_on(other.restore(&pruned));
    let distil = Some(Distillation::default());
    let tune = Command::FineTune { steps: 5, distil };
    let bulk = Bulk {
        checkpoint: Some(teacher),
        ..Default::default()
    };
    assert_eq!(errors(&block_on(other.ask(tune.clone(), bulk))), [""; 0]);
    block_on(other.settle());
    assert_eq!(errors(&block_on(other.send(tune))).len(), 1);
}

#[test]
fn no_more_files_are_made_at_once_than_there_is_room_for() {
    let mut driven = largest(EASY);
    let export = Command::Export {
        format: ExportFormat::Safetensors,
        compacted: false,
        fold: false,
        recipe: None,
    };
    for _ in 0..4 {
        let begun = block_on(driven.begin(export.clone(), Bulk::default()));
        assert_eq!(errors(&begun), [""; 0]);
    }
    let refused = block_on(driven.begin(export, Bulk::default()));
    assert!(errors(&refused)[0].contains("wait for the first"));
}
