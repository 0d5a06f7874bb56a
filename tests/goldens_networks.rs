//! Networks of all kinds against PyTorch: logits, gradients, running statistics, steps of Adam and SGD, masks, channel groups,
//! removal of channels. The figures are in `tests/goldens-networks` (see its README for what made them and the tolerances).
//!
//! On WebGPU, natively: `cargo test --no-default-features --features webgpu --test goldens_networks`. Where there is no adapter
//! these tests say so and pass.
#![cfg(all(not(target_arch = "wasm32"), any(feature = "cpu", feature = "webgpu")))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "goldens-networks/golden.rs"]
mod golden;

use burn::tensor::Device;
use golden::{Golden, NAMES, assert_close, close, device};
use pollster::block_on;
use pruning_playground::learn::eval::{Tally, logits};
use pruning_playground::learn::model::Model;
use pruning_playground::learn::objective::{Objective, backward_on};
use pruning_playground::learn::optimiser::Rule;
use pruning_playground::learn::state::TrainState;
use pruning_playground::learn::train::Trainer;
use pruning_playground::net::{Graph, Parameters, Role};
use pruning_playground::ops::sgd::Sgd;
use pruning_playground::ops::transfer::read;
use pruning_playground::prune::method::{Criterion, Granularity, Method, Scope};
use pruning_playground::prune::scoring::Subject;
use pruning_playground::prune::selection::Selection;
use pruning_playground::prune::{Ranking, Units};
use pruning_playground::shrink::compact::compact;
use pruning_playground::slices::Breath;
use std::sync::Arc;

const ADAM: Rule = Rule::Adam {
    learning_rate: 1e-3,
};

fn sgd(nesterov: bool) -> Rule {
    Rule::Sgd(Sgd {
        learning_rate: 0.1,
        momentum: 0.9,
        weight_decay: 5e-4,
        nesterov,
    })
}

fn evaluated(
    golden: &Golden,
    graph: &Arc<Graph>,
    parameters: &Parameters,
    device: &Device,
) -> (Vec<f32>, f64) {
    let batch = golden.batch(device);
    let model = Model::new(graph, parameters, device);
    let found = block_on(logits(&model, std::slice::from_ref(&batch))).expect("finite");
    let mut tally = Tally::default();
    tally.add(&found, &batch.labels);
    (found, f64::from(tally.metrics().loss))
}

#[test]
fn shapes_and_costs_are_pytorchs() {
    for name in NAMES {
        let golden = Golden::open(name);
        let graph = &golden.graph;
        let nodes = golden.json["nodes"].as_array().expect("nodes");
        for ((_, checked), known) in graph.nodes().zip(nodes) {
            let shape: Vec<usize> = known["shape"]
                .as_array()
                .expect("shape")
                .iter()
                .map(|v| v.as_u64().unwrap() as usize)
                .collect();
            assert_eq!(
                checked.shape.len(),
                shape.iter().product::<usize>(),
                "{name} {}",
                known["name"]
            );
        }
        let costs = &golden.json["costs"];
        assert_eq!(
            Some(graph.learnt() as u64),
            costs["parameters"].as_u64(),
            "{name}"
        );
        assert_eq!(
            Some(graph.layout().total() as u64),
            costs["weights"].as_u64(),
            "{name}"
        );
        for layer in graph.layers() {
            assert_eq!(
                Some(layer.macs as u64),
                costs["macs_per_layer"][&layer.name].as_u64(),
                "{name} {}",
                layer.name
            );
        }
    }
}

