//! `cargo xtask build`: the WebAssembly bundles and the website around them, in `dist/`.

use crate::backend::Backend;
use crate::base::Base;
use crate::checksum;
use crate::dist;
use crate::import_names;
use crate::page::Publication;
use crate::process;
use crate::project::Project;
use crate::setup::{self, WASM_TARGET};
use crate::stamp::Stamp;
use anyhow::{Context, Result};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Arguments {
    /// Build this bundle only.
    #[arg(long, value_name = "BACKEND")]
    only: Option<Backend>,
    /// The folder at which the site is to be published, as a path or a whole address. The site works in any folder without
    /// this; search engines and previews on other sites need the whole address.
    #[arg(long, value_name = "PATH|URL")]
    base: Option<Base>,
    /// Publish a site that does not work offline, and end the service worker of one that did.
    #[arg(long)]
    online_only: bool,
}

pub fn run(project: &Project, arguments: &Arguments) -> Result<ExitCode> {
    bundles(project, arguments.only)?;
    dist::assemble(
        project,
        &Publication {
            base: arguments.base.clone(),
            online_only: arguments.online_only,
        },
    )?;
    println!("The website is in {}", project.dist().display());
    Ok(ExitCode::SUCCESS)
}

/// Builds both bundles, or the one named, and lays out `dist/`. What is up to date is left as it is.
pub fn build(project: &Project, only: Option<Backend>) -> Result<()> {
    bundles(project, only)?;
    dist::assemble(project, &Publication::default())
}

fn bundles(project: &Project, only: Option<Backend>) -> Result<()> {
    setup::wasm_target(project)?;
    let bindgen_version = setup::wasm_bindgen(project)?;
    setup::node_modules(project, &project.root)?;
    for backend in Backend::ALL {
        if only.is_none_or(|only| only == backend) {
            let module = compile(project, backend)?;
            bind(project, backend, &module, &bindgen_version)?;
        }
    }
    Ok(())
}

/// The flags that select one bundle's features.
pub fn features(backend: Backend) -> [&'static str; 3] {
    ["--no-default-features", "--features", backend.name()]
}

fn compile(project: &Project, backend: Backend) -> Result<PathBuf> {
    process::run(
        project
            .wasm_cargo(backend)
            .args(["build", "--lib", "--release", "--target", WASM_TARGET])
            .args(features(backend)),
    )?;
    Ok(project
        .bundle_target(backend)
        .join(WASM_TARGET)
        .join("release/pruning_playground.wasm"))
}

/// The module of a bundle with the names of its functions, for profiles. It fits the published glue.
pub fn with_names(project: &Project, backend: Backend) -> Result<PathBuf> {
    let version = setup::wasm_bindgen(project)?;
    let module = compile(project, backend)?;
    let folder = project.memory().join("named").join(backend.name());
    process::run(
        project
            .command("wasm-bindgen")
            .args(["--target", "web", "--no-typescript"])
            .args(["--out-name", "playground", "--out-dir"])
            .arg(&folder)
            .arg(module),
    )
    .with_context(|| format!("wasm-bindgen {version}"))?;
    let wasm = folder.join("playground_bg.wasm");
    import_names::shorten(&wasm, &folder.join("playground.js"))?;
    Ok(wasm)
}

fn bind(project: &Project, backend: Backend, module: &Path, bindgen_version: &str) -> Result<()> {
    let package = project.package(backend);
    let outputs = [
        package.join("playground.js"),
        package.join("playground_bg.wasm"),
    ];
    let stamp = Stamp::new(
        project.memory().join("bindings").join(backend.name()),
        format!("{bindgen_version} numbered {}", checksum::sha256(module)?),
    );
    if stamp.holds(&outputs) {
        return Ok(());
    }
    process::run(
        project
            .command("wasm-bindgen")
            .args(["--target", "web", "--no-typescript"])
            .args(["--remove-name-section", "--remove-producers-section"])
            .args(["--out-name", "playground", "--out-dir"])
            .arg(package)
            .arg(module),
    )?;
    let [glue, wasm] = &outputs;
    import_names::shorten(wasm, glue)?;
    stamp.set()
}
