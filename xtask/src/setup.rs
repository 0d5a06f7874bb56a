//! Installs what a build or a test needs and lacks: pinned, and for this workspace alone where
//! that can be.

use crate::process;
use crate::project::Project;
use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use std::fs;
use std::path::Path;

pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
const WASM_PACK_VERSION: &str = "0.15.1";

/// The standard library for WebAssembly.
pub fn wasm_target(project: &Project) -> Result<()> {
    let libraries = process::output(project.command("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        WASM_TARGET,
    ]))?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    process::run(
        project
            .command("rustup")
            .args(["target", "add", WASM_TARGET]),
    )
    .with_context(|| format!("install the Rust target {WASM_TARGET}"))
}

/// A part of the Rust toolchain that is called as `cargo NAME`.
pub fn rust_component(project: &Project, cargo_name: &str, rustup_name: &str) -> Result<()> {
    let present = process::output(project.command("cargo").args([cargo_name, "--version"])).is_ok();
    if present {
        return Ok(());
    }
    process::run(
        project
            .command("rustup")
            .args(["component", "add", rustup_name]),
    )
    .with_context(|| format!("install the Rust component {rustup_name}"))
}

/// The bindings generator, in exactly the version of the crate in Cargo.lock: any other is
/// refused by the generator itself.
pub fn wasm_bindgen(project: &Project) -> Result<String> {
    let lock = fs::read_to_string(project.root.join("Cargo.lock"))
        .context("Cargo.lock could not be read")?;
    let version = locked_version(&lock, "wasm-bindgen")?;
    cargo_tool(project, "wasm-bindgen-cli", "wasm-bindgen", &version)?;
    Ok(version)
}

pub fn wasm_pack(project: &Project) -> Result<()> {
    cargo_tool(project, "wasm-pack", "wasm-pack", WASM_PACK_VERSION)
}

/// Installs a binary crate into the workspace's tools unless that version can be found already.
pub fn cargo_tool(project: &Project, package: &str, binary: &str, version: &str) -> Result<()> {
    if has_version(project, binary, version) {
        return Ok(());
    }
    let install = |locked: &[&str]| {
        process::run(
            project
                .command("cargo")
                .args(["install", package, "--version", version, "--root"])
                .arg(project.tools())
                .arg("--target-dir")
                .arg(project.tools().join("build"))
                .args(locked),
        )
    };
    if let Err(error) = install(&["--locked"]) {
        // A mirror of the registry may not have every version that the lock file names.
        println!("{error:#}; trying again with any compatible dependencies");
        install(&[])?;
    }
    ensure!(
        has_version(project, binary, version),
        "{package} {version} was installed, but {binary} of that version cannot be run"
    );
    Ok(())
}

fn has_version(project: &Project, binary: &str, version: &str) -> bool {
    let Some(path) = project.find(binary) else {
        return false;
    };
    process::output(project.command(path).arg("--version"))
        .is_ok_and(|text| text.split_whitespace().any(|word| word == version))
}

/// The packages of package-lock.json, installed anew when the lock file has changed.
pub fn node_modules(project: &Project) -> Result<()> {
    let modified = |path: &str| {
        fs::metadata(project.root.join(path))
            .and_then(|metadata| metadata.modified())
            .ok()
    };
    let wanted = modified("package-lock.json").context("package-lock.json could not be read")?;
    // npm writes this one last.
    if modified("node_modules/.package-lock.json").is_some_and(|installed| installed >= wanted) {
        return Ok(());
    }
    if project.find("npm").is_none() {
        bail!("npm cannot be found: install Node.js 20 or later");
    }
    process::run(
        project
            .command("npm")
            .args(["ci", "--no-audit", "--no-fund"]),
    )
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<LockedPackage>,
}

#[derive(Deserialize)]
struct LockedPackage {
    name: String,
    version: String,
}

fn locked_version(lock: &str, package: &str) -> Result<String> {
    let lock: Lock = toml::from_str(lock).context("Cargo.lock could not be understood")?;
    let mut versions = lock.package.into_iter().filter(|p| p.name == package);
    match (versions.next(), versions.next()) {
        (Some(only), None) => Ok(only.version),
        (None, _) => bail!("Cargo.lock names no {package}"),
        (Some(_), Some(_)) => bail!("Cargo.lock names more than one version of {package}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
        version = 4
        [[package]]
        name = "wasm-bindgen"
        version = "0.2.130"
        [[package]]
        name = "wasm-bindgen-test"
        version = "0.3.80"
        [[package]]
        name = "syn"
        version = "1.0.0"
        [[package]]
        name = "syn"
        version = "2.0.0"
    "#;

    #[test]
    fn the_generators_version_is_that_of_the_crate_in_the_lock_file() {
        assert_eq!(
            locked_version(LOCK, "wasm-bindgen").ok().as_deref(),
            Some("0.2.130")
        );
    }

    #[test]
    fn an_absent_or_ambiguous_package_is_an_error() {
        assert!(locked_version(LOCK, "serde").is_err());
        assert!(locked_version(LOCK, "syn").is_err());
        assert!(locked_version("not a lock file", "syn").is_err());
    }
}
