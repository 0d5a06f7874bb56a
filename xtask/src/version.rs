//! Versions of the site. All that a page loads lies in a folder named by its content, so that no cache on the way can give
//! a page files of another version; the pages themselves, and the modules that other sites load, lead there.

use crate::checksum;
use crate::scripts::{Chunks, PUBLIC, SERVICE_WORKER, SERVICE_WORKER_END};
use crate::stamp;
use anyhow::{Context, Result};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use walkdir::WalkDir;

/// Where the folders of the versions lie.
pub const VERSIONS: &str = "v";

const DIGITS: usize = 16;
/// Of SHA-256: the service worker's list is nothing but digests, and half of each is as good.
const DIGEST_DIGITS: usize = 32;

/// Digests of files by their paths, which have forward slashes.
pub type Files = BTreeMap<String, String>;

/// The digests of the files below a folder, but for those that only developers load.
pub fn list(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    for entry in WalkDir::new(folder) {
        let entry = entry.context("the website could not be listed")?;
        let path = entry.path().strip_prefix(folder)?;
        if !entry.file_type().is_file()
            || path
                .extension()
                .is_some_and(|extension| extension == "map" || extension == "ts")
        {
            continue;
        }
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        let mut digest = checksum::sha256(entry.path())?;
        digest.truncate(DIGEST_DIGITS);
        files.insert(parts.join("/"), digest);
    }
    Ok(files)
}

/// The name of the version that has these files.
pub fn name(files: &Files) -> Result<String> {
    let lines: String = files
        .iter()
        .map(|(path, digest)| format!("{digest} {path}\n"))
        .collect();
    let mut name = checksum::sha256_of(&lines)?;
    name.truncate(DIGITS);
    Ok(name)
}

/// Makes a finished folder that of its version, and deletes the folders of versions before the last one: who still has a
/// page of that can go on loading.
pub fn settle(made: &Path, versions: &Path, name: &str) -> Result<()> {
    fs::create_dir_all(versions)?;
    let folder = versions.join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::rename(made, &folder).with_context(|| format!("{} could not be made", folder.display()))?;
    let mut others = by_age(versions)?;
    others.retain(|path| *path != folder);
    others.pop();
    for path in others {
        fs::remove_dir_all(path)?;
    }
    Ok(())
}

/// The folders of the versions, the newest last.
pub fn by_age(versions: &Path) -> Result<Vec<PathBuf>> {
    let mut folders: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in fs::read_dir(versions)? {
        let entry = entry?;
        folders.push((entry.metadata()?.modified()?, entry.path()));
    }
    folders.sort();
    Ok(folders.into_iter().map(|(_, path)| path).collect())
}

/// The modules that other sites load from addresses that stay the same. Each names the chunks of the one that it leads to, so that
/// all are loaded at once.
pub fn public_modules(dist: &Path, name: &str, chunks: &Chunks) -> Result<()> {
    for module in PUBLIC {
        let folder = format!("../{VERSIONS}/{name}/www");
        let mut text = format!("export * from '{folder}/{module}';\n");
        for chunk in chunks.get(module).into_iter().flatten() {
            text += &format!("import '{folder}/{chunk}';\n");
        }
        stamp::write(&dist.join("www").join(module), &text)?;
    }
    Ok(())
}

/// What the service worker is told of the site.
#[derive(Serialize)]
struct Site<'a> {
    version: &'a str,
    pages: &'a Files,
    files: &'a Files,
    shell: Vec<&'a str>,
}

/// The scripts of service workers, taken out of what is in the version's folder: they have one address in all versions.
pub struct ServiceWorkers {
    keeps: String,
    ends: String,
}

impl ServiceWorkers {
    pub fn take(www: &Path) -> Result<Self> {
        let take = |name: &str| -> Result<String> {
            let path = www.join(name);
            let text = fs::read_to_string(&path)?;
            fs::remove_file(path)?;
            fs::remove_file(www.join(format!("{name}.map")))?;
            let lines = text
                .lines()
                .filter(|line| !line.starts_with("//# sourceMappingURL"));
            Ok(lines.collect::<Vec<_>>().join("\n"))
        };
        Ok(Self {
            keeps: take(SERVICE_WORKER)?,
            ends: take(SERVICE_WORKER_END)?,
        })
    }

    /// Publishes the one that keeps the site, or the one that ends it. `pages` are the files outside of the version's folder.
    pub fn publish(&self, dist: &Path, name: &str, files: &Files, online_only: bool) -> Result<()> {
        let text = if online_only {
            self.ends.clone()
        } else {
            let mut files = files.clone();
            files.retain(|path, _| is_kept(path));
            let site = Site {
                version: name,
                pages: &pages(dist)?,
                shell: shell(&files),
                files: &files,
            };
            format!(
                "const SITE={};\n{}\n",
                serde_json::to_string(&site)?,
                self.keeps
            )
        };
        stamp::write(&dist.join(SERVICE_WORKER), &text)
    }
}

fn pages(dist: &Path) -> Result<Files> {
    let mut pages = list(dist)?;
    let prefix = format!("{VERSIONS}/");
    pages.retain(|path, _| !path.starts_with(&prefix) && path != SERVICE_WORKER);
    pages.retain(|path, _| is_kept(path));
    Ok(pages)
}

/// The benchmark, licences and the picture for links elsewhere are of no use without a network.
fn is_kept(path: &str) -> bool {
    !["bench", "social", "vendor/"]
        .iter()
        .any(|part| path.contains(part))
}

/// What the page needs to train without a network. The bundle for the CPU runs everywhere; that for WebGPU is five times
/// as large, and like the data sets is kept when it is first used.
fn shell(files: &Files) -> Vec<&str> {
    files
        .keys()
        .map(String::as_str)
        .filter(|path| !is_optional(path))
        .collect()
}

fn is_optional(path: &str) -> bool {
    let is_data = path.starts_with("data/") && path != "data/index.json";
    is_data || path.starts_with("pkg/webgpu/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_named_by_paths_and_content() -> Result<()> {
        let files = |pairs: &[(&str, &str)]| -> Files {
            pairs
                .iter()
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
                .collect()
        };
        let one = name(&files(&[("a", "1"), ("b", "2")]))?;
        assert_eq!(one.len(), DIGITS);
        assert_eq!(one, name(&files(&[("b", "2"), ("a", "1")]))?);
        assert_ne!(one, name(&files(&[("a", "2"), ("b", "1")]))?);
        assert_ne!(one, name(&files(&[("a", "1")]))?);
        Ok(())
    }

    #[test]
    fn this_version_and_the_one_before_stay() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let versions = folder.path().join("v");
        for (name, age) in [("a", 3), ("b", 2), ("c", 1)] {
            let made = folder.path().join("made");
            stamp::write(&made.join("x"), name)?;
            settle(&made, &versions, name)?;
            let time = SystemTime::now() - std::time::Duration::from_secs(age);
            fs::File::open(versions.join(name))?.set_modified(time)?;
        }
        assert!(!versions.join("a").exists());
        assert!(versions.join("b/x").exists() && versions.join("c/x").exists());
        Ok(())
    }

    #[test]
    fn the_shell_leaves_out_what_is_large_and_not_always_used() {
        let files: Files = [
            "data/index.json",
            "data/mnist/t10k",
            "pkg/cpu/a.wasm",
            "pkg/webgpu/a.wasm",
            "www/worker.js",
        ]
        .iter()
        .map(|path| ((*path).to_owned(), String::new()))
        .collect();
        assert_eq!(
            shell(&files),
            ["data/index.json", "pkg/cpu/a.wasm", "www/worker.js"]
        );
    }
}
