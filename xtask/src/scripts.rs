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

/// The chunks that the modules in a built `www/` import, and those that these import. A page that names them has them sooner than
/// by reading the modules. What is imported when it is wanted is not among them.
pub fn chunks(www: &Path) -> Result<Chunks> {
    let mut direct = Chunks::new();
    for entry in fs::read_dir(www).with_context(|| format!("{} is not built", www.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".js") {
            direct.insert(name.clone(), imports(&fs::read_to_string(www.join(name))?));
        }
    }
    Ok(direct.keys().map(|name| reached(name, &direct)).collect())
}

fn reached(module: &str, direct: &Chunks) -> (String, Vec<String>) {
    let mut found: Vec<String> = Vec::new();
    let mut open = direct.get(module).cloned().unwrap_or_default();
    while let Some(chunk) = open.pop() {
        if !found.contains(&chunk) {
            open.extend(direct.get(&chunk).cloned().unwrap_or_default());
            found.push(chunk);
        }
    }
    (module.to_owned(), found)
}

/// Import statements come first in what is bundled, and name chunks as `"./chunk-HASH.js"`. Where a chunk is called for by a
/// function, a bracket stands before that.
fn imports(module: &str) -> Vec<String> {
    let mut parts = module.split("\"./").peekable();
    let mut names = Vec::new();
    while let (Some(before), Some(after)) = (parts.next(), parts.peek()) {
        let is_statement = before.ends_with("from") || before.ends_with("import");
        let name = after.split('"').next().unwrap_or_default();
        if is_statement && name.starts_with("chunk-") {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stamp;

    #[test]
    fn imports_of_chunks_are_found_and_nothing_else() {
        let module = r#"import{a as b}from"./chunk-4YG23747.js";import"./chunk-A.js";let d='from"./other.js"';f(()=>import("./chunk-later.js"));"#;
        assert_eq!(imports(module), ["chunk-4YG23747.js", "chunk-A.js"]);
        assert!(imports("let a = 1;").is_empty());
    }

    #[test]
    fn chunks_of_chunks_are_named_each_once() -> Result<()> {
        let folder = tempfile::tempdir()?;
        for (name, text) in [
            ("a.js", r#"import"./chunk-B.js";import"./chunk-C.js";"#),
            (
                "chunk-B.js",
                r#"import{x}from"./chunk-C.js";import("./panels.js")"#,
            ),
            ("chunk-C.js", ""),
            ("panels.js", r#"import"./chunk-B.js";"#),
        ] {
            stamp::write(&folder.path().join(name), text)?;
        }
        let mut found = chunks(folder.path())?.remove("a.js").unwrap_or_default();
        found.sort();
        assert_eq!(found, ["chunk-B.js", "chunk-C.js"]);
        Ok(())
    }
}
