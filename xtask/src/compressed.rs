//! Compressed copies beside the files of the website, for hosts that send those in place of the files.
//!
//! The best compression of 20 MB takes a minute, so that what was made is kept by the digest of its content.

use crate::checksum;
use crate::version::VERSIONS;
use anyhow::{Context, Result, anyhow};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, SystemTime};
use walkdir::WalkDir;

/// What is worth it: pictures and data sets are compressed as they are, maps are for developers.
const ENDINGS: [&str; 6] = ["wasm", "js", "css", "html", "svg", "json"];
/// A smaller file takes one packet either way.
const LEAST: u64 = 1024;
/// Brotli looks back so many bits of bytes: over all of what is small, where more would cost more to say, and over the whole of the
/// larger bundle, as far as browsers have to.
const WINDOWS: [i32; 2] = [22, 24];
/// The power of two of Brotli's blocks: of those from 18 to 24 the CPU bundle is smallest with it, by 1.3 kB.
const BLOCK: i32 = 20;
/// What no build has asked for in this time is let go of.
const KEPT: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// How a copy is compressed; its name has this at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    fn ending(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gz",
        }
    }

    fn compress(self, bytes: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::Brotli => {
                let parameters = BrotliEncoderParams {
                    quality: 11,
                    lgwin: WINDOWS[usize::from(bytes.len() > 1 << WINDOWS[0])],
                    lgblock: BLOCK,
                    size_hint: bytes.len(),
                    ..Default::default()
                };
                let mut compressed = Vec::new();
                brotli::BrotliCompress(&mut &*bytes, &mut compressed, &parameters)?;
                Ok(compressed)
            }
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
                encoder.write_all(bytes)?;
                Ok(encoder.finish()?)
            }
        }
    }
}

/// Puts `FILE.br` and `FILE.gz` beside the files of the website: its pages, and all of the version `name`.
pub fn beside_all(dist: &Path, name: &str, cache: &Path) -> Result<()> {
    let versions = dist.join(VERSIONS);
    let mut work = Vec::new();
    for root in [dist, &versions.join(name)] {
        let entries = WalkDir::new(root)
            .into_iter()
            // The last version has its own already.
            .filter_entry(|entry| entry.path() != versions);
        for entry in entries {
            let entry = entry.context("the website could not be listed")?;
            if entry.file_type().is_file() && is_worth_it(entry.path(), entry.metadata()?.len()) {
                work.extend(Coding::ALL.map(|coding| (entry.path().to_owned(), coding)));
            }
        }
    }
    // The longest first, so that no core is left with it alone at the end.
    work.sort_by_key(|(path, coding)| {
        let length = fs::metadata(path).map_or(0, |metadata| metadata.len());
        (*coding == Coding::Brotli, length)
    });
    on_all_cores(work, |(path, coding)| beside(&path, coding, cache))?;
    forget_unused(cache)
}

fn is_worth_it(path: &Path, length: u64) -> bool {
    let ending = path.extension().unwrap_or_default();
    length >= LEAST && ENDINGS.iter().any(|worth| ending == *worth)
}

fn beside(path: &Path, coding: Coding, cache: &Path) -> Result<()> {
    let copy = copy_of(path, coding, cache)?;
    // A host would send the copy however large it is.
    if fs::metadata(&copy)?.len() >= fs::metadata(path)?.len() {
        return Ok(());
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(coding.ending());
    fs::copy(&copy, &name).with_context(|| format!("{} could not be written", name.display()))?;
    Ok(())
}

/// The compressed copy of what is in a file, made if it has not been yet.
pub fn copy_of(path: &Path, coding: Coding, cache: &Path) -> Result<PathBuf> {
    let digest = checksum::sha256(path)?;
    let copy = cache.join(format!("{digest}.{}.{}", WINDOWS[1], coding.ending()));
    if let Ok(file) = fs::File::options().append(true).open(&copy) {
        file.set_modified(SystemTime::now())?;
        return Ok(copy);
    }
    let compressed = coding
        .compress(&fs::read(path)?)
        .with_context(|| format!("{} could not be compressed", path.display()))?;
    fs::create_dir_all(cache)?;
    // Whole or not at all, and its own for each: files with the same content may be at it together.
    let making = tempfile_name(cache);
    fs::write(&making, compressed)?;
    fs::rename(&making, &copy)?;
    Ok(copy)
}

fn tempfile_name(cache: &Path) -> PathBuf {
    let thread = format!("{:?}", thread::current().id());
    let number: String = thread.chars().filter(char::is_ascii_digit).collect();
    cache.join(format!("making-{}-{number}", std::process::id()))
}

/// Works off a list from its end with as many threads as there are cores.
fn on_all_cores<T: Send>(work: Vec<T>, each: impl Fn(T) -> Result<()> + Sync) -> Result<()> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let work = Mutex::new(work);
    let next = || work.lock().ok().and_then(|mut work| work.pop());
    let go_on = || {
        while let Some(item) = next() {
            each(item)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(go_on)).collect();
        threads.into_iter().try_for_each(|thread| {
            let done = thread.join();
            done.map_err(|_| anyhow!("a compression panicked"))?
        })
    })
}

