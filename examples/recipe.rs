//! Follow recipe files natively, over several seeds, and print where each ends.
//!
//!     cargo run --release --example recipe -- recipes/lottery-ticket.json recipes/snip.json --seeds 3

#[path = "common/driver.rs"]
mod driver;

use clap::Parser;
use driver::{Driver, Failure};
use pruning_playground::config::RunConfig;
use pruning_playground::data::DatasetId;
use pruning_playground::protocol::{Command, Event, Point};
use pruning_playground::prune::recipe::Recipe;
use std::path::{Path, PathBuf};

/// Follow recipes and print the accuracy and sparsity that they end at.
#[derive(Parser)]
struct Arguments {
    /// Recipe files
    #[arg(required = true)]
    recipes: Vec<PathBuf>,
    /// digits, shapes, cifar-10, mnist or fashion-mnist
    #[arg(long, default_value = "digits")]
    dataset: DatasetId,
    /// Folder with the data set's official files (searched two levels deep)
    #[arg(long)]
    data: Option<PathBuf>,
    /// How many seeds, from 1
    #[arg(long, default_value_t = 3)]
    seeds: u32,
}

fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    println!("| recipe | sparsity | kept by layer, first seed | accuracy, seed by seed | mean |");
    println!("| --- | --- | --- | --- | --- |");
    for path in &arguments.recipes {
        let recipe = read(path)?;
        let mut ends = Vec::new();
        for seed in 1..=arguments.seeds {
            let config = RunConfig {
                dataset: arguments.dataset,
                seed,
                ..Default::default()
            };
            ends.push(follow(&recipe, config, arguments.data.as_deref())?);
        }
        let accuracies: Vec<f64> = ends.iter().map(|p| p.test.accuracy * 100.0).collect();
        let mean = accuracies.iter().sum::<f64>() / accuracies.len().max(1) as f64;
        let listed: Vec<String> = accuracies.iter().map(|a| format!("{a:.1}")).collect();
        let first = ends.first().ok_or("--seeds must be at least 1")?;
        let kept: Vec<String> = first.kept.iter().map(u32::to_string).collect();
        println!(
            "| {} | {:.1}% | {} | {} | {mean:.1} |",
            recipe.name,
            first.sparsity * 100.0,
            kept.join(" + "),
            listed.join(", ")
        );
    }
    Ok(())
}

fn read(path: &Path) -> Result<Recipe, Failure> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?)
}

/// The last point that the recipe comes to, over the whole test set.
fn follow(recipe: &Recipe, config: RunConfig, data: Option<&Path>) -> Result<Point, Failure> {
    let mut driver = Driver::new();
    driver.configure(config, data)?;
    let follow = Command::Follow {
        recipe: recipe.clone(),
    };
    let mut last = None;
    driver.settle(follow, |event| {
        if let Event::Point(point) = event {
            last = Some(point);
        }
    })?;
    last.ok_or_else(|| "the recipe told of no point".into())
}
