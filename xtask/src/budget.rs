//! Holds the bundles, and the scripts and styles around them, to their budgets of bytes on the wire.

use crate::backend::Backend;
use crate::compressed::{self, Coding};
use crate::project::Project;
use crate::version::{self, VERSIONS};
use anyhow::{Result, bail, ensure};
use std::fs;
use std::ops::Add;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// The most bytes that all scripts and styles together may have after Brotli compression.
const SCRIPTS_LIMIT: u64 = 128_500;

/// Bytes as they are, and as a static host sends them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Size {
    raw: u64,
    brotli: u64,
}

impl Size {
    fn max(self, other: Self) -> Self {
        Self {
            raw: self.raw.max(other.raw),
            brotli: self.brotli.max(other.brotli),
        }
    }
}

impl Add for Size {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            brotli: self.brotli + other.brotli,
        }
    }
}

/// The most bytes that a bundle may have after Brotli compression.
fn limit(backend: Backend) -> u64 {
    match backend {
        Backend::Cpu => 400_000,
        Backend::WebGpu => 1_700_000,
    }
}

/// Measures both bundles, prints their sizes, and fails when a budget is passed.
pub fn check(project: &Project) -> Result<()> {
    let mut passed = Vec::new();
    for backend in Backend::ALL {
        let module = project.package(backend).join("playground_bg.wasm");
        let size = measure(&module, &project.compressed())?;
        let limit = limit(backend);
        println!(
            "{:<8}{:>12} bytes, {:>10} with Brotli, of {limit} allowed",
            backend.name(),
            size.raw,
            size.brotli
        );
        if exceeds(size, limit) {
            passed.push(backend.name());
        }
    }
    let scripts = scripts(&project.dist(), &project.compressed())?;
    println!(
        "{:<8}{:>12} bytes, {:>10} with Brotli, of {SCRIPTS_LIMIT} allowed",
        "scripts", scripts.raw, scripts.brotli
    );
    if exceeds(scripts, SCRIPTS_LIMIT) {
        passed.push("scripts");
    }
    if !passed.is_empty() {
        bail!("over the budget: {}", passed.join(", "));
    }
    Ok(())
}

/// All scripts and styles that a visitor of the page may come to load: whatever they do there, on either backend and from
/// one to the other, in the language with the longer words.
fn scripts(dist: &Path, cache: &Path) -> Result<Size> {
    let mut sum = Size::default();
    let mut words = Size::default();
    for path in script_files(dist)? {
        let size = measure(&path, cache)?;
        if is_words(&path) {
            words = words.max(size);
        } else {
            sum = sum + size;
        }
    }
    Ok(sum + words)
}

fn script_files(dist: &Path) -> Result<Vec<PathBuf>> {
    let versions = dist.join(VERSIONS);
    let newest = version::by_age(&versions)?.pop();
    let is_older =
        |path: &Path| path.parent() == Some(versions.as_path()) && Some(path) != newest.as_deref();
    let mut files = Vec::new();
    for entry in WalkDir::new(dist)
        .into_iter()
        .filter_entry(|entry| !is_older(entry.path()))
    {
        let path = entry?.into_path();
        let is_script = path
            .extension()
            .is_some_and(|extension| extension == "js" || extension == "css");
        if is_script && !is_of_another_page(&path) {
            files.push(path);
        }
    }
    ensure!(
        !files.is_empty(),
        "there are no scripts in {}",
        dist.display()
    );
    Ok(files)
}

/// All words of one language.
fn is_words(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("words-")
}

/// The benchmark, the page for an iframe and the script for the page around it.
fn is_of_another_page(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    ["bench", "embed"].iter().any(|page| name.starts_with(page))
}

fn exceeds(size: Size, limit: u64) -> bool {
    size.brotli > limit
}

/// Bytes of a file, and of the compressed copy that the website has of it.
fn measure(path: &Path, cache: &Path) -> Result<Size> {
    let copy = compressed::copy_of(path, Coding::Brotli, cache)?;
    Ok(Size {
        raw: fs::metadata(path)?.len(),
        brotli: fs::metadata(copy)?.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stamp;
    use std::time::{Duration, SystemTime};

    /// Numbers without repetition, which compress to a third at best.
    fn noise(numbers: u32) -> String {
        (0..numbers)
            .map(|n| format!("{:08x}", n.wrapping_mul(2_654_435_761)))
            .collect()
    }

    fn module(project: &Project, backend: Backend, numbers: u32) -> Result<()> {
        let path = project.package(backend).join("playground_bg.wasm");
        stamp::write(&path, &noise(numbers))
    }

    #[test]
    fn a_bundle_over_its_budget_fails_and_is_named() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let project = Project {
            root: folder.path().into(),
            target: folder.path().join("target"),
        };
        stamp::write(&project.dist().join("v/1/www/a.js"), "")?;
        module(&project, Backend::WebGpu, 10)?;
        module(&project, Backend::Cpu, 10)?;
        check(&project)?;
        module(&project, Backend::Cpu, 400_000)?;
        let message = check(&project).err().map(|error| error.to_string());
        assert_eq!(message.as_deref(), Some("over the budget: cpu"));
        Ok(())
    }

    #[test]
    fn the_scripts_and_styles_of_the_newest_version_are_counted_together() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (dist, cache) = (folder.path().join("dist"), folder.path().join("cache"));
        for (file, age) in [("v/old/www/a.js", 9), ("v/new/www/a.js", 0)] {
            stamp::write(&dist.join(file), "1234")?;
            let time = SystemTime::now() - Duration::from_secs(age);
            fs::File::open(dist.join(&file[..5]))?.set_modified(time)?;
        }
        for file in [
            "v/new/www/b.css",
            "www/c.js",
            "v/new/www/d.js.map",
            "v/new/www/bench.js",
            "v/new/pkg/cpu/playground.js",
            "v/new/pkg/webgpu/playground.js",
            "index.html",
        ] {
            stamp::write(&dist.join(file), "1234")?;
        }
        assert_eq!(scripts(&dist, &cache)?.raw, 20);
        Ok(())
    }

    #[test]
    fn the_budget_itself_is_allowed() {
        let size = |brotli| Size { raw: 0, brotli };
        assert!(!exceeds(size(400_000), limit(Backend::Cpu)));
        assert!(exceeds(size(400_001), limit(Backend::Cpu)));
    }

    #[test]
    fn the_figure_is_that_of_the_bytes_at_hand_not_of_earlier_ones() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("module");
        let cache = folder.path().join("cache");
        fs::write(&path, "a".repeat(1000))?;
        let first = measure(&path, &cache)?;
        assert_eq!(measure(&path, &cache)?, first);
        fs::write(&path, (0..1000).map(|n| n.to_string()).collect::<String>())?;
        let second = measure(&path, &cache)?;
        assert!(second.brotli > first.brotli, "{first:?} {second:?}");
        Ok(())
    }
}
