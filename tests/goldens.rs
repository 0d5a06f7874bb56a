//! The core against PyTorch: logits, loss, gradients, Adam, masked Adam, global magnitude masks.
//! The figures are in `tests/goldens` (see its README for what made them and the tolerances).
#![cfg(all(not(target_arch = "wasm32"), feature = "cpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::batch::Batch;
use pruning_playground::eval::{Tally, logits};
use pruning_playground::model::{Cnn, CnnConfig, LAYERS, Parameters, tensor};
use pruning_playground::protocol::Selection;
use pruning_playground::prune::{Ranking, prune_count, scores};
use pruning_playground::train::{TrainState, Trainer, cross_entropy, read};
use safetensors::SafeTensors;
use serde_json::Value;

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

fn parameters(bytes: &[u8], prefix: &str) -> Parameters {
    let read = |kind: &str| LAYERS.map(|l| floats(bytes, &format!("{prefix}{l}.{kind}")));
    Parameters {
        weights: read("weight"),
        biases: read("bias"),
    }
}

fn shape() -> CnnConfig {
    CnnConfig {
        channels: 3,
        height: 16,
        width: 16,
        widths: [4, 6],
        classes: 10,
    }
}

fn state() -> TrainState {
    TrainState {
        step: 0,
        parameters: parameters(&file("model.safetensors"), ""),
        moments: None,
        mask: vec![1; shape().layout().total()],
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
    for i in 0..3 {
        let weight = largest_difference(&found.weights[i], &golden.weights[i]);
        let bias = largest_difference(&found.biases[i], &golden.biases[i]);
        assert!(
            weight <= tolerance && bias <= tolerance,
            "{}: {weight} {bias}",
            LAYERS[i]
        );
    }
}

#[test]
fn logits_loss_and_accuracy_are_pytorchs() {
    let device = Device::flex();
    let model = Cnn::new(&shape(), &state().parameters, &device);
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
    let trainer = Trainer::new(shape(), &state(), 1e-3, &device);
    let found = block_on(trainer.gradients(&batch(&device))).expect("read");
    assert_parameters_close(
        &found,
        &parameters(&file("forward.safetensors"), "grad."),
        1e-6,
    );
}

fn adam(mask: Option<Vec<u8>>, steps: u32, golden: &str) {
    let device = Device::flex();
    let mut trainer = Trainer::new(shape(), &state(), 1e-3, &device);
    if let Some(mask) = &mask {
        trainer.hold(mask.clone());
    }
    let batch = batch(&device);
    let losses: Vec<_> = (0..steps).map(|_| trainer.step(&batch)).collect();
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
        let weights = found.concat_weights();
        assert!(
            weights.iter().zip(&mask).all(|(w, m)| *m == 1 || *w == 0.0),
            "cut weights are exactly 0"
        );
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

#[test]
fn global_magnitude_masks_thresholds_logits_and_losses_are_pytorchs() {
    let device = Device::flex();
    let json = json();
    let weights = state().parameters.concat_weights();
    let layout = shape().layout();
    let ranking = Ranking::new(
        &scores::magnitude(&weights),
        &vec![1; weights.len()],
        &layout,
    )
    .expect("finite");
    for s in ["0.25", "0.50", "0.75", "0.90", "0.95"] {
        let id = format!("global_l1/{s}");
        let entry = json["masks"]
            .as_array()
            .expect("masks")
            .iter()
            .find(|e| e["id"] == *id)
            .expect("entry");
        let count = ranking
            .count(Selection::Fraction(s.parse().expect("a number")))
            .expect("in range");
        let mask = ranking.mask(count);
        assert_eq!(mask, golden_mask(&id), "{id}");
        assert_eq!(Some(count as u64), entry["pruned"].as_u64());
        let kept: Vec<u64> = layout.kept(&mask).into_iter().map(u64::from).collect();
        let known: Vec<u64> = LAYERS
            .iter()
            .map(|l| {
                entry["kept"][format!("{l}.weight")]
                    .as_u64()
                    .expect("count")
            })
            .collect();
        assert_eq!(kept, known, "{id}");
        let t = &entry["threshold"]["conv1.weight conv2.weight fc.weight"]["smallest_kept"];
        assert_eq!(
            ranking.threshold(count),
            t.as_f64().expect("a number") as f32,
            "{id}"
        );
        assert_eq!(
            ranking.count(Selection::Threshold(ranking.threshold(count))),
            Ok(count),
            "{id}"
        );

        let mut trainer = Trainer::new(shape(), &state(), 1e-3, &device);
        trainer.hold(mask);
        let batch = batch(&device);
        let found = block_on(logits(&trainer.model, std::slice::from_ref(&batch))).expect("finite");
        assert!(
            largest_difference(&found, &floats(&file("pruned_logits.safetensors"), &id)) <= 1e-5,
            "{id}"
        );
        let mut tally = Tally::default();
        tally.add(&found, &batch.labels);
        let loss = entry["loss"].as_f64().expect("a number");
        assert!(
            (f64::from(tally.metrics().loss) - loss).abs() <= 1e-5,
            "{id}"
        );
    }
}

#[test]
fn counts_round_halves_to_even_as_pytorch_does() {
    for case in json()["rounding"].as_array().expect("cases") {
        let n = case["n"].as_u64().expect("n") as usize;
        let p = case["sparsity"].as_f64().expect("sparsity");
        assert_eq!(
            Some(prune_count(p, n) as u64),
            case["pruned"].as_u64(),
            "{case}"
        );
    }
}

#[test]
fn ties_prune_what_must_go_and_keep_what_must_stay() {
    for case in json()["ties"].as_array().expect("cases") {
        let values: Vec<f32> = case["values"]
            .as_array()
            .expect("values")
            .iter()
            .map(|v| v.as_f64().expect("number") as f32)
            .collect();
        let layout = pruning_playground::prune::Layout::new([("only", values.len())]);
        let ranking = Ranking::new(&scores::magnitude(&values), &vec![1; values.len()], &layout)
            .expect("finite");
        let count = ranking
            .count(Selection::Fraction(case["sparsity"].as_f64().expect("p")))
            .expect("in range");
        let mask = ranking.mask(count);
        let indices = |key: &str| -> Vec<usize> {
            case[key]
                .as_array()
                .expect(key)
                .iter()
                .map(|v| v.as_u64().expect("index") as usize)
                .collect()
        };
        assert_eq!(Some(count as u64), case["pruned"].as_u64());
        assert!(
            indices("must_prune").iter().all(|&i| mask[i] == 0),
            "{case}"
        );
        assert!(indices("must_keep").iter().all(|&i| mask[i] == 1), "{case}");
        let of_equal: Vec<usize> = indices("equal_at_threshold")
            .into_iter()
            .filter(|&i| mask[i] == 0)
            .collect();
        let expected: Vec<usize> = indices("equal_at_threshold")
            .into_iter()
            .take(of_equal.len())
            .collect();
        assert_eq!(of_equal, expected, "ties go by position");
        assert_eq!(Some(of_equal.len() as u64), case["prune_of_equal"].as_u64());
    }
}
