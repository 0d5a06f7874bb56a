//! All pruning methods side by side, natively: the same network, checkpoint and data for each, several
//! seeds. Prints a table (mean, lowest and highest over the seeds) and writes every run as CSV.
//!
//!     cargo run --release --example compare -- --dataset fashion-mnist --data DIR --csv runs.csv

#[path = "common/driver.rs"]
mod driver;

use clap::Parser;
use driver::{Driver, Failure};
use indicatif::{ProgressBar, ProgressStyle};
use pruning_playground::config::RunConfig;
use pruning_playground::data::DatasetId;
use pruning_playground::learn::eval::Metrics;
use pruning_playground::protocol::Command;
use pruning_playground::prune::method::{Criterion, Granularity, Method, Scope};
use pruning_playground::prune::selection::Selection;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Compare pruning methods: one-shot, then fine-tuned, over several seeds.
#[derive(Parser)]
struct Arguments {
    /// digits, shapes, cifar-10, mnist or fashion-mnist
    #[arg(long, default_value = "digits")]
    dataset: DatasetId,
    /// Folder with the data set's official files (searched two levels deep)
    #[arg(long)]
    data: Option<PathBuf>,
    /// Steps of dense training
    #[arg(long, default_value_t = 800)]
    train: u32,
    /// Steps of fine-tuning after each cut
    #[arg(long, default_value_t = 200)]
    fine_tune: u32,
    /// How many seeds, from 1
    #[arg(long, default_value_t = 3)]
    seeds: u32,
    /// Every single run
    #[arg(long)]
    csv: Option<PathBuf>,
}

const SPARSITIES: [f64; 5] = [0.3, 0.5, 0.7, 0.8, 0.9];

/// Each criterion as it is used most: weights over all layers, filters in each layer apart.
fn methods() -> Vec<(&'static str, Method)> {
    let weights = |criterion| Method {
        criterion,
        ..Default::default()
    };
    let filters = |criterion| Method {
        criterion,
        scope: Scope::Layer,
        granularity: Granularity::Filter,
        ..Default::default()
    };
    vec![
        ("random", weights(Criterion::Random)),
        ("magnitude", weights(Criterion::Magnitude)),
        (
            "magnitude by layer",
            Method {
                scope: Scope::Layer,
                ..weights(Criterion::Magnitude)
            },
        ),
        ("gradient", weights(Criterion::Gradient)),
        ("taylor", weights(Criterion::Taylor)),
        ("SynFlow", weights(Criterion::Synflow)),
        ("GraSP", weights(Criterion::Grasp)),
        ("filters, random", filters(Criterion::Random)),
        ("filters, L1", filters(Criterion::FilterL1)),
        ("filters, L2", filters(Criterion::FilterL2)),
        ("filters, FPGM", filters(Criterion::Fpgm)),
        ("filters, activation", filters(Criterion::Activation)),
    ]
}

/// One method at one sparsity from one seed.
struct Run {
    method: usize,
    fraction: f64,
    seed: u32,
    sparsity: f64,
    pruned: Metrics,
    tuned: Metrics,
}

fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    let methods = methods();
    let total = arguments.seeds as usize * methods.len() * SPARSITIES.len();
    let bar = ProgressBar::new(total as u64);
    bar.set_style(ProgressStyle::with_template(
        "{msg:>32} {wide_bar} {pos}/{len}, {eta} left",
    )?);
    let mut runs = Vec::with_capacity(total);
    let mut dense = Vec::new();
    for seed in 1..=arguments.seeds {
        let config = RunConfig {
            dataset: arguments.dataset,
            seed,
            ..Default::default()
        };
        let mut driver = Driver::new();
        driver.configure(config, arguments.data.as_deref())?;
        bar.set_message(format!("seed {seed}: training"));
        let tune = |steps| Command::FineTune {
            steps,
            distil: None,
        };
        let start = driver.measured(tune(arguments.train), |_, _| {})?;
        dense.push(start.point.test.accuracy);
        for (method, (name, how)) in methods.iter().enumerate() {
            for fraction in SPARSITIES {
                bar.set_message(format!("seed {seed}: {name}"));
                driver.restore(&start.checkpoint)?;
                driver.send(
                    Command::SetMethod {
                        method: how.clone(),
                    },
                    Default::default(),
                )?;
                let prune = Command::Prune {
                    selection: Selection::Fraction(fraction),
                };
                let pruned = driver.measured(prune, |_, _| {})?.point;
                let tuned = driver.measured(tune(arguments.fine_tune), |_, _| {})?.point;
                runs.push(Run {
                    method,
                    fraction,
                    seed,
                    sparsity: pruned.sparsity,
                    pruned: pruned.test,
                    tuned: tuned.test,
                });
                bar.inc(1);
            }
        }
    }
    bar.finish_and_clear();
    print_tables(&methods, &runs, &dense);
    if let Some(path) = &arguments.csv {
        std::fs::write(path, csv(&methods, &runs))
            .map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(())
}

/// Mean [lowest, highest], in percent.
fn band(values: &[f64]) -> String {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    format!(
        "{:.1} [{:.1}, {:.1}]",
        mean * 100.0,
        low * 100.0,
        high * 100.0
    )
}

fn print_tables(methods: &[(&str, Method)], runs: &[Run], dense: &[f64]) {
    println!("Dense: {}", band(dense));
    for (title, of) in [
        (
            "Accuracy right after the cut",
            (|r: &Run| r.pruned.accuracy) as fn(&Run) -> f64,
        ),
        ("Accuracy after fine-tuning", |r: &Run| r.tuned.accuracy),
    ] {
        println!("\n{title}\n");
        let heads: Vec<String> = SPARSITIES
            .iter()
            .map(|s| format!("{:.0}%", s * 100.0))
            .collect();
        println!("| method | {} |", heads.join(" | "));
        println!("| --- |{}", " --- |".repeat(heads.len()));
        for (method, (name, _)) in methods.iter().enumerate() {
            let cells: Vec<String> = SPARSITIES
                .iter()
                .map(|&fraction| {
                    let of_cell = runs
                        .iter()
                        .filter(|r| r.method == method && r.fraction == fraction);
                    band(&of_cell.map(of).collect::<Vec<_>>())
                })
                .collect();
            println!("| {name} | {} |", cells.join(" | "));
        }
    }
}

fn csv(methods: &[(&str, Method)], runs: &[Run]) -> String {
    let mut text = String::from(
        "method,seed,fraction,sparsity,accuracy_pruned,loss_pruned,accuracy_fine_tuned,loss_fine_tuned,test_images\n",
    );
    for r in runs {
        // Names have commas: quote them (RFC 4180).
        let _ = writeln!(
            text,
            "\"{}\",{},{},{},{},{},{},{},{}",
            methods[r.method].0,
            r.seed,
            r.fraction,
            r.sparsity,
            r.pruned.accuracy,
            r.pruned.loss,
            r.tuned.accuracy,
            r.tuned.loss,
            r.tuned.samples
        );
    }
    text
}
