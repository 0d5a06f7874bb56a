//! `cargo xtask serve`: builds `dist/` and serves it, and pages of another origin that embed it.

use crate::backend::Backend;
use crate::bundle;
use crate::examples;
use crate::project::Project;
use crate::server::{Server, listen, website};
use anyhow::Result;
use clap::Args;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Arguments {
    /// The first port to try; 0 takes any free one.
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// Build this bundle only.
    #[arg(long, value_name = "BACKEND")]
    only: Option<Backend>,
}

pub fn run(project: &Project, arguments: &Arguments) -> Result<ExitCode> {
    bundle::build(project, arguments.only)?;
    let server = Server::start(website(&project.dist()), listen(arguments.port)?)?;
    let next = match arguments.port {
        0 => 0,
        _ => server.address.port().saturating_add(1),
    };
    let embedding = Server::start(examples::website(project, &server.url())?, listen(next)?)?;
    println!("{}", server.url());
    println!("{} pages of another origin that embed it", embedding.url());
    println!("Ctrl-C ends it.");
    server.until_interrupted()?;
    Ok(ExitCode::SUCCESS)
}
