//! Train, sweep the sparsity, prune and fine-tune, natively, and print the table that
//! `cargo xtask demo` prints of the page.
//!
//!     cargo run --release --example sweep -- --dataset cifar-10 --data DIR --epochs 3

use burn::tensor::Device;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use pruning_playground::config::{DatasetId, RunConfig};
use pruning_playground::protocol::{Bulk, Command, Event, Message, Point, Selection};
use pruning_playground::session::Session;
use std::path::{Path, PathBuf};

type Failure = Box<dyn std::error::Error>;

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

/// A session, driven by one command at a time.
struct Driver {
    session: Session,
    test_images: u32,
}

impl Driver {
    fn send(&mut self, command: Command, bulk: Bulk) -> Result<Vec<Message>, Failure> {
        checked(pollster::block_on(self.session.apply(command, bulk)))
    }

    /// Carries out `command` and waits for the point that it leads to, over the whole test set.
    fn measured(&mut self, command: Command, bar: &ProgressBar) -> Result<Outcome, Failure> {
        let mut messages = self.send(command, Bulk::default())?;
        let mut checkpoint = Vec::new();
        loop {
            for Message { event, bulk, .. } in messages {
                match event {
                    Event::Trained {
                        loss,
                        remaining: Some(left),
                        ..
                    } => {
                        bar.set_position(bar.length().unwrap_or(0).saturating_sub(left.into()));
                        bar.set_message(format!("loss {loss:.4}"));
                    }
                    Event::Point(point) => {
                        checkpoint = bulk.checkpoint.unwrap_or(checkpoint);
                        if point.test.samples == self.test_images {
                            return Ok(Outcome { point, checkpoint });
                        }
                    }
                    _ => {}
                }
            }
            if !self.session.busy() {
                return Err("the session told of no point".into());
            }
            messages = checked(pollster::block_on(self.session.advance()))?;
        }
    }

    fn train(&mut self, steps: u32, what: &str) -> Result<Outcome, Failure> {
        let bar = ProgressBar::new(steps.into()).with_prefix(what.to_owned());
        bar.set_style(ProgressStyle::with_template(
            "{prefix:>18} {wide_bar} {pos}/{len} steps, {msg}, {eta} left",
        )?);
        let outcome = self.measured(Command::FineTune { steps }, &bar)?;
        bar.finish_and_clear();
        Ok(outcome)
    }

    fn restore(&mut self, checkpoint: &[u8]) -> Result<(), Failure> {
        let bulk = Bulk {
            checkpoint: Some(checkpoint.to_vec()),
            ..Default::default()
        };
        self.send(Command::Restore { run_id: 1 }, bulk).map(drop)
    }
}

struct Outcome {
    point: Point,
    checkpoint: Vec<u8>,
}

fn checked(messages: Vec<Message>) -> Result<Vec<Message>, Failure> {
    for message in &messages {
        if let Event::Error { message, .. } = &message.event {
            return Err(message.clone().into());
        }
    }
    Ok(messages)
}

/// Files of `folder` and of the folders in it.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let list = |folder: &Path| -> std::io::Result<Vec<PathBuf>> {
        std::fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect()
    };
    let mut files = Vec::new();
    for path in list(folder)? {
        if path.is_dir() {
            files.extend(list(&path)?.into_iter().filter(|p| p.is_file()));
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The files of `folder` that lie in a folder of the data set's name, or directly in it.
fn files_of(dataset: DatasetId, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = files_in(folder)?;
    let of = |path: &Path| {
        path.parent()
            .and_then(Path::file_name)
            .is_some_and(|name| name.to_string_lossy().starts_with(dataset.name()))
    };
    if files.iter().any(|p| of(p)) {
        files.retain(|p| of(p));
    }
    Ok(files)
}

/// Begins the run; steps in an epoch.
fn configure(driver: &mut Driver, config: RunConfig, data: Option<&Path>) -> Result<u32, Failure> {
    let batch = config.batch;
    let messages = if config.dataset.needs_files() {
        let folder = data.ok_or("this data set comes from files: give their folder with --data")?;
        let paths = files_of(config.dataset, folder)?;
        let names = paths
            .iter()
            .map(|p| p.to_string_lossy().into_owned())
            .collect();
        let files = paths.iter().map(std::fs::read).collect::<Result<_, _>>()?;
        let command = Command::LoadFiles {
            run_id: 1,
            config,
            names,
        };
        driver.send(
            command,
            Bulk {
                files: Some(files),
                ..Default::default()
            },
        )?
    } else {
        driver.send(Command::Configure { run_id: 1, config }, Bulk::default())?
    };
    for message in messages {
        if let Event::Configured { dataset, .. } = message.event {
            driver.test_images = dataset.test;
            return Ok((dataset.train / batch).max(1));
        }
    }
    Err("the session did not begin".into())
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
    let mut driver = Driver {
        session: Session::new(Device::flex()),
        test_images: 0,
    };
    let steps_per_epoch = configure(&mut driver, config, arguments.data.as_deref())?;
    let dense = driver.train(arguments.epochs.max(1) * steps_per_epoch, "training")?;
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
        let pruned = driver.measured(prune, &ProgressBar::hidden())?.point;
        let tuned = if FINE_TUNED.contains(&sparsity) {
            let outcome = driver.train(steps_per_epoch, &format!("fine-tuning {sparsity}"))?;
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
