//! `cargo xtask`: build, serve, test and demonstrate the playground, and fetch its data.

mod backend;
mod base;
mod bench;
mod browsers;
mod budget;
mod bundle;
mod checksum;
mod compressed;
mod datasets;
mod demo;
mod dist;
mod download;
mod examples;
mod fetch_data;
mod import_names;
mod interop;
mod package;
mod page;
mod process;
mod project;
mod records;
mod scripts;
mod serve;
mod server;
mod setup;
mod stamp;
mod steps;
mod test;
mod version;
mod wire;

use clap::{Parser, Subcommand};
use project::Project;
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about, disable_version_flag = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the website into dist/.
    Build(bundle::Arguments),
    /// Build, then serve dist/ on this machine.
    Serve(serve::Arguments),
    /// Run every check, cheapest first.
    Test(test::Arguments),
    /// Train, prune and fine-tune in a headless browser, and print the table of results.
    Demo(demo::Arguments),
    /// Make an npm package of dist/.
    Package(package::Arguments),
    /// Measure this project and its peers in one headless browser.
    Bench(bench::Arguments),
    /// Put the official files of a data set into data/.
    FetchData(fetch_data::Arguments),
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    let project = Project::locate()?;
    match command {
        Command::Build(arguments) => bundle::run(&project, &arguments),
        Command::Serve(arguments) => serve::run(&project, &arguments),
        Command::Test(arguments) => test::run(&project, &arguments),
        Command::Demo(arguments) => demo::run(&project, &arguments),
        Command::Package(arguments) => package::run(&project, &arguments),
        Command::Bench(arguments) => bench::run(&project, &arguments),
        Command::FetchData(arguments) => fetch_data::run(&project, &arguments),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn accepts(line: &str) -> bool {
        Cli::try_parse_from(line.split(' ')).is_ok()
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_documented_command_is_accepted() {
        for line in [
            "xtask build",
            "xtask build --only cpu",
            "xtask build --base /pruning/ --online-only",
            "xtask build --base https://example.org/pruning",
            "xtask serve --port 9000 --only webgpu",
            "xtask test --list",
            "xtask test --only fmt,wasm-chrome-cpu,e2e",
            "xtask demo",
            "xtask demo --dataset fashion-mnist --data . --backend webgpu --epochs 3 --widths 4,256 --criterion taylor --scope layer --granularity filter --score-batch 1000 --seed 7 --train-limit 1000 --json a.json --screenshot a.png",
            "xtask demo --recipe recipes/iterative.json --seed 3 --json a.json",
            "xtask package",
            "xtask package --no-build",
            "xtask bench",
            "xtask bench --cut --sizes 64/128 --json a.json",
            "xtask bench --workers --sizes 64/128 --batches 64",
            "xtask bench --profile stacks.txt",
            "xtask bench --sizes 8/16 --batches 32 --only cpu,jax-webgpu --rounds 1 --hardware --json a.json",
            "xtask fetch-data cifar-10",
            "xtask fetch-data mnist --from /tmp/mnist",
        ] {
            assert!(accepts(line), "{line}");
        }
    }

    #[test]
    fn unknown_names_and_out_of_range_values_are_refused() {
        for line in [
            "xtask build --only gpu",
            "xtask build --base pruning",
            "xtask serve --port 70000",
            "xtask test --only everything",
            "xtask demo --dataset imagenet",
            "xtask demo --widths 8",
            "xtask demo --widths 0,16",
            "xtask demo --widths 8,257",
            "xtask demo --widths 8,16,32",
            "xtask demo --criterion sensitivity",
            "xtask demo --scope hand",
            "xtask demo --granularity 1:4",
            "xtask demo --score-batch 100001",
            "xtask demo --epochs 0",
            "xtask fetch-data digits",
        ] {
            assert!(!accepts(line), "{line}");
        }
    }
}
