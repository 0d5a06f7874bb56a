//! The page's scripts and styles, bundled and minified by esbuild, which `scripts/bundle.mjs` calls.

use crate::backend::Backend;
use crate::process;
use crate::project::Project;
use anyhow::Result;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

/// Modules that other sites load, each from an address that stays the same in all versions.
pub const PUBLIC: [&str; 2] = ["pruning-playground.js", "embed-height.js"];
/// Modules that this site's own pages load.
const OWN: [&str; 4] = ["article.js", "bench.js", "embed.js", "offline.js"];
/// Scripts that are started as workers.
const WORKERS: [&str; 5] = [
    "worker.js",
    "own-worker.js",
    "bench-worker.js",
    SERVICE_WORKER,
    SERVICE_WORKER_END,
];
/// What pages and widgets link to.
const STYLES: [&str; 5] = [
    "page.css",
    "article.css",
    "bench.css",
    "embed.css",
    "widget.css",
];

pub const SERVICE_WORKER: &str = "service-worker.js";
pub const SERVICE_WORKER_END: &str = "service-worker-end.js";

/// Writes them into `www/` of a folder, and the glue of the WebAssembly bundles into its `pkg/`.
pub fn bundle(project: &Project, folder: &Path) -> Result<()> {
    let modules: Vec<&str> = PUBLIC.into_iter().chain(OWN).collect();
    let glue: BTreeMap<&str, _> = Backend::ALL
        .into_iter()
        .map(|backend| {
            (
                backend.name(),
                project.package(backend).join("playground.js"),
            )
        })
        .filter(|(_, path)| path.exists())
        .collect();
    let order = json!({
        "out": folder, "modules": modules, "workers": WORKERS, "styles": STYLES, "glue": glue,
    });
    process::output(
        project
            .command("node")
            .arg("scripts/bundle.mjs")
            .arg(order.to_string()),
    )?;
    Ok(())
}
