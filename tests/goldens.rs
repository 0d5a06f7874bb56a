//! The core against PyTorch: logits, loss, gradients, Adam, masked Adam, global magnitude masks.
//! The figures are in `tests/goldens` (see its README for what made them and the tolerances).
#![cfg(all(not(target_arch = "wasm32"), feature = "cpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "goldens/pruning.rs"]
mod pruning;

use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::data::batch::Batch;
use pruning_playground::learn::distillation::Distillation;
use pruning_playground::learn::eval::{Tally, logits};
use pruning_playground::learn::model::Model;
use pruning_playground::learn::objective::{Objective, backward_on, parameter_gradients};
use pruning_playground::learn::optimiser::Rule;
use pruning_playground::learn::state::{KEPT, TrainState};
use pruning_playground::learn::train::Trainer;
use pruning_playground::net::{Graph, Parameters, two_conv};
use pruning_playground::ops::loss::cross_entropy;
use pruning_playground::ops::transfer::{read, tensor};
use pruning_playground::prune::schedule;
use safetensors::SafeTensors;
use serde_json::Value;
use std::sync::Arc;

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!(
        "{}/tests/goldens/{name}",
        env!("CARGO_MANIFEST_DIR")
    ))
    .expect(name)
}

fn json() -> Value {
    serde_json::from_slice(&file("goldens.json")).expect("valid JSON")
}

fn floats(bytes: &[u8], name: &str) -> Vec<f32> {
    let st = SafeTensors::deserialize(bytes).expect("safetensors");
    let data = st.tensor(name).expect(name).data().to_vec();
    data.chunks_exact(4)
        .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
        .collect()
}

const LAYERS: [&str; 3] = ["conv1", "conv2", "fc"];

const RULE: Rule = Rule::Adam {
    learning_rate: 1e-3,
};

/// Those that are learnt, in the order of the network.
fn parameters(bytes: &[u8], prefix: &str) -> Parameters {
    let graph = shape();
    let names = graph.parameters().iter().map(|p| &p.name);
    Parameters {
        values: names
            .flat_map(|name| floats(bytes, &format!("{prefix}{name}")))
            .collect(),
    }
}

fn shape() -> Arc<Graph> {
    two_conv([3, 16, 16], [4, 6], 10).expect("it fits")
}

fn state() -> TrainState {
    TrainState {
        step: 0,
        parameters: parameters(&file("model.safetensors"), ""),
        moments: None,
        mask: vec![1; shape().layout().total()],
        cut_at: vec![KEPT; shape().layout().total()],
    }
}

fn batch(device: &Device) -> Batch {
    let bytes = file("batch.safetensors");
    let st = SafeTensors::deserialize(&bytes).expect("safetensors");
    let labels: Vec<u8> = st
        .tensor("labels")
        .expect("labels")
        .data()
        .chunks_exact(8)
        .map(|b| b[0])
        .collect();
    let mut one_hot = vec![0.0; 160];
    for (row, &label) in one_hot.chunks_mut(10).zip(&labels) {
        row[usize::from(label)] = 1.0;
    }
    Batch {
        images: tensor(floats(&bytes, "input"), [16, 3, 16, 16], device),
        one_hot: tensor(one_hot, [16, 10], device),
        labels,
        first_row: 0,
    }
}

/// The mask `id` of masks.safetensors over all prunable weights.
fn golden_mask(id: &str) -> Vec<u8> {
    let bytes = file("masks.safetensors");
    let st = SafeTensors::deserialize(&bytes).expect("safetensors");
    LAYERS
        .iter()
        .flat_map(|l| {
            st.tensor(&format!("{id}.{l}.weight"))
                .expect(id)
                .data()
                .to_vec()
        })
        .collect()
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max)
}

fn assert_parameters_close(found: &Parameters, golden: &Parameters, tolerance: f32) {
    for p in shape().parameters() {
        let difference = largest_difference(found.of(p), golden.of(p));
        assert!(difference <= tolerance, "{}: {difference}", p.name);
    }
}

