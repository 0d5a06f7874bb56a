//! Remembers what an output was made from, so that unchanged work is skipped.

use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// A file that holds the key of the inputs from which some outputs were made.
pub struct Stamp {
    path: PathBuf,
    key: String,
}

impl Stamp {
    /// `key` must change whenever the outputs would.
    pub fn new(path: PathBuf, key: String) -> Self {
        Self { path, key }
    }

    /// Whether the outputs were made from these very inputs and are still there.
    pub fn holds(&self, outputs: &[PathBuf]) -> bool {
        outputs.iter().all(|output| output.exists())
            && fs::read_to_string(&self.path).is_ok_and(|key| key == self.key)
    }

    /// To be called once the outputs are whole.
    pub fn set(&self) -> Result<()> {
        write(&self.path, &self.key)
    }
}

/// Writes a small file, making its folder where there is none.
pub fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("{} could not be made", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("{} could not be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_holds_for_its_own_inputs_while_the_outputs_exist() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let output = folder.path().join("output");
        fs::write(&output, "made")?;
        let outputs = [output.clone()];
        let stamp = |key: &str| Stamp::new(folder.path().join("stamps/one"), key.to_owned());

        assert!(!stamp("a").holds(&outputs));
        stamp("a").set()?;
        assert!(stamp("a").holds(&outputs));
        assert!(!stamp("b").holds(&outputs));
        fs::remove_file(output)?;
        assert!(!stamp("a").holds(&outputs));
        Ok(())
    }
}
