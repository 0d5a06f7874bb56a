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
    let tool = CargoTool {
        package: "wasm-bindgen-cli",
        binary: "wasm-bindgen",
        version: &version,
        works_hard: true,
    };
    tool.require(project)?;
    Ok(version)
}

pub fn wasm_pack(project: &Project) -> Result<()> {
    let tool = CargoTool {
        package: "wasm-pack",
        binary: "wasm-pack",
        version: WASM_PACK_VERSION,
        works_hard: false,
    };
    tool.require(project)
}

/// A program that comes as a crate.
pub struct CargoTool<'a> {
    pub package: &'a str,
    pub binary: &'a str,
    pub version: &'a str,
    /// Whether it is worth the minutes that optimising it takes; not so when it only starts
    /// other programs.
    pub works_hard: bool,
}

impl CargoTool<'_> {
    /// Installs it into the workspace's tools unless this version can be found already.
    pub fn require(&self, project: &Project) -> Result<()> {
        if self.is_present(project) {
            return Ok(());
        }
        if let Err(error) = self.install(project, &["--locked"]) {
            // A mirror of the registry may not have every version that the lock file names.
            println!("{error:#}; trying again with any compatible dependencies");
            self.install(project, &[])?;
        }
        ensure!(
            self.is_present(project),
            "{} {} was installed, but cannot be run",
            self.package,
            self.version
        );
        Ok(())
    }

    fn install(&self, project: &Project, more: &[&str]) -> Result<()> {
        let mut command = project.command("cargo");
        command
            .args(["install", self.package, "--version", self.version, "--root"])
            .arg(project.tools())
            .arg("--target-dir")
            .arg(project.tools().join("build"))
            .args(more);
        if !self.works_hard {
            command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
        }
        process::run(&mut command)
    }

    fn is_present(&self, project: &Project) -> bool {
        let Some(path) = project.find(self.binary) else {
            return false;
        };
        process::output(project.command(path).arg("--version"))
            .is_ok_and(|text| text.split_whitespace().any(|word| word == self.version))
    }
}

/// Whether this is a Debian system whose administrator has started this.
pub fn can_install_debian_packages(project: &Project) -> bool {
    project.find("apt-get").is_some()
        && process::output(project.command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

pub fn debian_packages(project: &Project, packages: &[&str]) -> Result<()> {
    let apt_get = || {
        let mut command = project.command("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    process::run(apt_get().arg("update"))?;
    process::run(
        apt_get()
            .args(["install", "-y", "--no-install-recommends"])
            .args(packages),
    )
}

/// The packages of a folder's package-lock.json, installed anew when the lock file has changed.
pub fn node_modules(project: &Project, folder: &Path) -> Result<()> {
    let modified = |path: &str| {
        fs::metadata(folder.join(path))
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
            .current_dir(folder)
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
