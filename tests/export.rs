//! Networks that are exported and opened again: the same bits, and nothing believed that a file says.
#![cfg(all(not(target_arch = "wasm32"), feature = "cpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use burn::tensor::Device;
use pollster::block_on;
use proptest::prelude::*;
use pruning_playground::config::RunConfig;
use pruning_playground::error::ErrorCode;
use pruning_playground::protocol::*;
use pruning_playground::prune::method::{Granularity, Method};
use pruning_playground::session::Session;
use pruning_playground::train::TrainState;
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
    let command = Command::Export {
        request: 1,
        format,
        compacted,
        recipe: None,
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

fn open(session: &mut Session, bytes: &[u8]) -> Vec<Message> {
    let bulk = Bulk {
        files: Some(vec![bytes.to_vec()]),
        ..Default::default()
    };
    let mut messages = block_on(session.apply(Command::Open { run_id: 9 }, bulk));
    while messages.is_empty() || session.busy() {
        messages.extend(block_on(session.advance()));
    }
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
        let mut other = Session::new(Device::flex());
        let (network, stored, same_images, now) = opened(&open(&mut other, &bytes));
        assert_eq!((network, same_images), (kind, true));
        assert_eq!(stored, Some(now));
        assert_eq!(now, test);
        assert_eq!(state(&other), state(&driven.session));
        let mut other = Driven { session: other };
        block_on(other.train(7));
        block_on(driven.train(7));
        assert_eq!(state(&other.session), state(&driven.session));
    }
}

#[test]
fn a_compacted_network_opens_as_a_dense_one_of_fewer_filters() {
    let mut driven = trained();
    let refused = block_on(driven.send(Command::Export {
        request: 1,
        format: ExportFormat::Safetensors,
        compacted: true,
        recipe: None,
    }));
    assert!(errors(&refused)[0].contains("no filter is removed"));
    prune(&mut driven, 0.5);
    let bytes = safetensors(&mut driven, true);
    assert!(bytes.len() < MASKED.len());
    let mut other = Session::new(Device::flex());
    let messages = open(&mut other, &bytes);
    let (network, stored, _, now) = opened(&messages);
    assert_eq!((network, stored), (NetworkKind::Compacted, Some(now)));
    assert!(state(&other).mask.iter().all(|&m| m == 1));
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
            request: 5,
            format: ExportFormat::Onnx,
            compacted: false,
            recipe: None,
        };
        let mut messages = block_on(driven.send(command));
        for _ in 0..5 {
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
    let mut other = Session::new(Device::flex());
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
    block_on(driven.session.apply(Command::Open { run_id: 9 }, bulk));
    let config = RunConfig::default();
    block_on(driven.send(Command::Configure { run_id: 10, config }));
    let messages = block_on(driven.settle());
    assert!(messages.iter().all(|m| m.run_id == 10));
    assert!(state(&driven.session).mask.iter().all(|&m| m == 1));
}

/// The file with its header rewritten; the tensors stay.
fn with_header(bytes: &[u8], edit: impl Fn(&str) -> String) -> Vec<u8> {
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header = edit(std::str::from_utf8(&bytes[8..8 + length]).unwrap());
    let length = (header.len() as u64).to_le_bytes();
    [&length, header.as_bytes(), &bytes[8 + length_of(bytes)..]].concat()
}

fn length_of(bytes: &[u8]) -> usize {
    u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize
}

/// Opens what is no network, and sees that it is refused with a sentence and that nothing has changed.
fn refused(session: &mut Session, bytes: &[u8], of: &str) -> String {
    let before = state(session);
    let messages = open(session, bytes);
    let said = messages
        .iter()
        .find_map(|m| match &m.event {
            Event::Error { code, message } => Some((*code, message.clone())),
            _ => None,
        })
        .unwrap_or_else(|| panic!("{of} was opened"));
    let needed = said.0 == ErrorCode::DataNeeded;
    assert!(said.0 == ErrorCode::BadNetwork || needed, "{of}: {said:?}");
    assert!(messages.iter().all(|m| m.run_id == 1), "{of}");
    assert_eq!(state(session), before, "{of}");
    said.1
}

