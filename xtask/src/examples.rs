//! The live examples of embedding (`docs/examples/`), as a site of their own that embeds the playground of another.

use crate::project::Project;
use crate::server;
use crate::stamp;
use anyhow::{Context, Result};
use axum::Router;
use axum::http::HeaderValue;
use std::fs;
use std::path::Path;

/// Where the examples say that the playground is.
const PLACE: &str = "https://example.org/playground/";

/// The examples with the playground of `url`, under the policy that the documentation gives.
pub fn website(project: &Project, url: &str) -> Result<Router> {
    let destination = project.memory().join("examples");
    write(&project.root.join("docs/examples"), &destination, url)?;
    Ok(server::site(&destination, policy(url)?))
}

fn policy(url: &str) -> Result<HeaderValue> {
    let origin = url.trim_end_matches('/');
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {origin}; worker-src 'self' blob:; \
         style-src 'self' {origin}; img-src 'self' blob: data:; connect-src 'self' {origin}; frame-src {origin}"
    );
    HeaderValue::from_str(&policy).context("the address can't stand in a policy")
}

fn write(source: &Path, destination: &Path, url: &str) -> Result<()> {
    for entry in fs::read_dir(source).with_context(|| format!("{} is missing", source.display()))? {
        let path = entry?.path();
        let name = path.file_name().context("a file has a name")?;
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{} could not be read", path.display()))?;
        stamp::write(&destination.join(name), &text.replace(PLACE, url))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_load_the_playground_that_is_served_and_may_do_so() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples");
        write(&examples, folder.path(), "http://127.0.0.1:8000/")?;
        let page = fs::read_to_string(folder.path().join("element.html"))?;
        assert!(page.contains("src=\"http://127.0.0.1:8000/www/pruning-playground.js\""));
        for entry in fs::read_dir(folder.path())? {
            assert!(!fs::read_to_string(entry?.path())?.contains("example.org"));
        }
        let policy = policy("http://127.0.0.1:8000/")?;
        assert!(
            policy
                .to_str()?
                .contains("'wasm-unsafe-eval' http://127.0.0.1:8000;")
        );
        Ok(())
    }
}
