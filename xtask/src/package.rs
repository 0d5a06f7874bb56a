//! `cargo xtask package`: what is in `dist/` as an npm package.

use crate::bundle;
use crate::dist;
use crate::page::{self, Publication};
use crate::process;
use crate::project::Project;
use crate::scripts;
use crate::stamp;
use crate::version::{self, VERSIONS};
use anyhow::{Context, Result, ensure};
use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use walkdir::WalkDir;

const NAME: &str = "pruning-playground";

#[derive(Args, Debug)]
pub struct Arguments {
    /// Pack dist/ as it is.
    #[arg(long)]
    no_build: bool,
}

pub fn run(project: &Project, arguments: &Arguments) -> Result<ExitCode> {
    if !arguments.no_build {
        bundle::build(project, None)?;
    }
    println!("{}", pack(project)?.display());
    Ok(ExitCode::SUCCESS)
}

/// Makes the tarball of what is in `dist/`, and says where it is.
pub fn pack(project: &Project) -> Result<PathBuf> {
    let staged = project.memory().join("package");
    let destination = project.target.join("package");
    let package = Package::read(&project.root)?;
    stage(project, &staged)?;
    let description = serde_json::to_string_pretty(&package.description())?;
    stamp::write(&staged.join("package.json"), &description)?;
    fs::create_dir_all(&destination)?;
    process::run(
        project
            .command("npm")
            .args(["pack", "--silent", "--ignore-scripts", "--pack-destination"])
            .args([&destination, &staged]),
    )?;
    let tarball = destination.join(format!("{NAME}-{}.tgz", package.version));
    ensure!(tarball.is_file(), "npm has made no {}", tarball.display());
    Ok(tarball)
}

#[derive(Deserialize)]
struct Manifest {
    package: Package,
}

/// What `Cargo.toml` says of the project.
#[derive(Debug, Deserialize)]
struct Package {
    version: String,
    description: String,
    license: String,
}

impl Package {
    fn read(root: &Path) -> Result<Self> {
        let text = fs::read_to_string(root.join("Cargo.toml"))?;
        let manifest: Manifest =
            toml::from_str(&text).context("Cargo.toml could not be understood")?;
        Ok(manifest.package)
    }

    fn description(&self) -> Value {
        let entry = |name: &str| json!({ "types": format!("./www/{name}.d.ts"), "default": format!("./www/{name}.js") });
        json!({
            "name": NAME,
            "version": self.version,
            "description": self.description,
            "license": self.license,
            "keywords": ["pruning", "neural-network", "webassembly", "webgpu", "custom-element"],
            "type": "module",
            "exports": {
                ".": entry("pruning-playground"),
                "./embed-height": entry("embed-height"),
                "./package.json": "./package.json",
            },
            "types": "./www/pruning-playground.d.ts",
            // Importing the element defines it.
            "sideEffects": true,
        })
    }
}

fn stage(project: &Project, staged: &Path) -> Result<()> {
    if staged.exists() {
        fs::remove_dir_all(staged)?;
    }
    let root = &project.root;
    site(&project.dist(), staged)?;
    // The data of whoever builds the package is not part of it.
    stamp::write(&staged.join("data/index.json"), "{}")?;
    pages(root, staged)?;
    dist::types(root, staged)?;
    for file in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&root.join(file), &staged.join(file))?;
    }
    copy(&root.join("docs/npm.md"), &staged.join("README.md"))?;
    licences(root, &staged.join("licences"))
}

/// What pages load, of the newest version; those who serve the package compress it themselves.
fn site(dist: &Path, staged: &Path) -> Result<()> {
    let versions = version::by_age(&dist.join(VERSIONS));
    let newest = versions.ok().and_then(|mut versions| versions.pop());
    let newest = newest.with_context(|| format!("{} is not built yet", dist.display()))?;
    for entry in WalkDir::new(&newest) {
        let entry = entry.context("dist could not be listed")?;
        let relative = entry.path().strip_prefix(&newest)?;
        let left_out = relative
            .extension()
            .is_some_and(|ending| ["br", "gz", "map"].iter().any(|out| ending == *out));
        if entry.file_type().is_file() && !left_out && !relative.starts_with("data") {
            copy(entry.path(), &staged.join(relative))?;
        }
    }
    Ok(())
}

/// The pages, for a site that is the package alone.
fn pages(root: &Path, staged: &Path) -> Result<()> {
    let publication = Publication {
        base: None,
        online_only: true,
    };
    let chunks = scripts::chunks(&staged.join("www"))?;
    for name in ["index.html", "embed.html"] {
        let html = page::whole(&fs::read_to_string(root.join(name))?, root)?;
        stamp::write(
            &staged.join(name),
            &page::published(&html, "", &chunks, &publication)?,
        )?;
    }
    dist::copy_all(&root.join("assets/page"), staged)
}

#[derive(Deserialize)]
struct PageManifest {
    dependencies: BTreeMap<String, String>,
}

/// The licences of the packages that the page is made with.
fn licences(root: &Path, destination: &Path) -> Result<()> {
    let text = fs::read_to_string(root.join("package.json"))?;
    let manifest: PageManifest = serde_json::from_str(&text)?;
    for name in manifest.dependencies.keys() {
        let folder = root.join("node_modules").join(name);
        let file = fs::read_dir(&folder)
            .with_context(|| format!("{name} is not installed"))?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .find(|path| is_licence(path))
            .with_context(|| format!("{name} comes without its licence"))?;
        copy(
            &file,
            &destination.join(format!("{}.txt", name.replace('/', "-"))),
        )?;
    }
    Ok(())
}

fn is_licence(path: &Path) -> bool {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    name.starts_with("license") || name.starts_with("licence")
}

fn copy(source: &Path, destination: &Path) -> Result<()> {
    if let Some(folder) = destination.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(source, destination)
        .with_context(|| format!("{} could not be copied", source.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_has_the_site_and_neither_data_nor_compressed_copies() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (dist, staged) = (folder.path().join("dist"), folder.path().join("staged"));
        for file in [
            "www/pruning-playground.js",
            "www/pruning-playground.js.map",
            "www/pruning-playground.js.br",
            "pkg/cpu/playground_bg.wasm",
            "data/cifar-10/data_batch_1.bin",
        ] {
            stamp::write(&dist.join("v/1").join(file), file)?;
        }
        stamp::write(&dist.join("www/pruning-playground.js"), "leads to v/1")?;
        site(&dist, &staged)?;
        let script = fs::read_to_string(staged.join("www/pruning-playground.js"))?;
        assert_eq!(script, "www/pruning-playground.js");
        assert!(staged.join("pkg/cpu/playground_bg.wasm").is_file());
        for file in [
            "www/pruning-playground.js.map",
            "www/pruning-playground.js.br",
            "data",
            "v",
        ] {
            assert!(!staged.join(file).exists(), "{file}");
        }
        Ok(())
    }

    #[test]
    fn without_a_website_there_is_no_package() -> Result<()> {
        let folder = tempfile::tempdir()?;
        assert!(site(folder.path(), &folder.path().join("staged")).is_err());
        Ok(())
    }

    #[test]
    fn its_version_is_that_of_the_project() -> Result<()> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let description = Package::read(&root)?.description();
        let version = description["version"].as_str().unwrap_or_default();
        assert!(
            fs::read_to_string(root.join("Cargo.toml"))?
                .contains(&format!("version = \"{version}\""))
        );
        assert_eq!(
            description["exports"]["."]["types"],
            "./www/pruning-playground.d.ts"
        );
        Ok(())
    }
}