#[test]
fn logits_gradients_and_running_statistics_are_pytorchs() {
    let Some(device) = device() else { return };
    for name in NAMES {
        let golden = Golden::open(name);
        let forward = golden.file("forward");
        let (found, loss) = evaluated(&golden, &golden.graph, &golden.parameters, &device);
        assert_close(&found, &golden.floats(&forward, "logits_eval"), 1e-5, name);
        let known = golden.json["forward"]["loss_eval"].as_f64().unwrap();
        assert!((loss - known).abs() <= 1e-5, "{name}: {loss} {known}");

        let model = Model::new(&golden.graph, &golden.parameters, &device);
        let backward = backward_on(&model, &golden.batch(&device), &Objective::Labels);
        let loss = block_on(read(vec![backward.loss.clone()]))
            .unwrap()
            .concat()[0];
        let known = golden.json["forward"]["loss_train"].as_f64().unwrap();
        assert!(
            (f64::from(loss) - known).abs() <= 1e-5,
            "{name}: {loss} {known}"
        );
        let gradients = block_on(backward.read()).unwrap();
        let mut trainer = golden.trainer(ADAM, &device);
        trainer.step(&golden.batch(&device), &Objective::Labels);
        let after = block_on(trainer.parameters()).unwrap();
        for p in golden.graph.parameters() {
            let what = format!("{name} {}", p.name);
            match p.role {
                Role::Mean | Role::Variance => {
                    let known = golden.floats(&forward, &format!("after_forward.{}", p.name));
                    assert_close(after.of(p), &known, 5e-6, &what);
                }
                _ => {
                    let known = golden.floats(&forward, &format!("grad.{}", p.name));
                    assert_close(gradients.of(p), &known, 5e-6, &what);
                }
            }
        }
    }
}

#[test]
fn three_steps_are_pytorchs() {
    let Some(device) = device() else { return };
    for name in NAMES {
        let golden = Golden::open(name);
        let steps = golden.file("steps");
        for (run, known) in golden.json["steps"].as_object().expect("runs") {
            let (rule, tolerance) = match run.as_str() {
                "adam3" | "adam3_masked" => (ADAM, 5e-6),
                "sgd3_nesterov" => (sgd(true), 1e-5),
                _ => (sgd(false), 1e-5),
            };
            let mut trainer = golden.trainer(rule, &device);
            if let Some(id) = known["mask"].as_str() {
                trainer.hold(golden.mask(id));
            }
            let batch = golden.batch(&device);
            let losses = (0..3)
                .map(|_| trainer.step(&batch, &Objective::Labels))
                .collect();
            let losses = block_on(read(losses)).unwrap().concat();
            let before: Vec<f32> = known["loss_before_each_step"]
                .as_array()
                .unwrap()
                .iter()
                .map(|v| v.as_f64().unwrap() as f32)
                .collect();
            assert_close(&losses, &before, 1e-5, &format!("{name} {run}"));
            let after = block_on(trainer.parameters()).unwrap();
            for p in golden.graph.parameters() {
                let known = golden.floats(&steps, &format!("{run}.{}", p.name));
                assert_close(
                    after.of(p),
                    &known,
                    tolerance,
                    &format!("{name} {run} {}", p.name),
                );
            }
        }
    }
}

fn ranking(golden: &Golden, method: &Method, device: &Device) -> Ranking {
    let trainer = golden.trainer(ADAM, device);
    let subject = Subject {
        trainer: &trainer,
        parameters: &golden.parameters,
        slice: &|i| (i == 0).then(|| golden.batch(device)),
        seed: 0,
        device,
        breath: &Breath::default(),
    };
    let scores = block_on(subject.scores(method)).expect("finite");
    let units = Units::new(method, &golden.graph, scores, trainer.mask());
    Ranking::new(units, trainer.mask(), method).expect("finite")
}

#[test]
fn masks_and_what_they_cost_are_pytorchs() {
    let Some(device) = device() else { return };
    for name in NAMES {
        let golden = Golden::open(name);
        let pruned = golden.file("pruned_logits");
        for known in golden.json["masks"].as_array().unwrap() {
            let id = known["id"].as_str().unwrap();
            let (method, share) = id.split_once('/').unwrap();
            let (criterion, scope) = match method {
                "global_l1" => (Criterion::Magnitude, Scope::Global),
                "layerwise_l1" => (Criterion::Magnitude, Scope::Layer),
                "global_weight_grad" => (Criterion::Taylor, Scope::Global),
                other => panic!("{other}"),
            };
            let method = Method {
                criterion,
                scope,
                ..Default::default()
            };
            let ranking = ranking(&golden, &method, &device);
            let cut = ranking
                .select(&Selection::Fraction(share.parse().unwrap()))
                .unwrap();
            let mask = ranking.mask(&cut);
            assert_eq!(mask, golden.mask(id), "{name} {id}");
            let mut masked = golden.parameters.clone();
            for (w, m) in masked.values.iter_mut().zip(&mask) {
                *w *= f32::from(*m);
            }
            let (found, loss) = evaluated(&golden, &golden.graph, &masked, &device);
            assert_close(
                &found,
                &golden.floats(&pruned, id),
                1e-5,
                &format!("{name} {id}"),
            );
            assert!(
                (loss - known["loss_eval"].as_f64().unwrap()).abs() <= 1e-5,
                "{name} {id}"
            );
        }
    }
}

