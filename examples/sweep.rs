//! Train, sweep the sparsity, prune and fine-tune, natively, and print the table that
//! `cargo xtask demo` prints of the page.
//!
//!     cargo run --release --example sweep -- --dataset cifar-10 --data DIR --epochs 3

#[path = "common/driver.rs"]
mod driver;

use clap::Parser;
use driver::{Driver, Failure, Outcome};
use indicatif::{ProgressBar, ProgressStyle};
use pruning_playground::config::RunConfig;
use pruning_playground::data::DatasetId;
use pruning_playground::protocol::Command;
use pruning_playground::prune::selection::Selection;
use std::path::PathBuf;

/// Train a small CNN, sweep its sparsity, prune and fine-tune; print what that did.
#[derive(Parser)]
struct Arguments {
    /// digits, shapes, cifar-10, mnist or fashion-mnist
    #[arg(long, default_value = "digits")]
    dataset: DatasetId,
    /// Folder with the data set's official files (searched two levels deep)
    #[arg(long)]
    data: Option<PathBuf>,
    /// Filters of the two convolutions
    #[arg(long, default_value = "8,16", value_delimiter = ',', num_args = 1..=2)]
    widths: Vec<u32>,
    #[arg(long, default_value_t = 5)]
    epochs: u32,
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// Train on the first so many images only; 0 takes all
    #[arg(long, default_value_t = 0)]
    train_limit: u32,
}

/// Sparsities of the table, and those at which the network is pruned and fine-tuned.
const SWEEP: [f64; 15] = [
    0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 1.0,
];
const FINE_TUNED: [f64; 4] = [0.5, 0.8, 0.9, 0.95];

/// Trains `steps` steps under the masks held, with a progress bar.
fn train(driver: &mut Driver, steps: u32, what: &str) -> Result<Outcome, Failure> {
    let bar = ProgressBar::new(steps.into()).with_prefix(what.to_owned());
    bar.set_style(ProgressStyle::with_template(
        "{prefix:>18} {wide_bar} {pos}/{len} steps, {msg}, {eta} left",
    )?);
    let outcome = driver.measured(
        Command::FineTune {
            steps,
            distil: None,
        },
        |left, loss| {
            bar.set_position(u64::from(steps.saturating_sub(left)));
            bar.set_message(format!("loss {loss:.4}"));
        },
    )?;
    bar.finish_and_clear();
    Ok(outcome)
}

fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    let widths = <[u32; 2]>::try_from(arguments.widths.clone())
        .map_err(|_| "--widths takes two numbers, such as 8,16")?;
    let config = RunConfig {
        dataset: arguments.dataset,
        widths,
        seed: arguments.seed,
        train_limit: arguments.train_limit,
        ..Default::default()
    };
    let mut driver = Driver::new();
    let steps_per_epoch = driver.configure(config, arguments.data.as_deref())?;
    let dense = train(
        &mut driver,
        arguments.epochs.max(1) * steps_per_epoch,
        "training",
    )?;
    let metrics = dense.point.test;
    println!(
        "{}: dense accuracy {:.2}% over {} test images, loss {:.4}, step {}",
        arguments.dataset.name(),
        metrics.accuracy * 100.0,
        metrics.samples,
        metrics.loss,
        dense.point.step
    );
    println!("sparsity   threshold        kept   accuracy   fine-tuned");
    for sparsity in SWEEP {
        driver.restore(&dense.checkpoint)?;
        let prune = Command::Prune {
            selection: Selection::Fraction(sparsity),
        };
        let pruned = driver.measured(prune, |_, _| {})?.point;
        let tuned = if FINE_TUNED.contains(&sparsity) {
            let outcome = train(
                &mut driver,
                steps_per_epoch,
                &format!("fine-tuning {sparsity}"),
            )?;
            format!("{:.2}%", outcome.point.test.accuracy * 100.0)
        } else {
            "-".into()
        };
        println!(
            "{:7.2}% {:11.6} {:>11} {:9.2}% {tuned:>12}",
            pruned.sparsity * 100.0,
            pruned.threshold,
            pruned.kept.iter().sum::<u32>(),
            pruned.test.accuracy * 100.0,
        );
    }
    Ok(())
}
