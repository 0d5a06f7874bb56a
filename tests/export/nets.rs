//! Networks of other shapes than the article's, as files: batch normalisation folded, compacted ones, and what a file says of
//! its nodes.

use super::{made, open, opened, state};
use crate::support::{Driven, errors};
use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::config::RunConfig;
use pruning_playground::data::batch::Batcher;
use pruning_playground::data::digits;
use pruning_playground::files::export::{ExportFormat, NetworkKind, folded};
use pruning_playground::learn::eval::logits;
use pruning_playground::learn::model::Model;
use pruning_playground::net::{Graph, Op, Parameters, Role, network};
use pruning_playground::protocol::*;
use pruning_playground::prune::method::{Granularity, Method};
use pruning_playground::prune::selection::Selection;
use pruning_playground::session::Session;
use safetensors::SafeTensors;
use std::sync::Arc;

/// Numbers as after a long training: statistics, gammas and betas far from what they begin with.
fn random(graph: &Graph, seed: u32) -> Parameters {
    let mut parameters = Parameters::he_normal(graph, seed);
    for p in graph.parameters() {
        for (i, value) in parameters.values[p.range.clone()].iter_mut().enumerate() {
            let wave = ((i + p.range.start) as f32 * 0.7 + seed as f32).sin();
            match p.role {
                Role::Weight => {}
                Role::Bias | Role::Beta | Role::Mean => *value = 0.5 * wave,
                Role::Gamma => *value = 1.0 + 0.5 * wave,
                Role::Variance => *value = 1.0 + 0.9 * wave,
            }
        }
    }
    parameters
}

fn logits_of(graph: &Arc<Graph>, parameters: &Parameters) -> Vec<f32> {
    let (device, data) = (Device::flex(), digits().unwrap());
    let batch = Batcher::new(&data).batch(&data.test, 0..64, &device);
    block_on(logits(&Model::new(graph, parameters, &device), &[batch])).unwrap()
}

#[test]
fn a_network_with_its_batch_normalisation_folded_computes_the_same() {
    for (text, left) in [
        ("resnet-20/4", 0),
        ("resnet-20-b/4", 0),
        ("mobile/2", 0),
        ("vgg-small/4", 0),
        // After an addition and after a ReLU there is no convolution to fold into; nor where another layer reads it, too.
        ("c3-6 r b [ c3-6 b | ] b r p2 f", 2),
        ("c3-6 [ b | ] r p2 f", 1),
        ("lenet-300-100/4", 0),
    ] {
        let graph = network(text, [8, 16], [1, 8, 8], 10).unwrap();
        let parameters = random(&graph, 5);
        let (without, numbers) = folded(&graph, &parameters).unwrap();
        let norms = without.nodes().filter(|(n, _)| n.op == Op::BatchNorm);
        assert_eq!(
            (norms.count(), numbers.values.len()),
            (left, without.len()),
            "{text}"
        );
        let (a, b) = (
            logits_of(&graph, &parameters),
            logits_of(&without, &numbers),
        );
        let largest = a.iter().fold(1f32, |most, x| most.max(x.abs()));
        let apart = a
            .iter()
            .zip(&b)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f32::max);
        assert!(apart <= 1e-5 * largest, "{text}: {apart} of {largest}");
    }
}

fn pruned(text: &str) -> Driven {
    let config = RunConfig {
        network: text.to_owned(),
        method: Method {
            granularity: Granularity::Filter,
            never_empty: true,
            ..Default::default()
        },
        ..Default::default()
    };
    let (mut driven, _) = block_on(Driven::new(Device::flex(), config));
    block_on(driven.train(6));
    let selection = Selection::Fraction(0.4);
    let messages = block_on(driven.send(Command::Prune { selection }));
    assert_eq!(errors(&messages), [""; 0]);
    block_on(driven.settle());
    block_on(driven.train(2));
    driven
}

#[test]
fn any_network_opens_again_masked_and_compacted_with_the_same_accuracy_bit_for_bit() {
    for text in ["resnet-20/8", "mobile/8", "lenet-300-100/8"] {
        let mut driven = pruned(text);
        for (compacted, kind) in [(false, NetworkKind::Masked), (true, NetworkKind::Compacted)] {
            let (_, bytes) = made(&mut driven, ExportFormat::Safetensors, compacted, None);
            let mut other = Driven::over(Session::new(Device::flex()));
            let messages = open(&mut other, &bytes);
            let (network, stored, same_images, now) = opened(&messages);
            assert_eq!(
                (network, same_images, stored),
                (kind, true, Some(now)),
                "{text}"
            );
            let config = messages.iter().find_map(|m| match &m.event {
                Event::Configured { config, .. } => Some(config.network.clone()),
                _ => None,
            });
            // Of fewer filters there is no preset: the settings then say every node.
            assert_eq!(config.unwrap().starts_with('{'), compacted, "{text}");
            match compacted {
                true => assert!(state(&other.session).mask.iter().all(|&m| m == 1), "{text}"),
                false => assert_eq!(state(&other.session), state(&driven.session), "{text}"),
            }
            block_on(other.train(2));
        }
    }
}

#[test]
fn a_file_that_says_other_nodes_than_its_settings_do_is_refused() {
    let mut driven = pruned("lenet-300-100/8");
    let (_, bytes) = made(&mut driven, ExportFormat::Safetensors, false, None);
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let written = |net: Option<String>| {
        let mut metadata = header.metadata().clone().unwrap();
        let old = metadata.remove("net").unwrap();
        metadata.extend(net.map(|net| ("net".to_owned(), old.replace("\"relu\"", &net))));
        safetensors::serialize(file.tensors(), Some(metadata)).unwrap()
    };
    let mut other = Driven::over(Session::new(Device::flex()));
    for (net, sentence) in [("\"relu6\"", "nodes"), ("\"tanh\"", "net can't be read")] {
        let said = errors(&open(&mut other, &written(Some(net.to_owned()))));
        assert!(said[0].contains(sentence), "{said:?}");
    }
    // As older files are, which don't say them.
    opened(&open(&mut other, &written(None)));
}

#[test]
fn only_onnx_is_folded() {
    let mut driven = pruned("vgg-small/8");
    let ask = |format| Command::Export {
        format,
        compacted: false,
        fold: true,
        recipe: None,
    };
    let refused = block_on(driven.send(ask(ExportFormat::Safetensors)));
    assert!(errors(&refused)[0].contains("ONNX"), "{refused:?}");
    let mut messages = block_on(driven.send(ask(ExportFormat::Onnx)));
    messages.extend(block_on(driven.settle()));
    let file = messages.into_iter().find_map(|m| m.bulk.file).unwrap();
    let has = |bytes: &[u8], word: &str| bytes.windows(word.len()).any(|w| w == word.as_bytes());
    assert!(!has(&file, "BatchNormalization") && has(&file, "folded"));
    let (_, kept) = made(&mut driven, ExportFormat::Onnx, false, None);
    assert!(has(&kept, "BatchNormalization"));
}