#[test]
fn channel_groups_are_those_of_the_goldens() {
    for name in NAMES {
        let golden = Golden::open(name);
        let layers = golden.graph.layers();
        let named = |members: &[(usize, usize)]| -> Vec<(String, usize)> {
            members
                .iter()
                .map(|&(layer, channel)| (layers[layer].name.clone(), channel))
                .collect()
        };
        let mut found: Vec<_> = golden
            .graph
            .channels()
            .groups()
            .iter()
            .map(|g| named(g))
            .collect();
        let mut known: Vec<_> = golden
            .groups()
            .into_iter()
            .map(|(members, _)| members)
            .collect();
        found.sort();
        known.sort();
        assert_eq!(found, known, "{name}");
    }
}

#[test]
fn removed_channels_are_the_goldens_and_leaving_them_out_changes_nothing() {
    let Some(device) = device() else { return };
    for name in NAMES {
        let golden = Golden::open(name);
        let pruned = golden.file("pruned_logits");
        for known in golden.json["filters"].as_array().unwrap() {
            let id = known["id"].as_str().unwrap();
            let (scope, share) = match id.split_once('/').unwrap() {
                ("filter_global", share) => (Scope::Global, share),
                (_, share) => (Scope::Layer, share),
            };
            let method = Method {
                granularity: Granularity::Filter,
                scope,
                ..Default::default()
            };
            let ranking = ranking(&golden, &method, &device);
            let cut = ranking
                .select(&Selection::Fraction(share.parse().unwrap()))
                .unwrap();
            let mut found: Vec<_> = cut
                .iter()
                .zip(golden.graph.channels().groups())
                .filter(|(cut, _)| **cut)
                .flat_map(|(_, members)| members.clone())
                .collect();
            found.sort_unstable();
            let removed = golden.removed(known);
            assert_eq!(found, removed, "{name} {id}");

            let mut state = TrainState::fresh(&golden.graph, 1);
            state.parameters = golden.parameters.clone();
            state.mask = ranking.mask(&cut);
            let masked = golden.parameters.clone().under(&golden.graph, &state.mask);
            let (logits, loss) = evaluated(&golden, &golden.graph, &masked, &device);
            assert_close(
                &logits,
                &golden.floats(&pruned, &format!("{id}.masked")),
                1e-5,
                &format!("{name} {id}"),
            );
            assert!(
                (loss - known["loss_eval"].as_f64().unwrap()).abs() <= 1e-5,
                "{name} {id}"
            );

            let smaller = compact(&golden.graph, &state).expect("channels are removed");
            let after = &known["after"];
            let graph = &smaller.graph;
            assert_eq!(
                Some(graph.learnt() as u64),
                after["parameters"].as_u64(),
                "{name} {id}"
            );
            assert_eq!(
                Some(graph.macs().iter().sum::<usize>() as u64),
                after["macs"].as_u64(),
                "{name} {id}"
            );
            for layer in graph.layers() {
                let dims: Vec<u64> = layer.dims.iter().map(|&d| d as u64).collect();
                assert_eq!(
                    serde_json::json!(dims),
                    after["shapes"][format!("{}.weight", layer.name)],
                    "{name} {id}"
                );
            }
            let (found, _) = evaluated(&golden, graph, &smaller.state.parameters, &device);
            let known = golden.floats(&pruned, &format!("{id}.removed"));
            assert_close(&found, &known, 1e-5, &format!("{name} {id} removed"));
            assert!(close(&found, &logits, 1e-5));
        }
    }
}

/// Trainers of the goldens are made in one place.
impl Golden {
    fn trainer(&self, rule: Rule, device: &Device) -> Trainer {
        let mut state = TrainState::fresh(&self.graph, 1);
        state.parameters = self.parameters.clone();
        Trainer::new(self.graph.clone(), &state, rule, device)
    }
}
