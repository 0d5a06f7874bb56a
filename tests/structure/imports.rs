//! Which file of a crate takes from which, by the paths in its text.

use std::collections::BTreeMap;
use std::path::Path;

/// Folders of built or foreign files.
const SKIPPED: [&str; 5] = ["node_modules", "target", "generated", "vendor", "build"];

/// All files below `folders` of these kinds, by their paths from the project's root.
pub fn files(folders: &[&str], kinds: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut left: Vec<_> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder exists") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let kind = path.extension().unwrap_or_default().to_string_lossy();
            if path.is_dir() && !SKIPPED.contains(&&*name) {
                left.push(path);
            } else if path.is_file() && kinds.contains(&&*kind) {
                let text = std::fs::read_to_string(&path).expect("text");
                let path = path
                    .strip_prefix(root)
                    .expect("it is below")
                    .to_string_lossy();
                found.push((path.replace('\\', "/"), text));
            }
        }
    }
    found
}

/// `text` without comments and without its unit tests.
pub fn code(text: &str) -> String {
    let tests = ["#[cfg(test)]", "#[cfg(all(test"].map(|mark| text.find(mark));
    let end = tests.into_iter().flatten().min().unwrap_or(text.len());
    let lines = text[..end].lines();
    lines
        .map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n")
        .collect()
}

/// The files of a crate, by their paths below its root.
pub struct Sources {
    root: &'static str,
    texts: BTreeMap<String, String>,
}

impl Sources {
    pub fn read(root: &'static str) -> Self {
        let texts = files(&[root], &["rs"]).into_iter();
        let below = |path: String| path[root.len() + 1..].to_owned();
        // Files of tests alone.
        let texts = texts.filter(|(path, _)| !path.ends_with("tests.rs"));
        Self {
            root,
            texts: texts
                .map(|(path, text)| (below(path), code(&text)))
                .collect(),
        }
    }

    /// The root, a file, and another that it takes something from.
    pub fn imports(&self) -> impl Iterator<Item = (&'static str, String, String)> {
        self.texts.iter().flat_map(move |(from, text)| {
            let targets = paths(text).filter_map(|path| self.file_of(&self.absolute(from, path)?));
            let others = targets
                .filter(|to| to != from)
                .collect::<Vec<_>>()
                .into_iter();
            others.map(|to| (self.root, from.clone(), to))
        })
    }

    /// A path as it stands in `file`, from the root of the crate on; None where it leads out of the crate.
    fn absolute(&self, file: &str, path: Vec<String>) -> Option<Vec<String>> {
        let stem = file.trim_end_matches(".rs");
        let module: Vec<String> = match stem {
            "lib" | "main" => Vec::new(),
            stem => stem
                .trim_end_matches("/mod")
                .split('/')
                .map(str::to_owned)
                .collect(),
        };
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "super" => {
                let ups = path.iter().take_while(|name| *name == "super").count();
                let above = &module[..module.len().checked_sub(ups)?];
                Some([above, &path[ups..]].concat())
            }
            // Of a module below this one, or of another crate, which comes to this file again.
            _ => Some([module, path].concat()),
        }
    }

    /// The file of the longest part of `path` that names a module.
    fn file_of(&self, path: &[String]) -> Option<String> {
        let candidates = (0..=path.len())
            .rev()
            .flat_map(|n| match path[..n].join("/") {
                root if root.is_empty() => ["lib.rs".to_owned(), "main.rs".to_owned()],
                module => [format!("{module}.rs"), format!("{module}/mod.rs")],
            });
        candidates
            .into_iter()
            .find(|file| self.texts.contains_key(file))
    }
}

/// All paths in `code`, those in braces spelt out.
fn paths(code: &str) -> impl Iterator<Item = Vec<String>> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    // Where each open brace of a path began; a brace of anything else begins nowhere.
    let mut open: Vec<Option<Vec<String>>> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let name = &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())];
        if !name.is_empty() {
            if path.is_empty() {
                path = open.last().cloned().flatten().unwrap_or_default();
            }
            path.push(name.to_owned());
            rest = &rest[name.len()..];
            if let Some(after) = rest.strip_prefix("::") {
                rest = after;
                if let Some(after) = rest.strip_prefix('{') {
                    open.push(Some(std::mem::take(&mut path)));
                    rest = after;
                }
                continue;
            }
            found.push(std::mem::take(&mut path));
            continue;
        }
        path.clear();
        match c {
            '{' => open.push(None),
            '}' => drop(open.pop()),
            _ => {}
        }
        rest = &rest[c.len_utf8()..];
    }
    found.into_iter().filter(|path| path.len() > 1)
}
