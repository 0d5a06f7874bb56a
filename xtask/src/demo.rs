//! `cargo xtask demo`: drives the page in a headless browser as a person would, and prints what
//! pruning cost.

use crate::backend::Backend;
use crate::browsers::Program;
use crate::bundle;
use crate::datasets::Dataset;
use crate::project::Project;
use crate::server::Server;
use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::fs;
use std::path::{self, Path, PathBuf};
use std::process::ExitCode;

/// Filters that a convolution may have.
const WIDTHS: std::ops::RangeInclusive<u32> = 1..=256;

#[derive(Args, Debug)]
pub struct Arguments {
    #[arg(long, value_name = "D", default_value = "digits")]
    dataset: DemoDataset,
    /// A folder with the data set's official files; without it, what fetch-data has put into data/.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[arg(long, default_value = "cpu")]
    backend: Backend,
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    epochs: u32,
    /// Filters of the two convolutions, 1 to 256 each.
    #[arg(long, value_name = "A,B", default_value = "8,16", value_parser = parse_widths)]
    widths: [u32; 2],
    /// A published network with its paper's settings: lenet-300-100, lenet-5, conv-2, conv-4, conv-6, vgg-small, resnet-20 or
    /// mobile; narrower with /2, /4 or /8.
    #[arg(long, value_name = "NAME", conflicts_with = "widths", value_parser = parse_network)]
    net: Option<String>,
    /// By what weights are ranked.
    #[arg(long, value_name = "C", default_value = "magnitude")]
    criterion: Criterion,
    /// Which scores are compared: those of all layers, or those of each layer apart; without it, those of each layer where
    /// filters are cut.
    #[arg(long, value_name = "S")]
    scope: Option<Scope>,
    /// What is cut at once: weight, filter or 2:4; without it, what the criterion scores.
    #[arg(long, value_name = "G")]
    granularity: Option<Granularity>,
    /// Training images that a data-driven criterion looks at; 0 takes all.
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u32).range(..=100_000))]
    score_batch: u32,
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u32,
    /// Train on the first N images only.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    train_limit: Option<u32>,
    /// Follow the recipe in this JSON file, in place of training and pruning by hand.
    #[arg(long, value_name = "FILE", conflicts_with = "epochs")]
    recipe: Option<PathBuf>,
    /// Write settings and results to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write a picture of the page to this file.
    #[arg(long, value_name = "FILE")]
    screenshot: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
enum DemoDataset {
    Digits,
    Shapes,
    #[value(name = "cifar-10")]
    #[serde(rename = "cifar-10")]
    Cifar10,
    Mnist,
    FashionMnist,
}

