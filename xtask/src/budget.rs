//! Holds the bundles, and the scripts and styles around them, to their budgets of bytes on the wire.

use crate::backend::Backend;
use crate::project::Project;
use crate::version::{self, VERSIONS};
use crate::wire::{Size, measure};
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// The most bytes that the scripts and styles of the first screen may have after Brotli compression.
const FIRST_LIMIT: u64 = 111_500;

/// The most bytes that all scripts and styles together may have after Brotli compression.
const SCRIPTS_LIMIT: u64 = 150_000;

/// The pages with the widget.
const PAGES: [&str; 2] = ["index.html", "embed.html"];

/// What the scripts of a page load as soon as they are there, beside the words of its language.
const UNASKED: [&str; 3] = ["www/widget.css", "www/worker.js", "pkg/cpu/playground.js"];

/// The most bytes that a bundle may have after Brotli compression.
fn limit(backend: Backend) -> u64 {
    match backend {
        Backend::Cpu => 461_000,
        Backend::WebGpu => 1_800_000,
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
    let (dist, cache) = (project.dist(), project.compressed());
    for (name, size, limit) in [
        ("first", first_screen(&dist, &cache)?, FIRST_LIMIT),
        ("scripts", scripts(&dist, &cache)?, SCRIPTS_LIMIT),
    ] {
        println!(
            "{name:<8}{:>12} bytes, {:>10} with Brotli, of {limit} allowed",
            size.raw, size.brotli
        );
        if exceeds(size, limit) {
            passed.push(name);
        }
    }
    if !passed.is_empty() {
        bail!("over the budget: {}", passed.join(", "));
    }
    Ok(())
}

/// The scripts and styles with which a page shows the widget and trains: those that it names, with all chunks that they import,
/// and those that they load by themselves, in the language with the longer words. What comes when the page is idle, or when
/// something is opened, is not among them.
fn first_screen(dist: &Path, cache: &Path) -> Result<Size> {
    let mut most = Size::default();
    for page in PAGES {
        most = most.max(loaded_by(dist, page, cache)?);
    }
    Ok(most)
}

fn loaded_by(dist: &Path, page: &str, cache: &Path) -> Result<Size> {
    let html =
        fs::read_to_string(dist.join(page)).with_context(|| format!("no {page} is built"))?;
    let version = newest(dist)?;
    let named = html.split('"').map(|address| dist.join(address));
    let unasked = UNASKED.iter().map(|file| version.join(file));
    let files: BTreeSet<PathBuf> = named
        .chain(unasked)
        .filter(|path| is_script(path))
        .collect();
    let words = script_files(dist)?
        .into_iter()
        .filter(|path| is_words(path));
    sum(files.into_iter().chain(words), cache)
}

/// All scripts and styles that a visitor of the page may come to load: whatever they do there, on either backend and from
/// one to the other, in the language with the longer words.
fn scripts(dist: &Path, cache: &Path) -> Result<Size> {
    sum(script_files(dist)?.into_iter(), cache)
}

/// Of words, those of the language that has more.
fn sum(files: impl Iterator<Item = PathBuf>, cache: &Path) -> Result<Size> {
    let mut sum = Size::default();
    let mut words = Size::default();
    for path in files {
        let size = measure(&path, cache)?;
        if is_words(&path) {
            words = words.max(size);
        } else {
            sum = sum + size;
        }
    }
    Ok(sum + words)
}

fn newest(dist: &Path) -> Result<PathBuf> {
    let versions = version::by_age(&dist.join(VERSIONS))?;
    versions
        .into_iter()
        .next_back()
        .context("no version of the site is built")
}

fn script_files(dist: &Path) -> Result<Vec<PathBuf>> {
    let versions = dist.join(VERSIONS);
    let newest = newest(dist)?;
    let is_older = |path: &Path| path.parent() == Some(versions.as_path()) && path != newest;
    let mut files = Vec::new();
    for entry in WalkDir::new(dist)
        .into_iter()
        .filter_entry(|entry| !is_older(entry.path()))
    {
        let path = entry?.into_path();
        if is_script(&path) && !is_of_another_page(&path) {
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

fn is_script(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "js" || extension == "css")
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
        let unasked = UNASKED.map(|file| format!("v/1/{file}"));
        for file in PAGES.into_iter().chain(unasked.iter().map(String::as_str)) {
            stamp::write(&project.dist().join(file), "")?;
        }
        module(&project, Backend::WebGpu, 10)?;
        module(&project, Backend::Cpu, 10)?;
        check(&project)?;
        module(&project, Backend::Cpu, 465_000)?;
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
    fn the_first_screen_is_what_the_larger_page_names_and_what_its_scripts_load_by_themselves()
    -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (dist, cache) = (folder.path().join("dist"), folder.path().join("cache"));
        let page = |names: &[&str]| -> String {
            let links = names
                .iter()
                .map(|name| format!("<link href=\"v/1/www/{name}\">\n"));
            links.collect()
        };
        stamp::write(
            &dist.join("index.html"),
            &page(&["a.js", "a.js", "widget.css", "chunk-B.js"]),
        )?;
        stamp::write(&dist.join("embed.html"), &page(&["a.js"]))?;
        for file in [
            "www/a.js",
            "www/widget.css",
            "www/chunk-B.js",
            "www/worker.js",
            "www/panels-C.js",
            "www/words-en-D.js",
            "pkg/cpu/playground.js",
            "pkg/webgpu/playground.js",
        ] {
            stamp::write(&dist.join("v/1").join(file), "1234")?;
        }
        stamp::write(&dist.join("v/1/www/words-zh-CN-E.js"), "123456")?;
        assert_eq!(first_screen(&dist, &cache)?.raw, 5 * 4 + 6);
        assert_eq!(scripts(&dist, &cache)?.raw, 7 * 4 + 6);
        stamp::write(&dist.join("embed.html"), &page(&["gone.js"]))?;
        assert!(first_screen(&dist, &cache).is_err());
        Ok(())
    }

    #[test]
    fn the_budget_itself_is_allowed() {
        let size = |brotli| Size { raw: 0, brotli };
        assert!(!exceeds(size(461_000), limit(Backend::Cpu)));
        assert!(exceeds(size(461_001), limit(Backend::Cpu)));
    }
}
