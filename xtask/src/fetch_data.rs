//! `cargo xtask fetch-data`: a data set's files into `data/`, from their publishers, from a
//! mirror, or from a folder.

use crate::datasets::{CIFAR_ARCHIVE, CIFAR_SOURCES, Dataset, OfficialFile};
use crate::download::{self, Source};
use crate::project::Project;
use crate::records;
use anyhow::{Context, Result, ensure};
use clap::Args;
use flate2::read::GzDecoder;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Arguments {
    #[arg(value_name = "DATASET")]
    dataset: Dataset,
    /// A folder that has the files, or the URL of one, in place of the official sources.
    #[arg(long, value_name = "DIR-or-URL")]
    from: Option<String>,
}

pub fn run(project: &Project, arguments: &Arguments) -> Result<ExitCode> {
    let dataset = arguments.dataset;
    let destination = project.data().join(dataset.name());
    match arguments.from.as_deref() {
        Some(url) if url.starts_with("https://") || url.starts_with("http://") => {
            download_all(dataset, Some(url), &destination)?;
        }
        Some(folder) => copy_all(dataset, Path::new(folder), &destination)?,
        None => download_all(dataset, None, &destination)?,
    }
    println!(
        "{} is in {}",
        dataset.name(),
        project.relative(&destination).display()
    );
    Ok(ExitCode::SUCCESS)
}

/// What to do with a file that is not the official one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OnMismatch {
    Fail,
    Warn,
}

fn download_all(dataset: Dataset, base: Option<&str>, destination: &Path) -> Result<()> {
    let missing = missing_files(dataset, destination)?;
    if missing.is_empty() {
        return Ok(());
    }
    if dataset == Dataset::Cifar10 {
        let archive = destination.join(CIFAR_ARCHIVE);
        download::fetch(&cifar_sources(base), &archive)?;
        unpack(&archive, destination, OnMismatch::Fail)?;
        fs::remove_file(archive)?;
        ensure!(
            missing_files(dataset, destination)?.is_empty(),
            "the archive did not hold every file"
        );
        return Ok(());
    }
    for file in missing {
        let mirrors = base.map_or_else(|| dataset.mirrors().to_vec(), |base| vec![base]);
        let sources: Vec<Source> = mirrors
            .into_iter()
            .map(|mirror| Source {
                url: in_folder(mirror, file.name),
                checksum: file.checksum,
            })
            .collect();
        download::fetch(&sources, &destination.join(file.name))?;
    }
    Ok(())
}

fn cifar_sources(base: Option<&str>) -> Vec<Source> {
    CIFAR_SOURCES
        .into_iter()
        .map(|(url, checksum)| Source {
            url: base.map_or_else(|| url.to_owned(), |base| in_folder(base, CIFAR_ARCHIVE)),
            checksum,
        })
        // A mirror named by a person has the archive that CIFAR's authors publish.
        .take(if base.is_some() { 1 } else { usize::MAX })
        .collect()
}

fn in_folder(base: &str, name: &str) -> String {
    format!("{}/{name}", base.trim_end_matches('/'))
}

/// The official files that are absent or altered.
fn missing_files(dataset: Dataset, folder: &Path) -> Result<Vec<&'static OfficialFile>> {
    let mut missing = Vec::new();
    for file in dataset.official_files() {
        let path = folder.join(file.name);
        if !(path.is_file() && file.checksum.matches(&path)?) {
            missing.push(file);
        }
    }
    Ok(missing)
}

fn copy_all(dataset: Dataset, folder: &Path, destination: &Path) -> Result<()> {
    let files = dataset.find(folder);
    ensure!(
        !files.is_empty(),
        "{} has no file of {}: {} are looked for",
        folder.display(),
        dataset.name(),
        dataset.expected_names()
    );
    fs::create_dir_all(destination)?;
    for source in files {
        let name = name_of(&source)?;
        if name == CIFAR_ARCHIVE {
            unpack(&source, destination, OnMismatch::Warn)?;
            continue;
        }
        let input =
            File::open(&source).with_context(|| format!("{} cannot be read", source.display()))?;
        install(dataset, &name, input, destination, OnMismatch::Warn)?;
        println!("{} copied", source.display());
    }
    Ok(())
}

fn unpack(archive: &Path, destination: &Path, on_mismatch: OnMismatch) -> Result<()> {
    let unreadable = || format!("{} cannot be unpacked", archive.display());
    let file = File::open(archive).with_context(unreadable)?;
    let mut entries = tar::Archive::new(GzDecoder::new(file));
    for entry in entries.entries().with_context(unreadable)? {
        let entry = entry.with_context(unreadable)?;
        let name = name_of(&entry.path().with_context(unreadable)?)?;
        if official(Dataset::Cifar10, &name).is_some() {
            install(Dataset::Cifar10, &name, entry, destination, on_mismatch)?;
            println!("{name} unpacked");
        }
    }
    Ok(())
}

/// Writes one file beside its place, checks it, and moves it there.
fn install(
    dataset: Dataset,
    name: &str,
    input: impl io::Read,
    destination: &Path,
    on_mismatch: OnMismatch,
) -> Result<()> {
    let part = destination.join(format!("{name}.part"));
    let result = write_checked(dataset, name, input, &part, on_mismatch);
    if result.is_err() {
        // The reason to report is the first one, not that a part was left.
        let _ = fs::remove_file(&part);
        return result;
    }
    let path = destination.join(name);
    fs::rename(&part, &path).with_context(|| format!("{} cannot be written", path.display()))?;
    remove_other_form(dataset, name, destination)
}

fn write_checked(
    dataset: Dataset,
    name: &str,
    mut input: impl io::Read,
    part: &Path,
    on_mismatch: OnMismatch,
) -> Result<()> {
    let mut output =
        File::create(part).with_context(|| format!("{} cannot be written", part.display()))?;
    io::copy(&mut input, &mut output).with_context(|| format!("{name} cannot be copied"))?;
    let records = records::count(part, name)?;
    // Checksums are published for the packed form only.
    let Some(file) = official(dataset, name) else {
        return Ok(());
    };
    if file.checksum.matches(part)? {
        return Ok(());
    }
    let sentence = format!(
        "{name} is not the official file ({}): it has {records} records, the official one {}",
        file.checksum, file.records
    );
    ensure!(on_mismatch == OnMismatch::Warn, sentence);
    println!("warning: {sentence}");
    Ok(())
}

/// A packed and an unpacked file of the same name would be the same images twice.
fn remove_other_form(dataset: Dataset, name: &str, destination: &Path) -> Result<()> {
    for official in dataset.official_files().iter().map(|file| file.name) {
        let unpacked = official.trim_end_matches(".gz");
        let other = match name {
            _ if official == unpacked => continue,
            _ if name == official => unpacked,
            _ if name == unpacked => official,
            _ => continue,
        };
        let path = destination.join(other);
        if path.is_file() {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn official(dataset: Dataset, name: &str) -> Option<&'static OfficialFile> {
    dataset
        .official_files()
        .iter()
        .find(|file| file.name == name)
}

fn name_of(path: &Path) -> Result<String> {
    let name = path
        .file_name()
        .with_context(|| format!("{} has no file name", path.display()))?;
    Ok(name.to_string_lossy().into_owned())
}

#[cfg(test)]
#[path = "fetch_data_tests.rs"]
mod tests;
