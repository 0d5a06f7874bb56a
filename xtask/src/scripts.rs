//! The page's scripts and styles, bundled and minified by esbuild, which `scripts/bundle.mjs` calls.

use crate::backend::Backend;
use crate::process;
use crate::project::Project;
use anyhow::{Context, Result};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
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

/// Modules by their names, each with the chunks that it imports.
pub type Chunks = BTreeMap<String, Vec<String>>;

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

/// The chunks that the modules in a built `www/` import. A page that names them has them sooner than by reading the modules.
pub fn chunks(www: &Path) -> Result<Chunks> {
    let mut chunks = Chunks::new();
    for entry in fs::read_dir(www).with_context(|| format!("{} is not built", www.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".js") {
            chunks.insert(name.clone(), imports(&fs::read_to_string(www.join(name))?));
        }
    }
    Ok(chunks)
}

/// Import statements come first in what is bundled, and name chunks as `"./chunk-HASH.js"`.
fn imports(module: &str) -> Vec<String> {
    let parts = module.split("from\"./").skip(1);
    let names = parts.filter_map(|part| part.split_once('"').map(|(name, _)| name));
    names
        .filter(|name| name.starts_with("chunk-"))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_of_chunks_are_found_and_nothing_else() {
        let module = r#"import{a as b}from"./chunk-4YG23747.js";import{c}from"./chunk-A.js";let d='from"./other.js"';"#;
        assert_eq!(imports(module), ["chunk-4YG23747.js", "chunk-A.js"]);
        assert!(imports("let a = 1;").is_empty());
    }
}
