//! What a training step and a forward pass of any network take, natively, beside `bench/torch_networks.py`:
//!
//!     cargo run --release --example network_steps -- NETWORK [CxHxW] [BATCH] [STEPS]
//!     cargo run --release --no-default-features --features webgpu --example network_steps -- NETWORK ...

use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::data::batch::Batch;
use pruning_playground::learn::eval::logits;
use pruning_playground::learn::objective::Objective;
use pruning_playground::learn::optimiser::Rule;
use pruning_playground::learn::state::TrainState;
use pruning_playground::learn::train::Trainer;
use pruning_playground::net::network;
use pruning_playground::ops::transfer::{read, tensor};
use std::time::Instant;

/// Images of the forward pass.
const FORWARD: usize = 256;
const CLASSES: usize = 10;

type Failure = Box<dyn std::error::Error>;

#[cfg(feature = "cpu")]
fn device() -> Result<(Device, String), Failure> {
    Ok((Device::flex(), "CPU, one thread".to_owned()))
}

#[cfg(not(feature = "cpu"))]
fn device() -> Result<(Device, String), Failure> {
    let (device, setup) = Device::wgpu_options().init_with_setup()?;
    Ok((device, setup.adapter.get_info().name))
}

fn images(n: usize, [c, h, w]: [usize; 3], device: &Device) -> Batch {
    let pixels = (0..n * c * h * w).map(|i| (i as f32 * 0.37).sin());
    let labels: Vec<u8> = (0..n).map(|i| (i % CLASSES) as u8).collect();
    let mut one_hot = vec![0.0; n * CLASSES];
    for (row, &label) in one_hot.chunks_mut(CLASSES).zip(&labels) {
        row[usize::from(label)] = 1.0;
    }
    Batch {
        images: tensor(pixels.collect(), [n, c, h, w], device),
        one_hot: tensor(one_hot, [n, CLASSES], device),
        labels,
        first_row: 0,
    }
}

fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
}

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let written = arguments.next().unwrap_or_else(|| "two-conv".into());
    let dims = arguments.next().unwrap_or_else(|| "3x32x32".into());
    let dims: Vec<usize> = dims.split('x').map(str::parse).collect::<Result<_, _>>()?;
    let input: [usize; 3] = dims.try_into().map_err(|_| "the image, as 3x32x32")?;
    let batch: usize = arguments.next().map_or(Ok(32), |n| n.parse())?;
    let steps: usize = arguments.next().map_or(Ok(20), |n| n.parse())?;
    let (device, name) = device()?;
    let graph = network(&written, [8, 16], input, CLASSES)?;
    let rule = Rule::Adam {
        learning_rate: 1e-3,
    };
    let mut trainer = Trainer::new(graph.clone(), &TrainState::fresh(&graph, 1), rule, &device);
    let (few, many) = (
        images(batch, input, &device),
        images(FORWARD, input, &device),
    );
    let mut took = Vec::new();
    // Waiting for a GPU after each step would measure the waiting.
    let each = if cfg!(feature = "cpu") { 1 } else { 5 };
    for round in 0..2 + steps.div_ceil(each) {
        let start = Instant::now();
        let mut loss = None;
        for _ in 0..each {
            loss = Some(trainer.step(&few, &Objective::Labels));
        }
        block_on(read(loss.into_iter().collect()))?;
        if round >= 2 {
            took.push(start.elapsed().as_secs_f64() * 1e3 / each as f64);
        }
    }
    let mut forward = Vec::new();
    for round in 0..1 + steps.div_ceil(5).max(3) {
        let start = Instant::now();
        block_on(logits(&trainer.model, std::slice::from_ref(&many)))?;
        if round > 0 {
            forward.push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    println!(
        "{name}: {written}, {} weights: {:.2} ms a step of {batch}, {:.2} ms a forward pass of {FORWARD}",
        graph.layout().total(),
        median(took),
        median(forward)
    );
    Ok(())
}