#[test]
fn damaged_foreign_and_hostile_files_are_refused_with_a_sentence_and_change_nothing() {
    let mut driven = trained();
    let session = &mut driven.session;
    let replaced = |from: &str, to: &str| {
        let edited = with_header(&MASKED, |header| {
            assert!(header.contains(from), "{from} in {header}");
            header.replacen(from, to, 1)
        });
        (from.to_owned(), edited)
    };
    let filled = |tensor: &str, value: f32| {
        let mut bytes = MASKED.clone();
        let file = SafeTensors::deserialize(&MASKED).unwrap();
        let data = file.tensor(tensor).unwrap().data();
        let at = data.as_ptr() as usize - MASKED.as_ptr() as usize;
        let values = bytes[at..at + data.len()].chunks_exact_mut(4);
        values.for_each(|place| place.copy_from_slice(&value.to_le_bytes()));
        bytes
    };
    let mut files = vec![
        ("nothing".to_owned(), vec![]),
        ("text".to_owned(), b"not a network at all".to_vec()),
        ("a gigantic header".to_owned(), {
            [&u64::MAX.to_le_bytes(), &MASKED[8..]].concat()
        }),
        ("a long header".to_owned(), {
            let header = format!("{{{}}}", " ".repeat(400_000));
            [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat()
        }),
        ("a huge file".to_owned(), vec![0; (64 << 20) + 1]),
        ("more than it says".to_owned(), {
            [MASKED.as_slice(), &[0; 64]].concat()
        }),
        ("NaN".to_owned(), filled("conv1.weight", f32::NAN)),
        ("infinity".to_owned(), filled("fc.bias", f32::INFINITY)),
        ("outputs beyond all numbers".to_owned(), {
            filled("conv1.weight", f32::MAX)
        }),
        ("a negative square".to_owned(), {
            filled("adam.second.fc.bias", -1.0)
        }),
        ("a name twice".to_owned(), {
            with_header(&MASKED, |h| {
                h.replacen("\"conv1.bias\"", "\"conv1.weight\"", 1)
            })
        }),
        ("metadata twice".to_owned(), {
            with_header(&MASKED, |h| {
                let more = r#"{"__metadata__":{"step":"1"},"#;
                h.replacen('{', more, 1)
            })
        }),
    ];
    files.extend(
        [
            (r#"[3,1,3,3]"#, r#"[1,3,3,3]"#),
            (r#"[3,1,3,3]"#, r#"[3000000000000,1,3,3]"#),
            (r#""dtype":"F32""#, r#""dtype":"I32""#),
            (
                r#""data_offsets":["#,
                r#""data_offsets":[18446744073709551615,"#,
            ),
            (r#"conv1.weight"#, r#"conv9.weight"#),
            (r#"playground-checkpoint/1"#, r#"playground-checkpoint/2"#),
            (r#""export":"1""#, r#""export":"2""#),
            (r#""network":"masked""#, r#""network":"none""#),
            (r#"\"widths\":[3,5]"#, r#"\"widths\":[4,5]"#),
            (r#"\"widths\":[3,5]"#, r#"\"widths\":[4000000000,5]"#),
            (r#"\"batch\":32"#, r#"\"batch\":0"#),
            (r#"\"dataset\":\"digits\""#, r#"\"dataset\":\"shapes\""#),
            (r#"\"dataset\":\"digits\""#, r#"\"dataset\":\"cifar-10\""#),
            (r#"\"seed\":1"#, r#"\"seed\":-1"#),
            (r#""step":"90""#, r#""step":"4294967295""#),
            (r#""adam.time":"90""#, r#""adam.time":"4294967295""#),
            (r#""accuracy":"0"#, r#""accuracy":"7"#),
            (r#""accuracy":"0"#, r#""accuracy":"NaN"#),
            (r#""loss":""#, r#""loss":"inf"#),
            (r#""samples":"360""#, r#""samples":"-1""#),
            (r#"\"digest\":"#, r#"\"digests\":"#),
            (r#""seed":"1""#, r#""recipe":"{}""#),
        ]
        .map(|(from, to)| replaced(from, to)),
    );
    for (of, bytes) in &files {
        let sentence = refused(session, bytes, of);
        assert!(sentence.len() > 20 && sentence.len() < 500, "{sentence}");
    }
}

#[test]
fn networks_of_other_images_are_opened_and_the_file_is_not_compared() {
    let other = with_header(&MASKED, |h| {
        let at = h.find(r#"\"digest\":"#).unwrap() + r#"\"digest\":"#.len();
        let end = at + h[at..].find(',').unwrap();
        format!("{}7{}", &h[..at], &h[end..])
    });
    let mut session = Session::new(Device::flex());
    let (_, stored, same_images, test) = opened(&open(&mut session, &other));
    assert_eq!((stored, same_images), (Some(test), false));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    /// Whatever is changed: it is opened, or refused and the session is as it was; never a panic.
    #[test]
    fn damage_of_any_kind_is_survived(
        cut in 0.0..1.0f64,
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0..8u32), 0..4),
        in_header in any::<bool>(),
        truncate in any::<bool>(),
    ) {
        thread_local! {
            static SESSION: std::cell::RefCell<Session> = std::cell::RefCell::new(trained().session);
        }
        let mut bytes = MASKED.clone();
        let end = if in_header { 8 + length_of(&MASKED) } else { bytes.len() };
        for (index, bit) in flips {
            bytes[index.index(end)] ^= 1 << bit;
        }
        if truncate {
            bytes.truncate((bytes.len() as f64 * cut) as usize);
        }
        SESSION.with_borrow_mut(|session| {
            let before = state(session);
            let messages = open(session, &bytes);
            let failed = !errors(&messages).is_empty();
            let told = messages.iter().any(|m| matches!(m.event, Event::Opened { .. }));
            assert!(failed != told, "{messages:?}");
            if failed {
                assert_eq!(state(session), before);
            }
        });
    }
}
