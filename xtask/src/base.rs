//! The address at which a site is to be published.

use anyhow::{Context, Result, ensure};
use std::str::FromStr;
use url::Url;

/// The folder of the site: a path, or a whole address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// A path is held as that of an unknown host.
    url: Url,
    whole: bool,
}

impl Base {
    /// The address of a file of the site; a path where no more is known.
    pub fn join(&self, file: &str) -> Result<String> {
        let url = self.url.join(file)?;
        Ok(if self.whole {
            url.into()
        } else {
            url.path().to_owned()
        })
    }

    /// Whether the host is known, so that other sites can be told where a picture lies.
    pub fn is_whole(&self) -> bool {
        self.whole
    }
}

impl FromStr for Base {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let whole = !text.starts_with('/');
        let address = if whole {
            text.to_owned()
        } else {
            format!("https://unknown.invalid{text}")
        };
        let mut url = Url::parse(&address).context(
            "give a path such as /pruning/ or an address such as https://example.org/pruning/",
        )?;
        ensure!(
            matches!(url.scheme(), "https" | "http")
                && url.username().is_empty()
                && url.password().is_none(),
            "the address must be one of http or https, without a user"
        );
        ensure!(
            url.query().is_none() && url.fragment().is_none(),
            "a folder has neither a query nor a fragment"
        );
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        ensure!(
            whole
                || (url.path().trim_end_matches('/') == text.trim_end_matches('/')
                    && !url.path().contains("//")),
            "write the path as it is in the address: {}",
            url.path()
        );
        Ok(Self { url, whole })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(base: &str) -> Result<String> {
        base.parse::<Base>()?.join("social.png")
    }

    #[test]
    fn files_lie_in_the_folder_with_or_without_its_last_slash() -> Result<()> {
        assert_eq!(joined("/pruning/")?, "/pruning/social.png");
        assert_eq!(joined("/pruning")?, "/pruning/social.png");
        assert_eq!(joined("/")?, "/social.png");
        assert_eq!(
            joined("https://example.org/a/b")?,
            "https://example.org/a/b/social.png"
        );
        assert_eq!(
            joined("https://example.org")?,
            "https://example.org/social.png"
        );
        Ok(())
    }

    #[test]
    fn what_is_no_folder_of_a_site_is_refused() {
        for text in [
            "",
            "pruning",
            "//example.org/",
            "/a/../b/",
            "/a b/",
            "/a//b/",
            "/?a=1",
            "/#a",
            "ftp://example.org/",
            "https://user@example.org/",
            "https://example.org/?a",
            "javascript:alert(1)",
            "https://",
        ] {
            assert!(text.parse::<Base>().is_err(), "{text}");
        }
    }
}
