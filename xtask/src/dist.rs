//! Lays out `dist/`, the website: its pages, its scripts, what they load, and local data.

use crate::backend::Backend;
use crate::datasets::Dataset;
use crate::project::Project;
use crate::stamp;
use anyhow::{Context, Result};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use walkdir::WalkDir;

/// Files of npm packages that the page loads, and the licences they come under.
const VENDORED: [(&str, &[&str]); 1] = [(
    "uplot",
    &["dist/uPlot.esm.js", "dist/uPlot.min.css", "LICENSE"],
)];

/// Brings everything in `dist/` but the bundles up to date.
pub fn assemble(project: &Project) -> Result<()> {
    let dist = project.dist();
    pages(&project.root, &dist)?;
    scripts(&project.root.join("www"), &dist.join("www"))?;
    vendored(&project.root.join("node_modules"), &dist.join("vendor"))?;
    data(&project.data(), &dist.join("data"))?;
    sizes(project)
}

fn pages(root: &Path, dist: &Path) -> Result<()> {
    copy(&root.join("index.html"), &dist.join("index.html"))
}

fn scripts(www: &Path, destination: &Path) -> Result<()> {
    empty(destination)?;
    for entry in WalkDir::new(www) {
        let entry = entry.context("www could not be listed")?;
        let relative = entry.path().strip_prefix(www)?;
        if entry.file_type().is_file() && is_published(relative) {
            copy(entry.path(), &destination.join(relative))?;
        }
    }
    Ok(())
}

/// Tests and type declarations are for those who work on the page, not for those who visit it.
fn is_published(path: &Path) -> bool {
    let name = path.to_string_lossy();
    ![".test.js", ".test.mjs", ".d.ts"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

fn vendored(node_modules: &Path, destination: &Path) -> Result<()> {
    empty(destination)?;
    for (package, files) in VENDORED {
        for file in files {
            let source = node_modules.join(package).join(file);
            let name = source.file_name().context("a file has a name")?;
            copy(&source, &destination.join(package).join(name))?;
        }
    }
    Ok(())
}

/// One local file of a data set, as the page lists it.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct DataFile {
    file: String,
    bytes: u64,
}

fn data(source: &Path, destination: &Path) -> Result<()> {
    empty(destination)?;
    let mut index = BTreeMap::new();
    for dataset in Dataset::ALL {
        let mut files = Vec::new();
        for path in dataset.files_in(&source.join(dataset.name())) {
            let file = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .context("a file has a name")?;
            let link = destination.join(dataset.name()).join(&file);
            link_or_copy(&path, &link)?;
            let bytes = fs::metadata(&link)?.len();
            files.push(DataFile { file, bytes });
        }
        if !files.is_empty() {
            index.insert(dataset.name(), files);
        }
    }
    stamp::write(
        &destination.join("index.json"),
        &serde_json::to_string(&index)?,
    )
}

#[derive(Serialize)]
struct Size {
    bytes: u64,
}

/// The sizes against which the page shows a download's progress: a compressed response does not
/// tell the length of what it unpacks to.
fn sizes(project: &Project) -> Result<()> {
    let mut sizes = BTreeMap::new();
    for backend in Backend::ALL {
        if let Ok(metadata) = fs::metadata(project.package(backend).join("playground_bg.wasm")) {
            let bytes = metadata.len();
            sizes.insert(backend.name(), Size { bytes });
        }
    }
    stamp::write(
        &project.dist().join("pkg/sizes.json"),
        &serde_json::to_string(&sizes)?,
    )
}

fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("{} could not be emptied", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("{} could not be made", folder.display()))
}

fn copy(source: &Path, destination: &Path) -> Result<()> {
    if let Some(folder) = destination.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(source, destination).with_context(|| {
        format!(
            "{} could not be copied to {}",
            source.display(),
            destination.display()
        )
    })?;
    Ok(())
}

fn link_or_copy(source: &Path, destination: &Path) -> Result<()> {
    if let Some(folder) = destination.parent() {
        fs::create_dir_all(folder)?;
    }
    // Data sets are large, but dist/ may lie on another file system.
    fs::hard_link(source, destination).or_else(|_| copy(source, destination))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_scripts_are_published_and_tests_are_not() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (www, dist) = (folder.path().join("www"), folder.path().join("dist"));
        for file in ["store.js", "store.test.js", "views/curve.js", "t/a.d.ts"] {
            stamp::write(&www.join(file), file)?;
        }
        stamp::write(&dist.join("removed-since.js"), "")?;
        scripts(&www, &dist)?;
        assert!(dist.join("store.js").exists());
        assert!(dist.join("views/curve.js").exists());
        for absent in ["store.test.js", "t/a.d.ts", "removed-since.js"] {
            assert!(!dist.join(absent).exists(), "{absent}");
        }
        Ok(())
    }

    #[test]
    fn the_data_index_lists_official_names_with_their_sizes() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (source, dist) = (folder.path().join("data"), folder.path().join("dist"));
        stamp::write(&source.join("cifar-10/data_batch_1.bin"), "12345")?;
        stamp::write(&source.join("cifar-10/notes.txt"), "mine")?;
        data(&source, &dist)?;
        assert_eq!(
            fs::read_to_string(dist.join("index.json"))?,
            r#"{"cifar-10":[{"file":"data_batch_1.bin","bytes":5}]}"#
        );
        assert_eq!(fs::read(dist.join("cifar-10/data_batch_1.bin"))?, b"12345");
        Ok(())
    }

    #[test]
    fn without_local_data_the_index_is_empty() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let dist = folder.path().join("dist");
        data(&folder.path().join("nothing"), &dist)?;
        assert_eq!(fs::read_to_string(dist.join("index.json"))?, "{}");
        Ok(())
    }
}
