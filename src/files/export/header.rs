//! The header of a safetensors file from outside, before anything else reads it: short enough, and no name in it twice.
//! A reader that takes the last of two tensors of one name would see another network than one that takes the first.

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use std::collections::HashSet;
use std::fmt;

/// Names, shapes and metadata need a few kilobytes, of a network of 300 layers some 400.
const LONGEST: u64 = 1024 * 1024;

/// # Errors
/// What is wrong with the header, for a sentence.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    let (length, rest) = bytes
        .split_first_chunk::<8>()
        .ok_or("it is too short to be a safetensors file")?;
    let length = u64::from_le_bytes(*length);
    if length > LONGEST {
        return Err(format!(
            "its header would have {length} bytes, and that of a network has at most {LONGEST}"
        ));
    }
    let header = usize::try_from(length)
        .ok()
        .and_then(|length| rest.get(..length))
        .ok_or_else(|| {
            format!(
                "its header would have {length} bytes, but only {} follow",
                rest.len()
            )
        })?;
    let unreadable = |error: &dyn std::fmt::Display| format!("its header can't be read: {error}");
    // As text: a reader of bytes would be in the bundle for this alone.
    let header = std::str::from_utf8(header).map_err(|error| unreadable(&error))?;
    serde_json::from_str::<Outer>(header)
        .map(drop)
        .map_err(|error| unreadable(&error))
}

/// An object whose names are all different; so are those of its `__metadata__`.
struct Outer;

/// An object whose names are all different.
struct Unique;

impl<'de> Deserialize<'de> for Outer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let nested = true;
        deserializer.deserialize_map(Names { nested })?;
        Ok(Self)
    }
}

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let nested = false;
        deserializer.deserialize_map(Names { nested })?;
        Ok(Self)
    }
}

struct Names {
    /// Whether the object's members are such objects in turn.
    nested: bool,
}

impl<'de> Visitor<'de> for Names {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if self.nested {
                map.next_value::<Unique>()?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
            if seen.contains(&name) {
                return Err(A::Error::custom(format!("{name:?} is in it twice")));
            }
            seen.insert(name);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(header: &str) -> Vec<u8> {
        [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat()
    }

    #[test]
    fn names_are_there_once() {
        assert_eq!(check(&file(r#"{"a":{"dtype":"U8"},"b":{}}"#)), Ok(()));
        for twice in [
            r#"{"a":{},"a":{}}"#,
            r#"{"__metadata__":{"step":"1","step":"2"}}"#,
            r#"{"a":{"dtype":"U8","dtype":"F32"}}"#,
            r#"{"a":{},"\u0061":{}}"#,
        ] {
            let error = check(&file(twice)).err().unwrap_or_default();
            assert!(error.contains("twice"), "{twice}: {error}");
        }
    }

    #[test]
    fn lengths_beyond_the_file_and_other_texts_are_refused() {
        for bytes in [
            vec![],
            vec![0; 7],
            u64::MAX.to_le_bytes().to_vec(),
            100u64.to_le_bytes().to_vec(),
            file("[]"),
            file("{"),
            file(r#"{"a":1}"#),
            file(&"[".repeat(10_000)),
            file(&format!("{}1", r#"{"a":"#.repeat(10_000))),
        ] {
            assert!(check(&bytes).is_err(), "{:?}", &bytes[..bytes.len().min(9)]);
        }
    }
}