impl DemoDataset {
    /// The files it comes from, where it comes from files.
    fn kept_in_files(self) -> Option<Dataset> {
        match self {
            Self::Digits | Self::Shapes => None,
            Self::Cifar10 => Some(Dataset::Cifar10),
            Self::Mnist => Some(Dataset::Mnist),
            Self::FashionMnist => Some(Dataset::FashionMnist),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Criterion {
    Random,
    Magnitude,
    Gradient,
    Taylor,
    Synflow,
    Grasp,
    FilterL1,
    FilterL2,
    Fpgm,
    Activation,
}

impl Criterion {
    /// Whether it scores filters as a whole, not weights.
    fn of_filters(self) -> bool {
        matches!(
            self,
            Self::FilterL1 | Self::FilterL2 | Self::Fpgm | Self::Activation
        )
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Scope {
    Global,
    Layer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Granularity {
    Weight,
    Filter,
    #[value(name = "2:4")]
    #[serde(rename = "2:4")]
    TwoOfFour,
}

/// What `tests/e2e/demo.mjs` takes as its one argument.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Plan {
    url: String,
    chromium: PathBuf,
    dataset: DemoDataset,
    files: Vec<PathBuf>,
    backend: &'static str,
    epochs: u32,
    widths: [u32; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<String>,
    criterion: Criterion,
    scope: Scope,
    granularity: Granularity,
    score_batch: u32,
    seed: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    train_limit: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipe: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    json: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    screenshot: Option<PathBuf>,
}

pub fn run(project: &Project, arguments: &Arguments) -> Result<ExitCode> {
    let granularity = granularity(arguments)?;
    let files = files(project, arguments)?;
    arguments.recipe.as_deref().map(check_recipe).transpose()?;
    let chromium = Program::Chromium.require(project)?;
    // A page that cannot use WebGPU falls back to the CPU bundle, never the other way round.
    let only = (arguments.backend == Backend::Cpu).then_some(Backend::Cpu);
    bundle::build(project, only)?;
    let server = Server::on_free_port(&project.dist())?;
    let plan = plan(arguments, granularity, server.url(), chromium, files)?;
    let status = project
        .command("node")
        .arg("tests/e2e/demo.mjs")
        .arg(serde_json::to_string(&plan)?)
        .status()
        .context("node cannot be started: install Node.js 20 or later")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// What is cut at once: as named, or as the criterion scores.
fn granularity(arguments: &Arguments) -> Result<Granularity> {
    let of_filters = arguments.criterion.of_filters();
    let scored = if of_filters {
        Granularity::Filter
    } else {
        Granularity::Weight
    };
    let chosen = arguments.granularity.unwrap_or(scored);
    ensure!(
        !of_filters || chosen == Granularity::Filter,
        "this criterion scores whole filters: choose --granularity filter, or another criterion"
    );
    Ok(chosen)
}

/// Which scores are compared: as named, or as is usual for what is cut.
fn scope(arguments: &Arguments, granularity: Granularity) -> Scope {
    arguments.scope.unwrap_or(match granularity {
        Granularity::Filter => Scope::Layer,
        Granularity::Weight | Granularity::TwoOfFour => Scope::Global,
    })
}

fn files(project: &Project, arguments: &Arguments) -> Result<Vec<PathBuf>> {
    let Some(dataset) = arguments.dataset.kept_in_files() else {
        ensure!(
            arguments.data.is_none(),
            "this data set is built in; --data is for cifar-10, mnist and fashion-mnist"
        );
        return Ok(Vec::new());
    };
    let folder = arguments.data.clone().unwrap_or_else(|| project.data());
    let files = dataset.find(&folder);
    ensure!(
        !files.is_empty(),
        "{} has no file of {name}: {} are looked for. Fetch them with `cargo xtask fetch-data \
         {name}`, or name their folder with --data",
        folder.display(),
        dataset.expected_names(),
        name = dataset.name()
    );
    files.iter().map(|file| absolute(file)).collect()
}

/// What is in it is the page's to judge; here it is only told before anything is built that it can't be one.
fn check_recipe(file: &Path) -> Result<()> {
    let text =
        fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text)
        .with_context(|| format!("{} is no JSON of a recipe", file.display()))?;
    Ok(())
}

fn plan(
    arguments: &Arguments,
    granularity: Granularity,
    url: String,
    chromium: PathBuf,
    files: Vec<PathBuf>,
) -> Result<Plan> {
    // The script runs in the repository's root, not where the person is.
    let output = |path: &Option<PathBuf>| path.as_deref().map(absolute).transpose();
    Ok(Plan {
        url,
        chromium,
        dataset: arguments.dataset,
        files,
        backend: arguments.backend.name(),
        epochs: arguments.epochs,
        widths: arguments.widths,
        network: arguments.net.clone(),
        criterion: arguments.criterion,
        scope: scope(arguments, granularity),
        granularity,
        score_batch: arguments.score_batch,
        seed: arguments.seed,
        train_limit: arguments.train_limit,
        recipe: output(&arguments.recipe)?,
        json: output(&arguments.json)?,
        screenshot: output(&arguments.screenshot)?,
    })
}

fn absolute(path: &Path) -> Result<PathBuf> {
    path::absolute(path).with_context(|| format!("{} is not a path", path.display()))
}

fn parse_widths(text: &str) -> Result<[u32; 2], String> {
    let widths: Option<Vec<u32>> = text
        .split(',')
        .map(|width| width.trim().parse().ok().filter(|w| WIDTHS.contains(w)))
        .collect();
    widths
        .and_then(|widths| widths.try_into().ok())
        .ok_or_else(|| "two numbers from 1 to 256 are wanted, such as 8,16".to_owned())
}

/// Which networks there are is the core's to know; here it is only told early what can be none.
fn parse_network(text: &str) -> Result<String, String> {
    let (name, divisor) = text.split_once('/').unwrap_or((text, "1"));
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    match !name.is_empty() && name.chars().all(plain) && ["1", "2", "4", "8"].contains(&divisor) {
        true => Ok(text.to_owned()),
        false => Err("a network's name is wanted, such as lenet-300-100 or conv-2/4".to_owned()),
    }
}

#[cfg(test)]
#[path = "demo_tests.rs"]
mod tests;
