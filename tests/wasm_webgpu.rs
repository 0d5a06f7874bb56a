//! The WebGPU bundle in a browser, in a dedicated worker as on the page. A browser without an
//! adapter fails these tests.
#![cfg(all(target_arch = "wasm32", feature = "webgpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/blocks.rs"]
mod blocks;
mod support;

use burn::tensor::Device;
use pruning_playground::data::batch::Batch;
use pruning_playground::learn::optimiser::Rule;
use pruning_playground::learn::state::TrainState;
use pruning_playground::learn::train::Trainer;
use pruning_playground::net::{Parameters, two_conv};
use pruning_playground::ops::transfer::tensor;
use pruning_playground::prune::method::{Criterion, Method};
use pruning_playground::prune::scoring::{Subject, synflow};
use pruning_playground::prune::selection::Selection;
use pruning_playground::prune::{Ranking, Units};
use pruning_playground::selftest;
use pruning_playground::slices::Breath;
use safetensors::SafeTensors;
use std::cell::RefCell;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

thread_local! {
    /// A runtime can be initialised once only.
    static DEVICE: RefCell<Option<Device>> = const { RefCell::new(None) };
}

async fn device() -> Device {
    if let Some(device) = DEVICE.with_borrow(Clone::clone) {
        return device;
    }
    pruning_playground::web::run_constructors();
    let device = Device::wgpu_options()
        .init_async()
        .await
        .expect("a WebGPU adapter");
    DEVICE.set(Some(device.clone()));
    device
}

#[wasm_bindgen_test]
async fn the_self_test_gives_the_figures_of_the_cpu_backend() {
    let device = device().await;
    assert_eq!(selftest::run(&device).await, Ok(()));
}

#[wasm_bindgen_test]
async fn a_blocks_values_and_gradients_are_those_of_burns_composition() {
    blocks::assert_is_burns_composition(&device().await).await;
}

/// PyTorch's network, batch and masks (see `tests/goldens`), whose thresholds are far from rounding noise.
const MODEL: &[u8] = include_bytes!("goldens/model.safetensors");
const BATCH: &[u8] = include_bytes!("goldens/batch.safetensors");
const LAYERS: [&str; 3] = ["conv1", "conv2", "fc"];
const MASKS: &[u8] = include_bytes!("goldens/masks.safetensors");

fn bytes_of(file: &[u8], name: &str) -> Vec<u8> {
    let file = SafeTensors::deserialize(file).expect("safetensors");
    file.tensor(name).expect(name).data().to_vec()
}

fn floats(file: &[u8], name: &str) -> Vec<f32> {
    let value = |b: &[u8]| f32::from_le_bytes([b[0], b[1], b[2], b[3]]);
    bytes_of(file, name).chunks_exact(4).map(value).collect()
}

#[wasm_bindgen_test]
async fn on_the_same_weights_the_masks_are_those_of_the_cpu_backend_and_of_pytorch() {
    let device = device().await;
    let graph = two_conv([3, 16, 16], [4, 6], 10).expect("it fits");
    let mut state = TrainState::fresh(&graph, 1);
    let names = graph.parameters().iter().map(|p| &p.name);
    state.parameters = Parameters {
        values: names.flat_map(|name| floats(MODEL, name)).collect(),
    };
    let rule = Rule::Adam {
        learning_rate: 1e-3,
    };
    let trainer = Trainer::new(graph.clone(), &state, rule, &device);
    let mut one_hot = vec![0.0; 160];
    let labels: Vec<u8> = bytes_of(BATCH, "labels")
        .chunks_exact(8)
        .map(|b| b[0])
        .collect();
    for (row, &label) in one_hot.chunks_mut(10).zip(&labels) {
        row[usize::from(label)] = 1.0;
    }
    let batch = Batch {
        images: tensor(floats(BATCH, "input"), [16, 3, 16, 16], &device),
        one_hot: tensor(one_hot, [16, 10], &device),
        labels,
        first_row: 0,
    };
    let subject = Subject {
        trainer: &trainer,
        parameters: &state.parameters,
        slice: &|i| (i == 0).then(|| batch.clone()),
        seed: 0,
        device: &device,
        breath: &Breath::default(),
    };
    for (id, criterion) in [
        ("global_l1", Criterion::Magnitude),
        ("global_grad", Criterion::Gradient),
        ("global_weight_grad", Criterion::Taylor),
    ] {
        let method = Method {
            criterion,
            ..Default::default()
        };
        let scores = subject.scores(&method).await.expect("read");
        let units = Units::new(&method, &graph, scores, &state.mask);
        let ranking = Ranking::new(units, &state.mask, &method).expect("finite");
        for s in ["0.25", "0.50", "0.75", "0.90", "0.95"] {
            let p = s.parse().expect("a number");
            let cut = ranking.select(&Selection::Fraction(p)).expect("in range");
            let known = LAYERS
                .map(|l| bytes_of(MASKS, &format!("{id}/{s}.{l}.weight")))
                .concat();
            assert!(ranking.mask(&cut) == known, "{id}/{s}");
        }
    }
    let method = Method {
        criterion: Criterion::Synflow,
        ..Default::default()
    };
    let order = synflow(
        &state.parameters,
        &graph,
        &state.mask,
        &method,
        0.9,
        &device,
        &Breath::default(),
    )
    .await
    .expect("finite");
    let units = Units::new(&method, &graph, order, &state.mask);
    let ranking = Ranking::new(units, &state.mask, &method).expect("finite");
    let cut = ranking.select(&Selection::Fraction(0.9)).expect("in range");
    let known = LAYERS
        .map(|l| bytes_of(MASKS, &format!("synflow/0.90.{l}.weight")))
        .concat();
    assert!(ranking.mask(&cut) == known, "synflow/0.90");
}

#[wasm_bindgen_test]
async fn training_reaches_the_accuracy_of_the_cpu_backend_within_2_points() {
    let accuracy = support::accuracy_at_step_150(device().await).await;
    let difference = (accuracy - support::ACCURACY_AT_STEP_150).abs();
    assert!(
        difference <= 0.02,
        "{accuracy} against {}",
        support::ACCURACY_AT_STEP_150
    );
}
