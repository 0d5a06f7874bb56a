//! Exported networks in the programs of others: PyTorch and ONNX Runtime give the same logits and accuracy, and the script
//! for torchrun trains on several processes as on one.
//!
//! Where one of them can't be had, its check is skipped, and the reason printed; what is there has to agree.

use crate::process;
use crate::project::Project;
use crate::setup;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// A program of others, and what its check needs.
struct Check {
    name: &'static str,
    scripts: &'static [&'static str],
    /// Pinned, and for this workspace alone.
    packages: &'static [&'static str],
    /// What is imported once all is there.
    module: &'static str,
}

const ONNX_RUNTIME: Check = Check {
    name: "ONNX Runtime",
    scripts: &["tests/interop/onnx_runtime.py"],
    packages: &["onnxruntime==1.32.0", "numpy==2.4.6", "safetensors==0.8.0"],
    module: "onnxruntime",
};

/// PyTorch itself is the system's: the packages of PyPI bring gigabytes of libraries for GPUs.
const PYTORCH: Check = Check {
    name: "PyTorch",
    scripts: &["tests/interop/pytorch.py", "tests/interop/distributed.py"],
    packages: &["safetensors==0.8.0", "packaging==26.0"],
    module: "torch",
};

const DEBIAN_TORCH: &str = "python3-torch";
/// The interpreter that Debian's packages are for; another may come first in the path.
const DEBIAN_PYTHON: &str = "/usr/bin/python3";

pub fn check(project: &Project) -> Result<()> {
    let files = project.target.join("interop").join("files");
    process::run(
        project
            .command("cargo")
            .args(["run", "--quiet", "--example", "export", "--", "--out"])
            .arg(&files),
    )?;
    let checks = [
        (ONNX_RUNTIME, python(project)),
        (PYTORCH, python_with_torch(project)),
    ];
    for (check, python) in checks {
        match python.and_then(|python| check.environment(project, &python)) {
            Ok(python) => check.run(project, &python, &files)?,
            Err(reason) => println!("SKIPPED: the check by {}: {reason:#}", check.name),
        }
    }
    Ok(())
}

impl Check {
    fn run(&self, project: &Project, python: &Path, files: &Path) -> Result<()> {
        for script in self.scripts {
            process::run(project.command(python).arg(script).arg(files))?;
        }
        Ok(())
    }

    /// The interpreter of a virtual environment that has what the check needs.
    fn environment(&self, project: &Project, python: &Path) -> Result<PathBuf> {
        let folder = project.target.join("interop").join(self.module);
        let own = folder.join("bin/python");
        let wanted = self.packages.join("\n");
        let note = folder.join("packages");
        if fs::read_to_string(&note).is_ok_and(|have| have == wanted)
            && imports(project, &own, self.module)
        {
            return Ok(own);
        }
        process::run(
            project
                .command(python)
                .args(["-m", "venv", "--clear", "--system-site-packages"])
                .arg(&folder),
        )?;
        process::run(
            project
                .command(&own)
                .args(["-m", "pip", "install", "--quiet"])
                .arg("--disable-pip-version-check")
                .args(self.packages),
        )?;
        // A failed import says more than that it failed.
        process::run(
            project
                .command(&own)
                .args(["-c", &format!("import {}", self.module)]),
        )?;
        fs::write(note, wanted)?;
        Ok(own)
    }
}

fn python(project: &Project) -> Result<PathBuf> {
    project.find("python3").context("there is no python3")
}

/// An interpreter that has PyTorch; installs it where that is possible.
fn python_with_torch(project: &Project) -> Result<PathBuf> {
    let has_torch = || {
        let all = [python(project).ok(), Some(PathBuf::from(DEBIAN_PYTHON))];
        let mut all = all.into_iter().flatten();
        all.find(|path| path.is_file() && imports(project, path, PYTORCH.module))
    };
    if let Some(python) = has_torch() {
        return Ok(python);
    }
    if setup::can_install_debian_packages(project) {
        setup::debian_packages(project, &[DEBIAN_TORCH, "python3-venv"])?;
    }
    has_torch().with_context(|| {
        format!("no python3 has torch; install it, on Debian as the package {DEBIAN_TORCH}")
    })
}

fn imports(project: &Project, python: &Path, module: &str) -> bool {
    let command = format!("import {module}");
    process::output(project.command(python).args(["-c", &command])).is_ok()
}
