//! Networks that are exported and opened again: the same bits, and nothing believed that a file says.
#![cfg(all(not(target_arch = "wasm32"), feature = "cpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

#[path = "export/damaged.rs"]
mod damaged;
#[path = "export/nets.rs"]
mod nets;
#[path = "export/older.rs"]
mod older;

use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::config::RunConfig;
use pruning_playground::files::export::{ExportFormat, NetworkKind, read};
use pruning_playground::learn::eval::Metrics;
use pruning_playground::learn::state::TrainState;
use pruning_playground::protocol::*;
use pruning_playground::prune::method::{Granularity, Method};
use pruning_playground::prune::recipe::{Procedure, Recipe};
use pruning_playground::prune::selection::Selection;
use pruning_playground::session::Session;
use safetensors::SafeTensors;
use std::sync::LazyLock;
use support::{Driven, errors};

/// Small, so that hundreds of damaged files are tried in a moment.
const WIDTHS: [u32; 2] = [3, 5];

fn trained() -> Driven {
    let config = RunConfig {
        widths: WIDTHS,
        method: Method {
            granularity: Granularity::Filter,
            never_empty: true,
            ..Default::default()
        },
        ..Default::default()
    };
    let (mut driven, _) = block_on(Driven::new(Device::flex(), config));
    block_on(driven.train(90));
    driven
}

fn prune(driven: &mut Driven, fraction: f64) {
    let selection = Selection::Fraction(fraction);
    let messages = block_on(driven.send(Command::Prune { selection }));
    assert_eq!(errors(&messages), [""; 0]);
    block_on(driven.settle());
}

fn export(driven: &mut Driven, format: ExportFormat, compacted: bool) -> (Event, Vec<u8>) {
    let recipe = None;
    made(driven, format, compacted, recipe)
}

fn made(
    driven: &mut Driven,
    format: ExportFormat,
    compacted: bool,
    recipe: Option<Recipe>,
) -> (Event, Vec<u8>) {
    let command = Command::Export {
        format,
        compacted,
        fold: false,
        recipe,
    };
    let mut messages = block_on(driven.send(command));
    messages.extend(block_on(driven.settle()));
    assert_eq!(errors(&messages), [""; 0]);
    messages
        .into_iter()
        .find_map(|m| m.bulk.file.map(|file| (m.event, file)))
        .expect("a file")
}

fn safetensors(driven: &mut Driven, compacted: bool) -> Vec<u8> {
    export(driven, ExportFormat::Safetensors, compacted).1
}

fn open(driven: &mut Driven, bytes: &[u8]) -> Vec<Message> {
    let bulk = Bulk {
        files: Some(vec![bytes.to_vec()]),
        ..Default::default()
    };
    let mut messages = block_on(driven.ask(Command::Open { run_id: 9 }, bulk));
    messages.extend(block_on(driven.settle()));
    messages
}

fn opened(messages: &[Message]) -> (NetworkKind, Option<Metrics>, bool, Metrics) {
    assert_eq!(errors(messages), [""; 0]);
    messages
        .iter()
        .find_map(|m| match m.event {
            Event::Opened {
                network,
                stored,
                same_images,
                test,
            } => Some((network, stored, same_images, test)),
            _ => None,
        })
        .expect("an opened network")
}

fn state(session: &Session) -> TrainState {
    block_on(session.state()).unwrap()
}

/// A file of a masked network.
static MASKED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut driven = trained();
    prune(&mut driven, 0.5);
    safetensors(&mut driven, false)
});

#[test]
fn what_is_exported_opens_with_the_same_accuracy_bit_for_bit_and_trains_on_as_before() {
    let mut driven = trained();
    for (fraction, kind) in [(0.0, NetworkKind::Dense), (0.5, NetworkKind::Masked)] {
        if fraction > 0.0 {
            prune(&mut driven, fraction);
        }
        let (event, bytes) = export(&mut driven, ExportFormat::Safetensors, false);
        let Event::Exported { network, test, .. } = event else {
            panic!("{event:?}");
        };
        assert_eq!((network, test.samples), (kind, 360));
        let mut other = Driven::over(Session::new(Device::flex()));
        let (network, stored, same_images, now) = opened(&open(&mut other, &bytes));
        assert_eq!((network, same_images), (kind, true));
        assert_eq!(stored, Some(now));
        assert_eq!(now, test);
        assert_eq!(state(&other.session), state(&driven.session));
        block_on(other.train(7));
        block_on(driven.train(7));
        assert_eq!(state(&other.session), state(&driven.session));
    }
}

