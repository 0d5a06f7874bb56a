//! Finds the browsers and their drivers, or installs them on a Debian system.

use crate::project::Project;
use crate::setup::{self, CargoTool};
use crate::stamp;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::env;
use std::fs;
use std::path::PathBuf;

const GECKODRIVER_VERSION: &str = "0.37.1";
/// The browsers and, for the page in Chinese, a font.
const DEBIAN_PACKAGES: [&str; 4] = [
    "chromium",
    "chromium-driver",
    "firefox-esr",
    "fonts-noto-cjk",
];

/// A browser, or the program that drives one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    Chromium,
    Chromedriver,
    Firefox,
    Geckodriver,
}

impl Program {
    /// The variable that names its path, overriding the search.
    fn variable(self) -> &'static str {
        match self {
            Self::Chromium => "CHROMIUM",
            Self::Chromedriver => "CHROMEDRIVER",
            Self::Firefox => "FIREFOX",
            Self::Geckodriver => "GECKODRIVER",
        }
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium", "chromium-browser", "google-chrome"],
            Self::Chromedriver => &["chromedriver"],
            Self::Firefox => &["firefox-esr", "firefox"],
            Self::Geckodriver => &["geckodriver"],
        }
    }

    fn find(self, project: &Project) -> Option<PathBuf> {
        self.names().iter().find_map(|name| project.find(name))
    }

    /// Its path; installs it where that is possible.
    pub fn require(self, project: &Project) -> Result<PathBuf> {
        if let Some(path) = env::var_os(self.variable()).map(PathBuf::from) {
            ensure!(
                path.is_file(),
                "{} names {}, which is not a file",
                self.variable(),
                path.display()
            );
            return Ok(path);
        }
        if let Some(path) = self.find(project) {
            return Ok(path);
        }
        match self {
            // Debian has no package of it.
            Self::Geckodriver => {
                let tool = CargoTool {
                    package: "geckodriver",
                    binary: "geckodriver",
                    version: GECKODRIVER_VERSION,
                    works_hard: false,
                };
                tool.require(project)?;
            }
            Self::Chromium | Self::Chromedriver | Self::Firefox => install_packages(project)?,
        }
        self.find(project).with_context(|| {
            format!(
                "{} is not there after the installation",
                self.names().join(" or ")
            )
        })
    }
}

fn install_packages(project: &Project) -> Result<()> {
    let packages = DEBIAN_PACKAGES.join(" ");
    if !setup::can_install_debian_packages(project) {
        bail!(
            "the browser tests need {packages} (names of Debian packages); install them, or set \
             CHROMIUM, CHROMEDRIVER, FIREFOX and GECKODRIVER to the paths of those you have"
        );
    }
    setup::debian_packages(project, &DEBIAN_PACKAGES)
}

/// Writes the WebDriver capabilities of `webdriver.json` with the browsers found on this machine
/// in place of the usual paths, and returns where.
///
/// Firefox is told there to use no AVX: on some processors its code of that kind takes a hundred times as long once anything has
/// left the upper halves of the registers in use, as the harness of these tests does.
pub fn capabilities(project: &Project, browser: Program) -> Result<PathBuf> {
    let path = project.root.join("webdriver.json");
    let text = fs::read_to_string(&path).context("webdriver.json could not be read")?;
    let options: Value = serde_json::from_str(&text).context("webdriver.json is not JSON")?;
    let binary = browser.require(project)?;
    let chosen = only_options_of(browser, options, &binary.to_string_lossy())?;
    let destination = project.memory().join("webdriver.json");
    stamp::write(&destination, &serde_json::to_string_pretty(&chosen)?)?;
    Ok(destination)
}

fn only_options_of(browser: Program, options: Value, binary: &str) -> Result<Value> {
    let key = match browser {
        Program::Chromium | Program::Chromedriver => "goog:chromeOptions",
        Program::Firefox | Program::Geckodriver => "moz:firefoxOptions",
    };
    let mut of_browser = options
        .get(key)
        .and_then(Value::as_object)
        .cloned()
        .with_context(|| format!("webdriver.json has no {key}"))?;
    of_browser.insert("binary".to_owned(), binary.into());
    Ok(Value::Object(
        [(key.to_owned(), of_browser.into())].into_iter().collect(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_browser_gets_its_own_options_with_the_binary_found() -> Result<()> {
        let options = json!({
            "goog:chromeOptions": { "binary": "/usr/bin/chromium", "args": ["--headless"] },
            "moz:firefoxOptions": { "binary": "/usr/bin/firefox-esr", "args": ["-headless"] },
        });
        assert_eq!(
            only_options_of(Program::Firefox, options.clone(), "/opt/firefox")?,
            json!({ "moz:firefoxOptions": { "binary": "/opt/firefox", "args": ["-headless"] } })
        );
        assert_eq!(
            only_options_of(Program::Chromium, options, "/opt/chromium")?,
            json!({ "goog:chromeOptions": { "binary": "/opt/chromium", "args": ["--headless"] } })
        );
        assert!(only_options_of(Program::Chromium, json!({}), "/opt/chromium").is_err());
        Ok(())
    }
}
