//! Lays out `dist/`, the website: its pages, its scripts, what they load, and local data.

use crate::backend::Backend;
use crate::compressed;
use crate::datasets::Dataset;
use crate::page::{self, Publication};
use crate::project::Project;
use crate::scripts::{self, Chunks};
use crate::stamp;
use crate::version::{self, ServiceWorkers, VERSIONS};
use anyhow::{Context, Result};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use walkdir::WalkDir;

/// Files of npm packages that are published as they are: licences. Scripts and styles are bundled with the page's own.
const VENDORED: [(&str, &[&str]); 3] = [
    ("uplot", &["LICENSE"]),
    ("fflate", &["LICENSE"]),
    ("idb-keyval", &["LICENCE"]),
];

/// Load an exported network elsewhere, and train its recipe there; the page gives them beside the network.
const PYTORCH_SCRIPTS: [&str; 2] = [
    "pytorch/evaluate_network.py",
    "pytorch/train_distributed.py",
];

/// Lays out the website around the bundles that are built.
pub fn assemble(project: &Project, publication: &Publication) -> Result<()> {
    let dist = project.dist();
    let versions = dist.join(VERSIONS);
    // Below dist/, so that it can be renamed into its place at once.
    let making = versions.join("making");
    empty(&making)?;
    let workers = content(project, &making)?;
    let files = version::list(&making)?;
    let name = version::name(&files)?;
    version::settle(&making, &versions, &name)?;
    clear_but(&dist, VERSIONS)?;
    let chunks = scripts::chunks(&versions.join(&name).join("www"))?;
    pages(project, &name, &chunks, publication)?;
    copy_all(&project.root.join("assets/page"), &dist)?;
    version::public_modules(&dist, &name, &chunks)?;
    types(&project.root, &dist)?;
    workers.publish(&dist, &name, &files, publication.online_only)?;
    compressed::beside_all(&dist, &name, &project.compressed())
}

/// All that pages load, into the folder of a version.
fn content(project: &Project, folder: &Path) -> Result<ServiceWorkers> {
    for backend in Backend::ALL {
        let module = "playground_bg.wasm";
        let source = project.package(backend).join(module);
        if source.exists() {
            // Not a link: the next build writes into the file, and a version that is kept would change.
            copy(
                &source,
                &folder.join("pkg").join(backend.name()).join(module),
            )?;
        }
    }
    scripts::bundle(project, folder)?;
    vendored(&project.root.join("node_modules"), &folder.join("vendor"))?;
    data(&project.data(), &folder.join("data"))?;
    for script in PYTORCH_SCRIPTS {
        copy(
            &project.root.join("assets").join(script),
            &folder.join(script),
        )?;
    }
    sizes(project, &folder.join("pkg"))?;
    ServiceWorkers::take(&folder.join("www"))
}

fn pages(
    project: &Project,
    version: &str,
    chunks: &Chunks,
    publication: &Publication,
) -> Result<()> {
    let folder = format!("{VERSIONS}/{version}/");
    for entry in fs::read_dir(&project.root)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "html")
        {
            let html = page::whole(&fs::read_to_string(&path)?, &project.root)?;
            let name = path.file_name().context("a file has a name")?;
            let published = page::published(&html, &folder, chunks, publication)?;
            stamp::write(&project.dist().join(name), &published)?;
        }
    }
    Ok(())
}

/// Type declarations of the modules that other sites load.
pub fn types(root: &Path, folder: &Path) -> Result<()> {
    for module in scripts::PUBLIC {
        let types = Path::new("www").join(module).with_extension("d.ts");
        copy(&root.join(&types), &folder.join(&types))?;
    }
    Ok(())
}

pub fn copy_all(source: &Path, destination: &Path) -> Result<()> {
    for entry in WalkDir::new(source) {
        let entry = entry.with_context(|| format!("{} could not be listed", source.display()))?;
        if entry.file_type().is_file() {
            copy(
                entry.path(),
                &destination.join(entry.path().strip_prefix(source)?),
            )?;
        }
    }
    Ok(())
}

/// Deletes what is left of earlier builds.
fn clear_but(folder: &Path, kept: &str) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() == kept {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
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
            if let Some(licence) = dataset.licence() {
                let beside = destination.join(dataset.name()).join("LICENCE.txt");
                stamp::write(&beside, licence)?;
            }
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
fn sizes(project: &Project, folder: &Path) -> Result<()> {
    let mut sizes = BTreeMap::new();
    for backend in Backend::ALL {
        if let Ok(metadata) = fs::metadata(project.package(backend).join("playground_bg.wasm")) {
            let bytes = metadata.len();
            sizes.insert(backend.name(), Size { bytes });
        }
    }
    stamp::write(&folder.join("sizes.json"), &serde_json::to_string(&sizes)?)
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
    fn what_is_left_of_earlier_builds_goes_but_for_the_versions() -> Result<()> {
        let folder = tempfile::tempdir()?;
        for file in ["v/1/www/a.js", "www/removed-since.js", "removed-since.html"] {
            stamp::write(&folder.path().join(file), "")?;
        }
        clear_but(folder.path(), VERSIONS)?;
        assert!(folder.path().join("v/1/www/a.js").exists());
        for absent in ["www", "removed-since.html"] {
            assert!(!folder.path().join(absent).exists(), "{absent}");
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
    fn beside_data_that_is_passed_on_lies_its_licence() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (source, dist) = (folder.path().join("data"), folder.path().join("dist"));
        for dataset in ["mnist", "fashion-mnist", "cifar-10"] {
            let file = source.join(dataset).join("t10k-labels-idx1-ubyte.gz");
            stamp::write(&file, "12345")?;
        }
        data(&source, &dist)?;
        let licence = |dataset: &str| fs::read_to_string(dist.join(dataset).join("LICENCE.txt"));
        assert!(licence("mnist")?.contains("by-sa/3.0"));
        assert!(licence("fashion-mnist")?.contains("MIT"));
        assert!(licence("cifar-10").is_err());
        let index = fs::read_to_string(dist.join("index.json"))?;
        assert!(!index.contains("LICENCE") && !index.contains("cifar"));
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
