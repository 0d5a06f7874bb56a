//! Random networks: those that can work train, are pruned, made smaller and written to files, and those that can't are refused
//! with a sentence.
#![cfg(all(not(target_arch = "wasm32"), feature = "cpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::tensor::Device;
use pollster::block_on;
use proptest::prelude::*;
use pruning_playground::config::RunConfig;
use pruning_playground::data::batch::Batch;
use pruning_playground::files::checkpoint;
use pruning_playground::learn::eval::logits;
use pruning_playground::learn::model::Model;
use pruning_playground::learn::objective::Objective;
use pruning_playground::learn::optimiser::Rule;
use pruning_playground::learn::state::TrainState;
use pruning_playground::learn::train::Trainer;
use pruning_playground::net::{Graph, Kind, Net, network};
use pruning_playground::ops::transfer::tensor;
use pruning_playground::prune::method::{Granularity, Method};
use pruning_playground::prune::selection::Selection;
use pruning_playground::prune::{Ranking, Scores, Units};
use pruning_playground::shrink::compact::compact;
use std::sync::Arc;

const CLASSES: usize = 4;

/// Words of the short text, in any order; a network of them may or may not work.
fn words() -> impl Strategy<Value = Vec<String>> {
    let word = prop_oneof![
        4 => (prop::sample::select(vec![1, 3, 5]), 1usize..6, 1usize..3, any::<bool>()).prop_map(|(k, out, stride, narrow)| {
            format!("c{k}-{out}s{stride}{}", if narrow { "p0" } else { "" })
        }),
        1 => (1usize..3).prop_map(|stride| format!("d3s{stride}")),
        2 => Just("b".to_owned()),
        3 => Just("r".to_owned()),
        1 => Just("r6".to_owned()),
        2 => Just("p2".to_owned()),
        1 => Just("a2".to_owned()),
        1 => (1usize..9).prop_map(|n| format!("f-{n}")),
        2 => (1usize..4).prop_map(|c| format!("[ c3-{c} b r c3-{c} b | c1-{c} ] r")),
        1 => (2usize..7).prop_map(|c| format!("[ c3-{c}s2 b | z2-{c} ] r")),
        1 => Just("[ d3 b | ]".to_owned()),
    ];
    prop::collection::vec(word, 0..7)
}

fn images(graph: &Graph, n: usize, device: &Device) -> Batch {
    let [c, h, w] = graph.input();
    let values = (0..n * c * h * w).map(|i| (i as f32 * 0.37).sin());
    let labels: Vec<u8> = (0..n).map(|i| (i % CLASSES) as u8).collect();
    let mut one_hot = vec![0.0; n * CLASSES];
    for (row, &label) in one_hot.chunks_mut(CLASSES).zip(&labels) {
        row[usize::from(label)] = 1.0;
    }
    Batch {
        images: tensor(values.collect(), [n, c, h, w], device),
        one_hot: tensor(one_hot, [n, CLASSES], device),
        labels,
        first_row: 0,
    }
}

