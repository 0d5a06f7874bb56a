//! Holds the bundles to their budgets of bytes on the wire.

use crate::backend::Backend;
use crate::checksum;
use crate::project::Project;
use crate::stamp;
use anyhow::{Context, Result, bail};
use brotli::enc::BrotliEncoderParams;
use std::fs;
use std::path::Path;

/// Bytes of a bundle's WebAssembly, as it is and as a static host sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Size {
    raw: u64,
    brotli: u64,
}

/// The most bytes that a bundle may have after Brotli compression.
fn limit(backend: Backend) -> u64 {
    match backend {
        Backend::Cpu => 550_000,
        Backend::WebGpu => 2_400_000,
    }
}

/// Measures both bundles, prints their sizes, and fails when a budget is passed.
pub fn check(project: &Project) -> Result<()> {
    let mut passed = Vec::new();
    for backend in Backend::ALL {
        let module = project.package(backend).join("playground_bg.wasm");
        let size = measure(&module, &project.memory().join("brotli"))?;
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
    if !passed.is_empty() {
        bail!("over the budget: {}", passed.join(", "));
    }
    Ok(())
}

fn exceeds(size: Size, limit: u64) -> bool {
    size.brotli > limit
}

/// The best compression of 20 MB takes a minute, so the figure is kept by the file's digest.
fn measure(module: &Path, cache: &Path) -> Result<Size> {
    let remembered = cache.join(checksum::sha256(module)?);
    let raw = fs::metadata(module)?.len();
    if let Some(brotli) = fs::read_to_string(&remembered)
        .ok()
        .and_then(|figure| figure.parse().ok())
    {
        return Ok(Size { raw, brotli });
    }
    let brotli = compressed_length(module)
        .with_context(|| format!("{} could not be compressed", module.display()))?;
    stamp::write(&remembered, &brotli.to_string())?;
    Ok(Size { raw, brotli })
}

fn compressed_length(module: &Path) -> Result<u64> {
    let bytes = fs::read(module)?;
    let parameters = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut bytes.as_slice(), &mut compressed, &parameters)?;
    Ok(u64::try_from(compressed.len())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers without repetition, which compress to a third at best.
    fn module(project: &Project, backend: Backend, numbers: u32) -> Result<()> {
        let text: String = (0..numbers)
            .map(|n| format!("{:08x}", n.wrapping_mul(2_654_435_761)))
            .collect();
        stamp::write(&project.package(backend).join("playground_bg.wasm"), &text)
    }

    #[test]
    fn a_bundle_over_its_budget_fails_and_is_named() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let project = Project {
            root: folder.path().into(),
            target: folder.path().join("target"),
        };
        module(&project, Backend::WebGpu, 10)?;
        module(&project, Backend::Cpu, 10)?;
        check(&project)?;
        module(&project, Backend::Cpu, 400_000)?;
        let message = check(&project).err().map(|error| error.to_string());
        assert_eq!(message.as_deref(), Some("over the budget: cpu"));
        Ok(())
    }

    #[test]
    fn the_budget_itself_is_allowed() {
        let size = |brotli| Size { raw: 0, brotli };
        assert!(!exceeds(size(550_000), limit(Backend::Cpu)));
        assert!(exceeds(size(550_001), limit(Backend::Cpu)));
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