fn forget_unused(cache: &Path) -> Result<()> {
    if !cache.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(cache)? {
        let entry = entry?;
        let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
        if age > KEPT {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stamp;
    use std::io::Read;

    fn unpacked(path: &Path, coding: Coding) -> Result<Vec<u8>> {
        let bytes = fs::read(path)?;
        let mut unpacked = Vec::new();
        match coding {
            Coding::Brotli => brotli::BrotliDecompress(&mut bytes.as_slice(), &mut unpacked)?,
            Coding::Gzip => {
                flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked)?;
            }
        }
        Ok(unpacked)
    }

    #[test]
    fn what_is_worth_it_has_copies_that_unpack_to_it() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (dist, cache) = (folder.path().join("dist"), folder.path().join("cache"));
        let text = "pruned ".repeat(400);
        let worth = ["index.html", "v/new/www/a.js", "v/new/pkg/cpu/a.wasm"];
        let not_worth = ["v/new/www/a.js.map", "social.png", "v/old/www/a.js"];
        for file in worth.iter().chain(&not_worth) {
            stamp::write(&dist.join(file), &text)?;
        }
        stamp::write(&dist.join("v/new/www/small.js"), "small")?;
        beside_all(&dist, "new", &cache)?;
        for file in worth {
            for coding in Coding::ALL {
                let copy = dist.join(format!("{file}.{}", coding.ending()));
                assert_eq!(unpacked(&copy, coding)?, text.as_bytes(), "{file}");
                assert!(fs::metadata(&copy)?.len() < LEAST, "{file}");
            }
        }
        for file in not_worth.iter().chain(&["v/new/www/small.js"]) {
            for ending in ["br", "gz"] {
                assert!(!dist.join(format!("{file}.{ending}")).exists(), "{file}");
            }
        }
        Ok(())
    }

    #[test]
    fn what_does_not_get_smaller_has_no_copy() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a.wasm");
        let mut random = 1_u64;
        let noise: Vec<u8> = (0..4096)
            .map(|_| {
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                random.to_be_bytes()[0]
            })
            .collect();
        fs::write(&path, noise)?;
        beside(&path, Coding::Brotli, &folder.path().join("cache"))?;
        assert!(!folder.path().join("a.wasm.br").exists());
        Ok(())
    }

    #[test]
    fn the_same_content_is_compressed_once_and_other_content_anew() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (path, cache) = (folder.path().join("a.js"), folder.path().join("cache"));
        fs::write(&path, "a".repeat(2000))?;
        let first = copy_of(&path, Coding::Brotli, &cache)?;
        fs::write(&first, "kept")?;
        assert_eq!(copy_of(&path, Coding::Brotli, &cache)?, first);
        assert_eq!(fs::read_to_string(&first)?, "kept");
        fs::write(&path, "b".repeat(2000))?;
        let second = copy_of(&path, Coding::Brotli, &cache)?;
        assert_eq!(
            unpacked(&second, Coding::Brotli)?,
            "b".repeat(2000).as_bytes()
        );
        Ok(())
    }

    #[test]
    fn what_no_build_asks_for_is_let_go_of() -> Result<()> {
        let folder = tempfile::tempdir()?;
        for (name, age) in [("old", KEPT * 2), ("new", Duration::ZERO)] {
            stamp::write(&folder.path().join(name), "")?;
            fs::File::options()
                .append(true)
                .open(folder.path().join(name))?
                .set_modified(SystemTime::now() - age)?;
        }
        forget_unused(folder.path())?;
        assert!(!folder.path().join("old").exists());
        assert!(folder.path().join("new").exists());
        Ok(())
    }

    #[test]
    fn a_failure_of_one_is_a_failure_of_all() {
        let odd = |n: u32| match n {
            3 => Err(anyhow!("three")),
            _ => Ok(()),
        };
        assert!(on_all_cores(vec![1, 2, 3, 4], odd).is_err());
        assert!(on_all_cores(vec![1, 2, 4], odd).is_ok());
    }
}
