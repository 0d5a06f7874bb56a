//! Names of what a WebAssembly module imports, made compressible. The bindings generator ends each with a hash of 16
//! hexadecimal digits, which no compression shortens; counted up from 0 they cost next to nothing. Lengths stay as they
//! are, so that the module can be patched in place.

use anyhow::{Context, Result, ensure};
use std::collections::HashMap;
use std::fs;
use std::path::Path;

const DIGITS: usize = 16;

/// Renames the imports of `module` and of the `glue` that provides them.
pub fn shorten(module: &Path, glue: &Path) -> Result<()> {
    let (script, binary) = (read(glue)?, read(module)?);
    let numbers = numbers(&script);
    for (path, bytes) in [(glue, script), (module, binary)] {
        fs::write(path, renamed(bytes, &numbers))
            .with_context(|| format!("{} could not be written", path.display()))?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let bytes = fs::read(path).with_context(|| format!("{} could not be read", path.display()))?;
    ensure!(!bytes.is_empty(), "{} is empty", path.display());
    Ok(bytes)
}

/// Where a hash begins: after an import's name and an underscore, with nothing of a name after it.
fn hashes(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let is_hash = |at: &usize| {
        let digits = &bytes[*at..*at + DIGITS];
        let after = bytes.get(at + DIGITS);
        bytes[at - 1] == b'_'
            && digits
                .iter()
                .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
            && !after.is_some_and(|b| b.is_ascii_alphanumeric())
            && name_before(&bytes[..at - 1])
    };
    (1..bytes.len().saturating_sub(DIGITS - 1)).filter(is_hash)
}

/// Whether what leads up to a hash is a name of the bindings generator's.
fn name_before(bytes: &[u8]) -> bool {
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let name = bytes.iter().rev().take_while(|b| is_part(b)).count();
    // In a module, the length that stands before a name may itself look like a part of it.
    let name = String::from_utf8_lossy(&bytes[bytes.len() - name..]);
    name.contains("__wbg_") || name.contains("__wbindgen_")
}

fn numbers(glue: &[u8]) -> HashMap<Vec<u8>, String> {
    let mut numbers = HashMap::new();
    for at in hashes(glue) {
        let next = format!("{:0DIGITS$x}", numbers.len());
        numbers
            .entry(glue[at..at + DIGITS].to_vec())
            .or_insert(next);
    }
    numbers
}

fn renamed(mut bytes: Vec<u8>, numbers: &HashMap<Vec<u8>, String>) -> Vec<u8> {
    let found: Vec<usize> = hashes(&bytes).collect();
    for at in found {
        if let Some(number) = numbers.get(&bytes[at..at + DIGITS]) {
            bytes[at..at + DIGITS].copy_from_slice(number.as_bytes());
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hash_has_a_number_of_its_own_and_all_else_stays() {
        let glue = b"import0.__wbg_a_0123456789abcdef=()=>{};__wbg_a_ffffffffffffffff=f;__wbg_b_0123456789abcdef";
        let numbers = numbers(glue);
        let text = String::from_utf8(renamed(glue.to_vec(), &numbers)).unwrap_or_default();
        assert_eq!(
            text,
            "import0.__wbg_a_0000000000000000=()=>{};__wbg_a_0000000000000001=f;__wbg_b_0000000000000000"
        );
        let module = b"\0asm\x03wbg\x18__wbg_a_ffffffffffffffff\0 other_0123456789abcdef";
        let expected = b"\0asm\x03wbg\x18__wbg_a_0000000000000001\0 other_0123456789abcdef";
        assert_eq!(renamed(module.to_vec(), &numbers), expected);
    }
}