#[test]
fn logits_loss_and_accuracy_are_pytorchs() {
    let device = Device::flex();
    let model = Model::new(&shape(), &state().parameters, &device);
    let batch = batch(&device);
    let found = block_on(logits(&model, std::slice::from_ref(&batch))).expect("finite");
    assert!(largest_difference(&found, &floats(&file("forward.safetensors"), "logits")) <= 1e-5);
    let mut tally = Tally::default();
    tally.add(&found, &batch.labels);
    let forward = &json()["forward"];
    let loss = forward["loss"].as_f64().expect("a number");
    assert!((f64::from(tally.metrics().loss) - loss).abs() <= 1e-5);
    assert_eq!(Some(tally.metrics().accuracy), forward["accuracy"].as_f64());
    let on_device = cross_entropy(model.forward(batch.images.clone()), batch.one_hot.clone());
    let on_device = block_on(read(vec![on_device])).expect("read").concat()[0];
    assert!((f64::from(on_device) - loss).abs() <= 1e-5);
}

#[test]
fn gradients_are_pytorchs() {
    let device = Device::flex();
    let trainer = Trainer::new(shape(), &state(), RULE, &device);
    let found = block_on(parameter_gradients(&trainer.model, &batch(&device))).expect("read");
    assert_parameters_close(
        &found,
        &parameters(&file("forward.safetensors"), "grad."),
        1e-6,
    );
}

fn adam(mask: Option<Vec<u8>>, steps: u32, golden: &str) {
    let device = Device::flex();
    let mut trainer = Trainer::new(shape(), &state(), RULE, &device);
    if let Some(mask) = &mask {
        trainer.hold(mask.clone());
    }
    let batch = batch(&device);
    let losses: Vec<_> = (0..steps)
        .map(|_| trainer.step(&batch, &Objective::Labels))
        .collect();
    let losses = block_on(read(losses)).expect("read").concat();
    let run = &json()["adam"]["runs"][golden];
    let known: Vec<f32> = run["loss_before_each_step"]
        .as_array()
        .expect("losses")
        .iter()
        .map(|v| v.as_f64().expect("a number") as f32)
        .collect();
    assert!(largest_difference(&losses, &known) <= 1e-5, "{losses:?}");
    let found = block_on(trainer.parameters()).expect("read");
    assert_parameters_close(
        &found,
        &parameters(&file("adam.safetensors"), &format!("{golden}.")),
        1e-6,
    );
    if let Some(mask) = mask {
        let graph = shape();
        let weights = found.weights(&graph);
        assert!(
            weights.iter().zip(&mask).all(|(w, m)| *m == 1 || *w == 0.0),
            "cut weights are exactly 0"
        );
    }
}

#[test]
fn the_loss_of_distillation_and_its_gradients_are_pytorchs() {
    let device = Device::flex();
    let json = json();
    let teacher = two_conv([3, 16, 16], [8, 12], 10).expect("it fits");
    let teacher = Model::new(
        &teacher,
        &parameters(&file("teacher.safetensors"), ""),
        &device,
    );
    let student = Model::new(&shape(), &state().parameters, &device);
    let batch = batch(&device);
    let found = block_on(logits(&teacher, std::slice::from_ref(&batch))).expect("finite");
    let golden = file("kd.safetensors");
    assert!(largest_difference(&found, &floats(&golden, "teacher_logits")) <= 5e-5);
    let number = |key: &str| json["kd"][key].as_f64().expect("a number");
    let how = Distillation {
        alpha: number("alpha"),
        temperature: number("T"),
    };
    let backward = backward_on(&student, &batch, &Objective::Teacher(&teacher, &how));
    let loss = block_on(read(vec![backward.loss.clone()]))
        .expect("read")
        .concat()[0];
    assert!((f64::from(loss) - number("loss")).abs() <= 1e-5, "{loss}");
    let gradients = block_on(backward.read()).expect("read");
    assert_parameters_close(&gradients, &parameters(&golden, "grad."), 1e-6);
}

#[test]
fn the_gradual_schedule_is_zhu_and_guptas() {
    let known = &json()["zhu_gupta"]["sparsity"];
    for (t, known) in (0..).zip(known.as_array().expect("sparsities")) {
        let found = schedule::gradual(t, 20, 0.0, 0.9);
        assert!((found - known.as_f64().expect("a number")).abs() <= 1e-12);
    }
}

#[test]
fn one_adam_step_is_pytorchs() {
    adam(None, 1, "adam1");
}

#[test]
fn five_adam_steps_are_pytorchs() {
    adam(None, 5, "adam5");
}

#[test]
fn five_adam_steps_under_a_mask_are_pytorchs() {
    adam(Some(golden_mask("global_l1/0.75")), 5, "adam5_masked");
}
