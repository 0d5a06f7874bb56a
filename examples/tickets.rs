//! Find winning tickets of a published network natively (Frankle & Carbin, ICLR 2019): train, cut a part of what is left of each
//! layer, go back to the first weights, train again; and print what each round comes to, over the whole test set.
//!
//!     cargo run --release --example tickets -- lenet-300-100 --dataset mnist --data data --steps 5000 --rounds 15

#[path = "common/driver.rs"]
mod driver;

use burn::tensor::Device;
use clap::Parser;
use driver::{Failure, load};
use pollster::block_on;
use pruning_playground::config::{Optimiser, RunConfig};
use pruning_playground::data::batch::Batcher;
use pruning_playground::data::order::BatchOrder;
use pruning_playground::data::{Dataset, DatasetId};
use pruning_playground::learn::eval::{Metrics, Tally, logits};
use pruning_playground::learn::objective::Objective;
use pruning_playground::learn::schedule::Schedule;
use pruning_playground::learn::state::TrainState;
use pruning_playground::learn::train::Trainer;
use pruning_playground::net::{Graph, Initialisation, sparsity};
use pruning_playground::prune::method::Method;
use pruning_playground::prune::rates::LayerRates;
use pruning_playground::prune::selection::Selection;
use pruning_playground::prune::{Ranking, Scores, Units, scores};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// Images in a forward pass of an evaluation.
const EVALUATED: usize = 250;

/// Find winning tickets of a published network, round by round.
#[derive(Parser)]
struct Arguments {
    /// lenet-300-100, conv-2, conv-4, conv-6, vgg-small or resnet-20; narrower with /2, /4, /8
    network: String,
    /// digits, shapes, cifar-10, mnist or fashion-mnist
    #[arg(long, default_value = "digits")]
    dataset: DatasetId,
    /// Folder with the data set's official files (searched two levels deep)
    #[arg(long)]
    data: Option<PathBuf>,
    /// Training steps of each round
    #[arg(long, default_value_t = 5000)]
    steps: u32,
    #[arg(long, default_value_t = 15)]
    rounds: u32,
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// The step to go back to
    #[arg(long, default_value_t = 0)]
    rewind_to: u32,
    /// Train the masks of each round on other first weights too
    #[arg(long)]
    reinitialise: bool,
}

fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    let (config, rate, rates) = published(&arguments);
    config.validate()?;
    let data = load(config.dataset, arguments.data.as_deref())?;
    let run = Run {
        graph: config.graph(&data)?,
        batcher: Batcher::new(&data),
        device: Device::flex(),
        data,
        config,
    };
    let initial = |seed| TrainState::initial(&run.graph, run.config.initialisation, seed);
    let mut trainer = run.trainer(&initial(arguments.seed));
    run.train(&mut trainer, arguments.rewind_to);
    let remembered = block_on(trainer.state())?;
    println!("| round | weights left | accuracy | other first weights | loss | seconds |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: |");
    for round in 0..=arguments.rounds {
        let start = Instant::now();
        run.train(&mut trainer, arguments.steps);
        let Metrics { loss, accuracy, .. } = run.test(&trainer)?;
        let mask = trainer.mask().to_vec();
        let other = match arguments.reinitialise && round > 0 {
            true => {
                let mut state = initial(arguments.seed.wrapping_add(1000));
                state.mask.clone_from(&mask);
                let mut other = run.trainer(&state);
                run.train(&mut other, arguments.steps);
                format!("{:.2}%", 100.0 * run.test(&other)?.accuracy)
            }
            false => String::new(),
        };
        println!(
            "| {round} | {:.1}% | {:.2}% | {other} | {loss:.4} | {:.0} |",
            100.0 * (1.0 - sparsity(&mask)),
            100.0 * accuracy,
            start.elapsed().as_secs_f64(),
        );
        let cut = rates.after(round + 1, rate).of_layers(&run.graph);
        let mut state = remembered.clone();
        state.mask = run.cut(&trainer, cut)?;
        trainer = run.trainer(&state);
    }
    Ok(())
}

/// The settings that the network was published with, and what a round cuts.
fn published(arguments: &Arguments) -> (RunConfig, f64, LayerRates) {
    let base = RunConfig {
        dataset: arguments.dataset,
        network: arguments.network.clone(),
        seed: arguments.seed,
        ..Default::default()
    };
    let adam = |learning_rate| RunConfig {
        learning_rate,
        batch: 60,
        initialisation: Initialisation::GlorotNormal,
        ..base.clone()
    };
    let output_at_10 = |conv| LayerRates {
        conv: Some(conv),
        linear: None,
        output: Some(0.1),
    };
    let name = arguments.network.split('/').next().unwrap_or_default();
    match name {
        "lenet-300-100" => (adam(1.2e-3), 0.2, output_at_10(0.2)),
        "conv-2" => (adam(2e-4), 0.2, output_at_10(0.1)),
        "conv-4" => (adam(3e-4), 0.2, output_at_10(0.1)),
        "conv-6" => (adam(3e-4), 0.2, output_at_10(0.15)),
        "resnet-20" => {
            let config = RunConfig {
                optimiser: Optimiser::Sgd,
                learning_rate: 0.1,
                weight_decay: 1e-4,
                batch: 128,
                schedule: Schedule::Steps,
                drops: vec![32_000, 48_000],
                augment: true,
                ..base
            };
            (config, 0.2, LayerRates::default())
        }
        _ => (base, 0.2, LayerRates::default()),
    }
}

struct Run {
    config: RunConfig,
    data: Dataset,
    graph: Arc<Graph>,
    batcher: Batcher,
    device: Device,
}

impl Run {
    fn trainer(&self, state: &TrainState) -> Trainer {
        let descent = self.config.descent();
        Trainer::new(self.graph.clone(), state, descent, &self.device)
    }

    /// Trains from where `trainer` is to the step of this number.
    fn train(&self, trainer: &mut Trainer, to: u32) {
        let (seed, batch) = (self.config.seed, self.config.batch);
        let images = &self.data.train;
        let mut order = BatchOrder::new(seed, images.len(), batch);
        while trainer.step < to {
            let (rows, augment) = (0..batch as usize, self.config.augment);
            let batch = self.batcher.share(
                images,
                &mut order,
                trainer.step,
                rows,
                augment,
                &self.device,
            );
            trainer.step(&batch, &Objective::Labels);
        }
    }

    fn test(&self, trainer: &Trainer) -> Result<Metrics, Failure> {
        let images = &self.data.test;
        let mut tally = Tally::default();
        for from in (0..images.len()).step_by(EVALUATED) {
            let range = from..(from + EVALUATED).min(images.len());
            let batch = self.batcher.batch(images, range, &self.device);
            let batch = std::slice::from_ref(&batch);
            let values = block_on(logits(&trainer.model, batch))?;
            tally.add(&values, &batch[0].labels);
        }
        Ok(tally.metrics())
    }

    /// The mask that leaves each layer as sparse as that, by magnitude.
    fn cut(&self, trainer: &Trainer, sparsities: Vec<f64>) -> Result<Vec<u8>, Failure> {
        let (method, held) = (Method::default(), trainer.mask());
        let parameters = block_on(trainer.parameters())?;
        let magnitudes = scores::magnitude(parameters.weights(&self.graph));
        let units = Units::new(&method, &self.graph, Scores::Weights(magnitudes), held);
        let ranking = Ranking::new(units, held, &method)?;
        let cut = ranking.select(&Selection::Layers(sparsities))?;
        Ok(ranking.mask(&cut))
    }
}
