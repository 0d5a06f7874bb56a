//! `cargo xtask bench`: this project and its peers, measured in turns in one headless Chromium.

use crate::backend::Backend;
use crate::browsers::Program;
use crate::bundle;
use crate::process;
use crate::project::Project;
use crate::setup;
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Arguments {
    /// Filters of the two convolutions, as 8/16; several with commas.
    #[arg(long, default_value = "8/16,64/128")]
    sizes: String,
    /// Images in a training step; several with commas.
    #[arg(long, default_value = "32,64")]
    batches: String,
    /// Measure these only: cpu, webgpu, tf-wasm, tf-cpu, tf-webgl, tf-webgpu, jax-wasm, torch-native, jax-webgpu.
    #[arg(long)]
    only: Option<String>,
    /// How often each of them has its turn.
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Use this machine's graphics adapter instead of a software one.
    #[arg(long)]
    hardware: bool,
    /// Measure what pruning buys instead: inference each way and bytes of files, from 0 to 98% sparse.
    #[arg(long, conflicts_with_all = ["batches", "only", "hardware", "profile"])]
    cut: bool,
    /// Measure training spread over workers instead: images a second by one and by two, and what staleness does.
    #[arg(long, conflicts_with_all = ["only", "hardware", "profile", "cut"])]
    workers: bool,
    /// Write where the time of a training step goes to this file instead: folded stacks, for flame graph programs.
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    /// Write all samples to this file.
    #[arg(long)]
    json: Option<PathBuf>,
}

pub fn run(project: &Project, arguments: &Arguments) -> Result<ExitCode> {
    let only =
        (arguments.cut || arguments.workers || arguments.profile.is_some()).then_some(Backend::Cpu);
    bundle::build(project, only)?;
    setup::node_modules(project, &project.root.join("bench"))?;
    let chromium = Program::Chromium.require(project)?;
    if let Some(file) = &arguments.profile {
        let named = bundle::with_names(project, Backend::Cpu)?;
        let mut command = project.command("node");
        command
            .arg("bench/profile.mjs")
            .arg("--dist")
            .arg(project.dist())
            .arg("--names")
            .arg(named)
            .env("CHROMIUM", chromium);
        let stacks = process::output(&mut command)?;
        std::fs::write(file, stacks)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut command = project.command("node");
    command
        .arg(match (arguments.cut, arguments.workers) {
            (true, _) => "bench/cut.mjs",
            (_, true) => "bench/workers.mjs",
            _ => "bench/run.mjs",
        })
        .arg("--dist")
        .arg(project.dist())
        .args(["--sizes", &arguments.sizes])
        .env("CHROMIUM", chromium);
    if !arguments.cut {
        command
            .args(["--batches", &arguments.batches])
            .args(["--rounds", &arguments.rounds.to_string()]);
    }
    if let Some(only) = &arguments.only {
        command.args(["--only", only]);
    }
    if arguments.hardware {
        command.arg("--hardware");
    }
    if let Some(json) = &arguments.json {
        command.arg("--json").arg(std::path::absolute(json)?);
    }
    process::run(&mut command)?;
    Ok(ExitCode::SUCCESS)
}