#[test]
fn a_compacted_network_opens_as_a_dense_one_of_fewer_filters() {
    let mut driven = trained();
    let refused = block_on(driven.send(Command::Export {
        format: ExportFormat::Safetensors,
        compacted: true,
        fold: false,
        recipe: None,
    }));
    assert!(errors(&refused)[0].contains("no filter is removed"));
    prune(&mut driven, 0.5);
    let bytes = safetensors(&mut driven, true);
    assert!(bytes.len() < MASKED.len());
    let mut other = Driven::over(Session::new(Device::flex()));
    let messages = open(&mut other, &bytes);
    let (network, stored, _, now) = opened(&messages);
    assert_eq!((network, stored), (NetworkKind::Compacted, Some(now)));
    assert!(state(&other.session).mask.iter().all(|&m| m == 1));
    let widths = messages.iter().find_map(|m| match &m.event {
        Event::Configured { config, .. } => Some(config.widths),
        _ => None,
    });
    assert_eq!(widths.map(|w| w.iter().sum()), Some(5));
}

#[test]
fn the_metadata_says_how_the_network_was_made_and_how_well_it_does() {
    let (_, header) = SafeTensors::read_metadata(&MASKED).unwrap();
    let metadata = header.metadata().clone().unwrap();
    let mut keys: Vec<&str> = metadata.keys().map(String::as_str).collect();
    keys.sort_unstable();
    let expected = [
        "accuracy",
        "adam.time",
        "config",
        "dataset",
        "export",
        "format",
        "loss",
        "net",
        "network",
        "samples",
        "seed",
        "step",
    ];
    assert_eq!(keys, expected);
    let dataset: serde_json::Value = serde_json::from_str(&metadata["dataset"]).unwrap();
    assert_eq!(dataset["id"], "digits");
    assert_eq!(dataset["test"], 360);
    let said = ["network", "seed", "step", "samples"].map(|key| metadata[key].as_str());
    assert_eq!(said, ["masked", "1", "90", "360"]);
}

#[test]
fn an_export_is_of_the_moment_it_was_asked_for_and_is_answered_while_training_goes_on() {
    let mut driven = trained();
    block_on(driven.send(Command::Run));
    let (event, _) = {
        let command = Command::Export {
            format: ExportFormat::Onnx,
            compacted: false,
            fold: false,
            recipe: None,
        };
        let mut messages = block_on(driven.send(command));
        // Training comes next, unless there is something to be looked at.
        while state(&driven.session).step == 90 {
            messages.extend(block_on(driven.session.advance()));
        }
        let found = messages
            .into_iter()
            .find_map(|m| m.bulk.file.map(|file| (m.event, file)));
        found.expect("a file")
    };
    let Event::Exported { step, .. } = event else {
        panic!("{event:?}");
    };
    assert_eq!(step, 90);
    assert!(state(&driven.session).step > 90);
}

#[test]
fn a_checkpoint_opens_too_and_says_no_accuracy() {
    let mut driven = trained();
    let messages = block_on(driven.train(1));
    let (_, checkpoint) = support::point(&messages).unwrap();
    let mut other = Driven::over(Session::new(Device::flex()));
    let (network, stored, same, _) = opened(&open(&mut other, &checkpoint));
    assert_eq!((network, stored, same), (NetworkKind::Dense, None, true));
}

#[test]
fn another_run_ends_the_opening_of_a_network() {
    let mut driven = trained();
    let bulk = Bulk {
        files: Some(vec![MASKED.clone()]),
        ..Default::default()
    };
    block_on(driven.begin(Command::Open { run_id: 9 }, bulk));
    let config = RunConfig::default();
    block_on(driven.send(Command::Configure { run_id: 10, config }));
    let messages = block_on(driven.settle());
    assert!(messages.iter().all(|m| m.run_id == 10));
    assert!(state(&driven.session).mask.iter().all(|&m| m == 1));
}

#[test]
fn a_recipe_is_written_and_read_and_one_out_of_range_is_refused() {
    let mut driven = trained();
    let recipe = |sparsity| Recipe {
        name: "mine".to_owned(),
        method: Method::default(),
        plan: Procedure::OneShot {
            train: 90,
            sparsity,
            fine_tune: 10,
        },
        distil: None,
    };
    let format = ExportFormat::Safetensors;
    let (_, bytes) = made(&mut driven, format, false, Some(recipe(0.5)));
    assert_eq!(read(&bytes).unwrap().recipe, Some(recipe(0.5)));
    let refused = block_on(driven.send(Command::Export {
        format,
        compacted: false,
        fold: false,
        recipe: Some(recipe(7.0)),
    }));
    assert!(errors(&refused)[0].contains("sparsity"), "{refused:?}");
}
