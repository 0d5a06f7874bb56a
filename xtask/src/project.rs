//! Where the parts of the workspace lie, and how programs are started in it.

use crate::backend::Backend;
use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `cargo run` sets for this program only. Build scripts that watch these variables would
/// run again, and all that depends on them be rebuilt, if nested calls of Cargo saw them.
const SET_BY_CARGO_RUN: [&str; 3] = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"];

/// The workspace that holds the current folder.
#[derive(Clone, Debug)]
pub struct Project {
    pub root: PathBuf,
    /// Cargo's target folder; everything that can be made again is in it, except `dist/`.
    pub target: PathBuf,
}

impl Project {
    /// Asks Cargo. An error says that the current folder is in no workspace.
    pub fn locate() -> Result<Self> {
        let metadata = MetadataCommand::new()
            .no_deps()
            .exec()
            .context("run this inside the pruning playground's repository")?;
        Ok(Self {
            root: metadata.workspace_root.into(),
            target: metadata.target_directory.into(),
        })
    }

    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Where a bundle lies as it was built; the website has a copy of it.
    pub fn package(&self, backend: Backend) -> PathBuf {
        self.memory().join("pkg").join(backend.name())
    }

    /// Local copies of data sets, one folder each.
    pub fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    /// Tools in pinned versions, installed for this workspace alone.
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// What xtask remembers from run to run.
    pub fn memory(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// Compressed copies of files of the website, by their content.
    pub fn compressed(&self) -> PathBuf {
        self.memory().join("compressed")
    }

    /// Cargo's target folder for one bundle and its tests. In a shared one each bundle would
    /// overwrite the other's cdylib, which has the same name, and both be linked at every build.
    pub fn bundle_target(&self, backend: Backend) -> PathBuf {
        self.target.join("bundle").join(backend.name())
    }

    /// A program to be started in the root folder, the workspace's own tools coming first.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .env("PATH", self.search_path());
        for (name, _) in env::vars_os() {
            let set_by_cargo = name
                .to_str()
                .is_some_and(|name| SET_BY_CARGO_RUN.iter().any(|p| name.starts_with(p)));
            if set_by_cargo {
                command.env_remove(name);
            }
        }
        command
    }

    /// Cargo for a WebAssembly build of one bundle.
    pub fn wasm_cargo(&self, backend: Backend) -> Command {
        let mut command = self.command("cargo");
        self.for_wasm(&mut command, backend);
        command
    }

    /// Sets the environment in which Cargo builds one bundle.
    pub fn for_wasm(&self, command: &mut Command, backend: Backend) {
        if backend == Backend::WebGpu {
            // Ten times the code: optimised as one piece, it would take a quarter of an hour.
            command
                .env("CARGO_PROFILE_RELEASE_LTO", "thin")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        }
        command
            .env("CARGO_TARGET_DIR", self.bundle_target(backend))
            // Either would replace the flags of .cargo/config.toml, and SIMD be lost.
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
    }

    /// Finds a program in the workspace's own tools, then in `PATH`.
    pub fn find(&self, program: &str) -> Option<PathBuf> {
        which::which_in(program, Some(self.search_path()), &self.root).ok()
    }

    fn search_path(&self) -> OsString {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let own = self.tools().join("bin");
        env::join_paths(std::iter::once(own).chain(env::split_paths(&inherited)))
            .unwrap_or(inherited)
    }

    /// A path as a person would write it: relative to the root where it is below it.
    pub fn relative<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}
