//! The steps of `cargo xtask test`. Each installs what it lacks, and can be run alone.

use crate::backend::Backend;
use crate::browsers::{self, Program};
use crate::budget;
use crate::bundle;
use crate::interop;
use crate::package;
use crate::process;
use crate::project::Project;
use crate::server::Server;
use crate::setup::{self, WASM_TARGET};
use anyhow::{Result, ensure};
use clap::ValueEnum;
use std::path::PathBuf;
use walkdir::WalkDir;

/// Training on a software GPU is slow; a page that hangs is still ended.
const BROWSER_TEST_SECONDS: &str = "600";

/// In the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ValueEnum)]
pub enum Step {
    Fmt,
    JsTypes,
    JsUnits,
    Clippy,
    Rust,
    Interop,
    ClippyWasm,
    Bundles,
    Budget,
    WasmChromeCpu,
    WasmFirefoxCpu,
    E2e,
    WasmChromeWebgpu,
}

impl Step {
    pub fn name(self) -> String {
        self.to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default()
    }

    pub fn description(self) -> &'static str {
        match self {
            Self::Fmt => "the Rust sources are formatted",
            Self::JsTypes => "the page's scripts pass the type checker",
            Self::JsUnits => "unit tests of the page's scripts",
            Self::Clippy => "lints, native",
            Self::Rust => "unit and integration tests, native",
            Self::Interop => "exported networks compute the same in PyTorch and ONNX Runtime",
            Self::ClippyWasm => "lints of both bundles",
            Self::Bundles => "both bundles and the website build",
            Self::Budget => "the bundles are within their budgets of bytes",
            Self::WasmChromeCpu => "tests of the CPU bundle in Chromium",
            Self::WasmFirefoxCpu => "tests of the CPU bundle in Firefox",
            Self::E2e => "the page, used as a person would use it, in Chromium and Firefox",
            Self::WasmChromeWebgpu => "tests of the WebGPU bundle in Chromium",
        }
    }

    /// A step without which this one cannot pass.
    pub fn needs(self) -> Option<Self> {
        matches!(self, Self::Budget | Self::E2e).then_some(Self::Bundles)
    }

    pub fn run(self, project: &Project) -> Result<()> {
        match self {
            Self::Fmt => fmt(project),
            Self::JsTypes => js_types(project),
            Self::JsUnits => js_units(project),
            Self::Clippy => clippy(project),
            Self::Rust => process::run(project.command("cargo").args(["test", "--workspace"])),
            Self::Interop => interop::check(project),
            Self::ClippyWasm => clippy_wasm(project),
            Self::Bundles => bundle::build(project, None),
            Self::Budget => {
                bundle::build(project, None)?;
                budget::check(project)
            }
            Self::WasmChromeCpu => wasm_tests(project, Backend::Cpu, Program::Chromium),
            Self::WasmFirefoxCpu => wasm_tests(project, Backend::Cpu, Program::Firefox),
            Self::E2e => e2e(project),
            Self::WasmChromeWebgpu => wasm_tests(project, Backend::WebGpu, Program::Chromium),
        }
    }
}

fn fmt(project: &Project) -> Result<()> {
    setup::rust_component(project, "fmt", "rustfmt")?;
    process::run(
        project
            .command("cargo")
            .args(["fmt", "--all", "--", "--check"]),
    )
}

fn clippy(project: &Project) -> Result<()> {
    setup::rust_component(project, "clippy", "clippy")?;
    process::run(
        project
            .command("cargo")
            .args(["clippy", "--workspace", "--all-targets"])
            .args(["--", "-D", "warnings"]),
    )
}

fn clippy_wasm(project: &Project) -> Result<()> {
    setup::rust_component(project, "clippy", "clippy")?;
    setup::wasm_target(project)?;
    for backend in Backend::ALL {
        process::run(
            project
                .wasm_cargo(backend)
                // The bundles' profile: build scripts and macros are then compiled once.
                .args(["clippy", "--lib", "--release", "--target", WASM_TARGET])
                .args(bundle::features(backend))
                .args(["--", "-D", "warnings"]),
        )?;
    }
    Ok(())
}

fn js_types(project: &Project) -> Result<()> {
    setup::node_modules(project, &project.root)?;
    // A script of package.json, since pages and workers are checked against different libraries.
    process::run(project.command("npm").args(["run", "--silent", "types"]))
}

fn js_units(project: &Project) -> Result<()> {
    setup::node_modules(project, &project.root)?;
    let tests = unit_tests(project);
    ensure!(!tests.is_empty(), "there are no unit tests to run");
    process::run(
        project
            .command("node")
            .args(["--test", "--test-reporter=spec"])
            .args(tests),
    )
}

fn unit_tests(project: &Project) -> Vec<PathBuf> {
    let mut tests: Vec<PathBuf> = ["www", "tests/js"]
        .iter()
        .flat_map(|folder| WalkDir::new(project.root.join(folder)))
        .filter_map(|entry| entry.ok().map(walkdir::DirEntry::into_path))
        .filter(|path| {
            let name = path.to_string_lossy();
            name.ends_with(".test.js") || name.ends_with(".test.mjs")
        })
        .map(|path| project.relative(&path).to_owned())
        .collect();
    tests.sort();
    tests
}

fn wasm_tests(project: &Project, backend: Backend, browser: Program) -> Result<()> {
    setup::wasm_target(project)?;
    setup::wasm_bindgen(project)?;
    setup::wasm_pack(project)?;
    let (flag, driver_flag, driver) = match browser {
        Program::Firefox | Program::Geckodriver => {
            ("--firefox", "--geckodriver", Program::Geckodriver)
        }
        Program::Chromium | Program::Chromedriver => {
            ("--chrome", "--chromedriver", Program::Chromedriver)
        }
    };
    let capabilities = browsers::capabilities(project, browser)?;
    let mut command = project.command("wasm-pack");
    project.for_wasm(&mut command, backend);
    // The test runner would take the first driver that any of these names.
    for variable in [
        "CHROMEDRIVER",
        "GECKODRIVER",
        "SAFARIDRIVER",
        "MSEDGEDRIVER",
    ] {
        command.env_remove(variable);
        command.env_remove(format!("{variable}_REMOTE"));
    }
    let output = process::run_and_read(
        command
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities)
            .env("WASM_BINDGEN_TEST_TIMEOUT", BROWSER_TEST_SECONDS)
            .args(["test", "--headless", "--release", "--mode", "no-install"])
            .args([flag, driver_flag])
            .arg(driver.require(project)?)
            .arg("--")
            .args(bundle::features(backend))
            .args(["--test", &format!("wasm_{}", backend.name())]),
    )?;
    // With no test compiled in, the test runner would call it a success.
    ensure!(
        output.contains("test result: ok"),
        "no test has run in the browser"
    );
    Ok(())
}

fn e2e(project: &Project) -> Result<()> {
    let chromium = Program::Chromium.require(project)?;
    let firefox = Program::Firefox.require(project)?;
    let geckodriver = Program::Geckodriver.require(project)?;
    bundle::build(project, None)?;
    let package = package::pack(project)?;
    let server = Server::on_free_port(&project.dist())?;
    process::run(
        project
            .command("npm")
            .args(["run", "--silent", "e2e"])
            .env("PLAYGROUND_URL", server.url())
            .env("CHROMIUM", chromium)
            .env("FIREFOX", firefox)
            .env("GECKODRIVER", geckodriver)
            .env("PACKAGE", package),
    )
}
