//! Files that are no network, or not the one that they were: refused with a sentence, and nothing has changed.

use super::{MASKED, open, opened, state, trained};
use crate::support::{Driven, errors};
use burn::tensor::Device;
use proptest::prelude::*;
use pruning_playground::error::ErrorCode;
use pruning_playground::protocol::*;
use pruning_playground::session::Session;
use safetensors::SafeTensors;

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
fn refused(driven: &mut Driven, bytes: &[u8], of: &str) -> String {
    let before = state(&driven.session);
    let messages = open(driven, bytes);
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
    assert_eq!(state(&driven.session), before, "{of}");
    said.1
}

#[test]
fn damaged_foreign_and_hostile_files_are_refused_with_a_sentence_and_change_nothing() {
    let mut driven = trained();
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
        let sentence = refused(&mut driven, bytes, of);
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
    let mut session = Driven::over(Session::new(Device::flex()));
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
            static DRIVEN: std::cell::RefCell<Driven> = std::cell::RefCell::new(trained());
        }
        let mut bytes = MASKED.clone();
        let end = if in_header { 8 + length_of(&MASKED) } else { bytes.len() };
        for (index, bit) in flips {
            bytes[index.index(end)] ^= 1 << bit;
        }
        if truncate {
            bytes.truncate((bytes.len() as f64 * cut) as usize);
        }
        DRIVEN.with_borrow_mut(|driven| {
            let before = state(&driven.session);
            let messages = open(driven, &bytes);
            let failed = !errors(&messages).is_empty();
            let told = messages.iter().any(|m| matches!(m.event, Event::Opened { .. }));
            assert!(failed != told, "{messages:?}");
            if failed {
                assert_eq!(state(&driven.session), before);
            }
        });
    }
}
