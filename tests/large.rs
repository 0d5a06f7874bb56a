//! A network too large for arrays of all its weights: what is told of it instead, and what that weighs.
#![cfg(all(not(target_arch = "wasm32"), feature = "cpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::config::RunConfig;
use pruning_playground::data::DatasetId;
use pruning_playground::protocol::*;
use pruning_playground::prune::method::{Granularity, Method};
use pruning_playground::prune::selection::{RankedGroup, Selection};
use pruning_playground::prune::thinning::Tile;
use support::{Driven, errors};

const LIMIT: usize = 300_000;

fn large(network: &str, method: Method) -> (Driven, Vec<Message>) {
    let config = RunConfig {
        dataset: DatasetId::Shapes,
        network: network.to_owned(),
        method,
        ..Default::default()
    };
    block_on(Driven::new(Device::flex(), config))
}

fn bytes(bulk: &Bulk) -> usize {
    let Bulk {
        weights,
        biases,
        ranks,
        sorted,
        knots,
        kept_at,
        masks,
        cut_at,
        ..
    } = bulk;
    let floats = [weights, biases, sorted].map(|a| a.as_ref().map_or(0, Vec::len));
    let integers = [ranks, knots, kept_at, cut_at].map(|a| a.as_ref().map_or(0, Vec::len));
    4 * floats.into_iter().chain(integers).sum::<usize>() + masks.as_ref().map_or(0, Vec::len)
}

struct Scored {
    kept: Vec<u32>,
    groups: Vec<RankedGroup>,
    tables: ScoredTables,
    bulk: Bulk,
}

fn scored(messages: Vec<Message>) -> Scored {
    let found = messages.into_iter().rev().find_map(|m| match m.event {
        Event::Scored {
            kept,
            groups,
            tables,
            ..
        } => Some(Scored {
            kept,
            groups,
            tables: tables.expect("a large network has tables"),
            bulk: m.bulk,
        }),
        _ => None,
    });
    found.expect("scored")
}

fn detail(driven: &mut Driven, layer: u32, tile: Option<Tile>) -> (Event, Bulk) {
    let messages = block_on(driven.send(Command::Detail { layer, tile }));
    assert_eq!(errors(&messages), [""; 0]);
    let found = messages
        .into_iter()
        .find(|m| matches!(m.event, Event::Detail { .. }));
    found.map(|m| (m.event, m.bulk)).expect("an answer")
}

#[test]
fn the_largest_preset_is_told_of_in_less_than_300_kb() {
    let (mut driven, messages) = large("conv-2", Method::default());
    let all: Vec<usize> = messages.iter().map(|m| bytes(&m.bulk)).collect();
    let told = scored(messages);
    assert_eq!(told.kept.iter().sum::<u32>(), 4_300_992);
    let weighs = bytes(&told.bulk);
    println!("a report of conv-2 weighs {weighs} bytes");
    assert!(
        (1..LIMIT).contains(&weighs) && all.iter().all(|&n| n < LIMIT),
        "{all:?}"
    );
    let whole = detail(&mut driven, 2, None);
    let Event::Detail {
        rows,
        columns,
        block,
        ..
    } = whole.0
    else {
        panic!("{:?}", whole.0);
    };
    println!(
        "its largest layer in {rows} x {columns} cells of {block:?}: {} bytes",
        bytes(&whole.1)
    );
    assert!((LIMIT / 2..LIMIT).contains(&bytes(&whole.1)));
}