fn outputs(graph: &Arc<Graph>, state: &TrainState, batch: &Batch, device: &Device) -> Vec<f32> {
    let parameters = state.parameters.clone().under(graph, &state.mask);
    let model = Model::new(graph, &parameters, device);
    block_on(logits(&model, std::slice::from_ref(batch))).expect("finite")
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let pairs = a.iter().zip(b);
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_network_that_can_work_does_and_one_that_can_not_is_refused(
        words in words(), input in (1usize..4, 5usize..12, 5usize..12), share in 0.0f64..=1.0, seed in 0u32..99,
    ) {
        let text = format!("{} {}", words.join(" "), if seed % 2 == 0 { "f" } else { "g f" });
        let (c, h, w) = input;
        let graph = match network(&text, [2, 2], [c, h, w], CLASSES) {
            Ok(graph) => graph,
            Err(error) => {
                prop_assert!(error.message.len() > 10, "{error}");
                return Ok(());
            }
        };
        let device = Device::flex();
        let batch = images(&graph, 5, &device);
        let rule = Rule::Adam { learning_rate: 1e-2 };
        let mut trainer = Trainer::new(graph.clone(), &TrainState::fresh(&graph, seed), rule, &device);
        trainer.step(&batch, &Objective::Labels);

        // Fused, it computes what its nodes do one by one.
        let state = block_on(trainer.state()).unwrap();
        let unfused = Arc::new(graph.unfused());
        prop_assert!(unfused.steps().iter().all(|step| step.kind != Kind::Block));
        let whole = outputs(&graph, &state, &batch, &device);
        let scale = whole.iter().fold(1f32, |most, x| most.max(x.abs()));
        let by_nodes = outputs(&unfused, &state, &batch, &device);
        prop_assert!(largest_difference(&whole, &by_nodes) <= 1e-5 * scale, "{text}");

        let method = Method { granularity: Granularity::Filter, ..Default::default() };
        let scores = state.parameters.weights(&graph).iter().map(|w| w.abs()).collect();
        let units = Units::new(&method, &graph, Scores::Weights(scores), trainer.mask());
        let ranking = Ranking::new(units, trainer.mask(), &method).unwrap();
        let cut = ranking.select(&Selection::Fraction(share)).unwrap();
        trainer.hold(ranking.mask(&cut));
        trainer.step(&batch, &Objective::Labels);
        let state = block_on(trainer.state()).unwrap();
        let weights = state.parameters.weights(&graph).iter().zip(&state.mask);
        prop_assert!(weights.into_iter().all(|(w, m)| *m == 1 || *w == 0.0));
        let masked = outputs(&graph, &state, &batch, &device);
        let scale = masked.iter().fold(1f32, |most, x| most.max(x.abs()));
        if let Some(smaller) = compact(&graph, &state) {
            let found = outputs(&smaller.graph, &smaller.state, &batch, &device);
            prop_assert!(largest_difference(&masked, &found) <= 1e-5 * scale, "{text}");
            // What is left is a network like any other, also in writing.
            let json = serde_json::to_string(smaller.graph.net()).unwrap();
            prop_assert_eq!(network(&json, [2, 2], [c, h, w], CLASSES).unwrap(), smaller.graph);
        }

        let bytes = checkpoint::to_bytes(&state, &RunConfig::default(), &graph).unwrap();
        prop_assert_eq!(checkpoint::from_bytes(&bytes, &graph).unwrap(), state);
    }

    #[test]
    fn no_text_is_trusted(text in "[cdbrpafgozs0-9\\-\\[\\]| _+]{0,60}") {
        if let Ok(graph) = network(&text, [2, 2], [3, 16, 16], 10) {
            prop_assert!(graph.layout().total() <= pruning_playground::net::MOST_WEIGHTS);
        }
    }

    #[test]
    fn no_json_is_trusted(text in "\\{.{0,80}", field in 0usize..7, number in any::<i64>()) {
        prop_assert!(network(&text, [2, 2], [3, 16, 16], 10).is_err());
        let graph = network("c3-4 b r p2 f", [2, 2], [3, 16, 16], 10).unwrap();
        let mut json = serde_json::to_value(graph.net()).unwrap();
        let number = serde_json::json!(number);
        match field {
            0 => json["nodes"][0]["out"] = number,
            1 => json["nodes"][0]["kernel"] = number,
            2 => json["nodes"][0]["stride"] = number,
            3 => json["nodes"][0]["padding"] = number,
            4 => json["nodes"][0]["groups"] = number,
            5 => json["nodes"][3]["kernel"] = number,
            _ => json["classes"] = number,
        }
        if let Ok(net) = serde_json::from_value::<Net>(json)
            && let Ok(graph) = Graph::new(net)
        {
            prop_assert!(graph.layout().total() <= pruning_playground::net::MOST_WEIGHTS);
        }
    }
}
