//! What a cut buys, measured by the session while it rests.
#![cfg(all(not(target_arch = "wasm32"), feature = "cpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::config::RunConfig;
use pruning_playground::protocol::*;
use pruning_playground::prune::method::{Granularity, Method};
use pruning_playground::prune::selection::Selection;
use pruning_playground::shrink::meter::{Encoding, Timing, Way};
use support::{Driven, ended, errors};

fn begin(granularity: Granularity) -> Driven {
    let config = RunConfig {
        method: Method {
            granularity,
            ..Default::default()
        },
        ..Default::default()
    };
    let (mut driven, _) = block_on(Driven::new(Device::flex(), config));
    block_on(driven.train(20));
    driven
}

struct Metered {
    command: u32,
    timings: Vec<Timing>,
    /// Bytes of each file.
    sizes: Vec<((Way, Encoding), usize)>,
}

/// Has it asked, and no more.
fn meter(driven: &mut Driven, fraction: f64) -> Vec<Message> {
    let selection = Selection::Fraction(fraction);
    block_on(driven.begin(Command::Meter { selection }, Bulk::default()))
}

fn metered(messages: &[Message]) -> Vec<Metered> {
    let one = |m: &Message| match &m.event {
        Event::Metered {
            timings, encoded, ..
        } => {
            let files = m.bulk.files.as_ref().expect("files");
            let sizes = encoded
                .iter()
                .map(|e| (e.way, e.encoding))
                .zip(files.iter().map(Vec::len));
            Some(Metered {
                command: m.command,
                timings: timings.clone(),
                sizes: sizes.collect(),
            })
        }
        _ => None,
    };
    messages.iter().filter_map(one).collect()
}

#[test]
fn every_way_gives_the_answers_of_the_masked_network_and_nothing_is_changed() {
    let mut driven = begin(Granularity::Filter);
    let before = block_on(driven.session.state()).unwrap();
    assert_eq!(errors(&meter(&mut driven, 0.5)), [""; 0]);
    let [found] = &metered(&block_on(driven.settle()))[..] else {
        panic!("one answer")
    };
    assert_eq!(found.command, driven.last);
    let ways: Vec<Way> = found.timings.iter().map(|t| t.way).collect();
    assert_eq!(ways, [Way::Dense, Way::Masked, Way::Compacted, Way::Sparse]);
    assert!(found.timings[1..].iter().all(|t| t.difference <= 1e-5));
    assert!(found.timings[0].difference > 1e-3);
    let size = |way, encoding| {
        let found = found.sizes.iter().find(|(of, _)| *of == (way, encoding));
        found.map(|(_, size)| *size).expect("such a file")
    };
    let dense = size(Way::Dense, Encoding::Dense);
    assert_eq!(dense, size(Way::Masked, Encoding::Dense));
    assert!(size(Way::Masked, Encoding::Bitmap) < size(Way::Masked, Encoding::Csr));
    assert!(size(Way::Compacted, Encoding::Dense) < dense * 6 / 10);
    assert_eq!(block_on(driven.session.state()).unwrap(), before);
}

#[test]
fn single_weights_leave_nothing_to_rebuild_smaller() {
    let mut driven = begin(Granularity::Weight);
    meter(&mut driven, 0.9);
    let found = metered(&block_on(driven.settle()));
    let ways: Vec<Way> = found[0].timings.iter().map(|t| t.way).collect();
    assert_eq!(ways, [Way::Dense, Way::Masked, Way::Sparse]);
}

#[test]
fn another_request_or_other_weights_take_its_place() {
    let mut driven = begin(Granularity::Weight);
    meter(&mut driven, 0.9);
    let replaced = driven.last;
    let messages = meter(&mut driven, 0.5);
    assert!(
        ended(&messages, replaced),
        "who waits for the first is told"
    );
    let found = metered(&block_on(driven.settle()));
    assert_eq!(
        found.iter().map(|m| m.command).collect::<Vec<_>>(),
        [replaced + 1]
    );
    meter(&mut driven, 0.5);
    let replaced = driven.last;
    let messages = block_on(driven.train(5));
    assert!(metered(&messages).is_empty());
    assert!(ended(&messages, replaced));
}

#[test]
fn once_pruned_the_dense_network_is_the_one_before_the_cut() {
    let mut driven = begin(Granularity::Weight);
    let before = block_on(driven.session.state()).unwrap().parameters;
    let selection = Selection::Fraction(0.9);
    block_on(driven.send(Command::Prune { selection }));
    meter(&mut driven, 0.9);
    let messages = block_on(driven.settle());
    let files = messages.iter().find_map(|m| m.bulk.files.as_ref()).unwrap();
    let weights: Vec<u8> = before.values[..72]
        .iter()
        .flat_map(|w| w.to_le_bytes())
        .collect();
    assert!(files[0].starts_with(&weights));
}