#[test]
fn what_the_tables_say_of_a_cut_is_what_comes_of_it() {
    for granularity in [Granularity::Weight, Granularity::Filter] {
        let method = Method {
            granularity,
            ..Default::default()
        };
        let (mut driven, messages) = large("lenet-300-100", method);
        let told = scored(messages);
        let knots = told.bulk.knots.unwrap();
        let (sorted, kept) = (told.bulk.sorted.unwrap(), told.bulk.kept_at.unwrap());
        let units = told.groups[0].units;
        assert_eq!((knots[0], *knots.last().unwrap()), (0, units));
        assert_eq!(
            told.tables.layers.iter().map(|g| g.units).sum::<u32>(),
            units
        );
        assert_eq!((told.tables.removed, told.tables.cut_steps.len()), (0, 0));
        let at = knots.len() / 3;
        let selection = Selection::Fraction(f64::from(knots[at]) / f64::from(units));
        let messages = block_on(driven.send(Command::Preview {
            images: None,
            selection: selection.clone(),
        }));
        let cut = messages.iter().find_map(|m| match m.event {
            Event::Previewed {
                units,
                pruned,
                threshold,
                ..
            } => Some((units, pruned, threshold)),
            _ => None,
        });
        let left: u32 = kept.chunks(knots.len()).map(|layer| layer[at]).sum();
        let total: u32 = told.kept.iter().sum();
        assert_eq!(
            cut,
            Some((knots[at], total - left, sorted[at])),
            "{granularity:?}"
        );
        block_on(driven.train(1));
        block_on(driven.send(Command::Prune { selection }));
        let told = scored(block_on(driven.settle()));
        assert_eq!(told.kept.iter().sum::<u32>(), left);
        assert_eq!(told.tables.cut_steps, [1]);
        assert_eq!(
            told.tables.removed,
            if granularity == Granularity::Filter {
                knots[at]
            } else {
                0
            }
        );
        let kept = told.bulk.kept_at.unwrap();
        let spaces = kept.len() / told.kept.len();
        let now: Vec<u32> = kept.chunks(spaces).map(|layer| layer[0]).collect();
        assert_eq!(now, told.kept);
    }
}

#[test]
fn a_layer_is_shown_thinned_and_each_of_its_weights_can_be_asked_for() {
    let (mut driven, _) = large("lenet-300-100", Method::default());
    let selection = Selection::Fraction(0.5);
    block_on(driven.send(Command::Prune { selection }));
    block_on(driven.settle());
    let state = block_on(driven.session.state()).unwrap();
    let (event, bulk) = detail(&mut driven, 0, None);
    let Event::Detail {
        rows,
        columns,
        block,
        tile,
        ..
    } = event
    else {
        panic!("{event:?}");
    };
    assert_eq!([tile.rows, tile.columns], [300, 3072]);
    assert_eq!(
        [rows, columns],
        [300u32.div_ceil(block[0]), 3072u32.div_ceil(block[1])]
    );
    let cells = (rows * columns) as usize;
    assert!(cells > 20_000 && cells <= 32_768, "{cells}");
    assert!(bytes(&bulk) < LIMIT);
    let kept = bulk.masks.unwrap().into_iter().map(f64::from).sum::<f64>() / 255.0 / cells as f64;
    let expected = state.mask[..921_600]
        .iter()
        .map(|&m| f64::from(m))
        .sum::<f64>()
        / 921_600.0;
    assert!((kept - expected).abs() < 0.02, "{kept}, {expected}");
    // The second layer has few enough weights to be exact.
    let (_, bulk) = detail(&mut driven, 1, None);
    let range = 921_600..951_600;
    let numbers = &state.parameters.values[range.clone()];
    assert_eq!(bulk.weights.unwrap(), numbers);
    let shares = state.mask[range].iter().map(|&m| 255 * m);
    assert_eq!(bulk.masks.unwrap(), shares.collect::<Vec<u8>>());
    let tile = Tile {
        row: 299,
        column: 3071,
        rows: 1,
        columns: 9,
    };
    let (event, bulk) = detail(&mut driven, 0, Some(tile));
    let exact = matches!(
        event,
        Event::Detail {
            rows: 1,
            columns: 1,
            block: [1, 1],
            ..
        }
    );
    assert!(exact, "{event:?}");
    assert_eq!(bulk.weights.unwrap(), [state.parameters.values[921_599]]);
    for (layer, tile, sentence) in [
        (3, None, "layers are 0 to 2"),
        (0, Some(Tile { row: 300, ..tile }), "300 x 3072"),
    ] {
        let refused = block_on(driven.send(Command::Detail { layer, tile }));
        assert!(errors(&refused)[0].contains(sentence), "{refused:?}");
    }
}
