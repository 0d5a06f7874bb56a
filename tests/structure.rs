//! Who may import whom, and how long a file may be, read from the sources as text.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "structure/imports.rs"]
mod imports;

use imports::{Sources, code, files};
use std::collections::BTreeSet;

/// Folders and files right in `src/`: none imports one that comes after it.
const ORDER: [&str; 17] = [
    "error", "slices", "net", "ops", "data", "learn", "prune", "config", "shrink", "files",
    "parallel", "protocol", "session", "bench", "selftest", "web", "lib",
];

/// Files that are still longer than [`MOST_LINES`]. To be emptied.
const LONG: [&str; 2] = [
    "tests/goldens/make_goldens.py",
    "tests/goldens-networks/make_goldens.py",
];
const MOST_LINES: usize = 400;

#[test]
fn no_file_imports_what_lies_above_it() {
    for (root, from, to) in Sources::read("src").imports() {
        let rank = |file: &str| {
            let top = file.split(['/', '.']).next().unwrap_or(file);
            let place = ORDER.iter().position(|name| *name == top);
            place.unwrap_or_else(|| panic!("{root}/{file} has no place in ORDER"))
        };
        assert!(rank(&to) <= rank(&from), "{root}/{from} imports {to}");
    }
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    for root in ["src", "kernels/src", "xtask/src"] {
        let mut left: BTreeSet<(String, String)> = (Sources::read(root).imports())
            .map(|(_, from, to)| (from, to))
            .collect();
        // What imports nothing that is left, or is imported by nothing, takes part in no circle.
        while !left.is_empty() {
            let before = left.len();
            let importing: BTreeSet<String> = left.iter().map(|(from, _)| from.clone()).collect();
            let imported: BTreeSet<String> = left.iter().map(|(_, to)| to.clone()).collect();
            left.retain(|(from, to)| importing.contains(to) && imported.contains(from));
            assert!(left.len() < before, "{root}: circles among {left:#?}");
        }
    }
}

#[test]
fn only_the_boundary_mentions_the_browser() {
    for (path, text) in files(&["src"], &["rs"]) {
        let mentions = ["wasm_bindgen", "web_sys", "js_sys"].map(|name| code(&text).contains(name));
        let boundary = path.starts_with("src/web/");
        assert!(
            boundary || mentions == [false; 3],
            "{path} mentions the browser"
        );
    }
}

#[test]
fn no_file_is_long() {
    let folders = [
        "src", "kernels", "xtask", "tests", "examples", "benches", "www", "scripts", "bench",
    ];
    for (path, text) in files(&folders, &["rs", "js", "mjs", "ts", "py"]) {
        let lines = text.lines().count();
        let excepted = LONG.contains(&path.as_str());
        assert!(lines <= MOST_LINES || excepted, "{path} has {lines} lines");
        assert!(
            lines > MOST_LINES || !excepted,
            "{path} is no longer long: take it from LONG"
        );
    }
}
