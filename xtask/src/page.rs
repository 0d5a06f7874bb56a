//! The site's pages, as they are published: their links lead into the folder of a version, and the addresses that must be
//! whole for other sites to use them are so, or left out.

use crate::base::Base;
use crate::scripts::Chunks;
use anyhow::{Context, Result, anyhow};
use lol_html::html_content::ContentType;
use lol_html::{RewriteStrSettings, element, rewrite_str};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// How a site is published.
#[derive(Clone, Debug, Default)]
pub struct Publication {
    pub base: Option<Base>,
    /// Whether browsers are told to forget what they keep for use offline.
    pub online_only: bool,
}

/// A page with its parts: files of the repository that it names in comments, `<!--+ PATH -->`.
pub fn whole(html: &str, root: &Path) -> Result<String> {
    let mut pieces = html.split("<!--+ ");
    let mut page = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (path, rest) = piece
            .split_once(" -->\n")
            .context("the name of a part of a page has no end")?;
        page += &fs::read_to_string(root.join(path)).with_context(|| format!("no part {path}"))?;
        page += rest;
    }
    Ok(page)
}

/// A page whose scripts and styles lie in `folder`, a path such as `v/1/`. It names the chunks that its modules import.
pub fn published(
    html: &str,
    folder: &str,
    chunks: &Chunks,
    publication: &Publication,
) -> Result<String> {
    let base = publication.base.as_ref();
    let whole = base.filter(|base| base.is_whole());
    // Addresses in the sources are relative to the site.
    let absolute = |base: Option<&Base>, attribute: &'static str| {
        let base = base.cloned();
        move |element: &mut lol_html::html_content::Element<'_, '_>| {
            let file = element.get_attribute(attribute).unwrap_or_default();
            match &base {
                Some(base) => {
                    // The rewriter escapes quotes only.
                    let address = base.join(&file)?.replace('&', "&amp;");
                    element.set_attribute(attribute, &address)?;
                }
                None => element.remove(),
            }
            Ok(())
        }
    };
    let versioned = |attribute: &'static str| {
        move |element: &mut lol_html::html_content::Element<'_, '_>| {
            let file = element.get_attribute(attribute).unwrap_or_default();
            if file.starts_with("www/") || file.starts_with("vendor/") {
                element.set_attribute(attribute, &format!("{folder}{file}"))?;
            }
            Ok(())
        }
    };
    let mut named = BTreeSet::new();
    let preloading = |element: &mut lol_html::html_content::Element<'_, '_>| {
        let file = element.get_attribute("src").unwrap_or_default();
        let module = file.strip_prefix("www/").unwrap_or_default();
        for chunk in chunks.get(module).into_iter().flatten() {
            if named.insert(chunk) {
                let link = format!(r#"<link rel="modulepreload" href="{folder}www/{chunk}">"#);
                element.before(&format!("{link}\n"), ContentType::Html);
            }
        }
        Ok(())
    };
    let handlers = [
        // Before their addresses are others.
        element!("script[type=module][src]", preloading),
        element!("link[rel=canonical]", absolute(base, "href")),
        element!("meta[property='og:url']", absolute(whole, "content")),
        element!("meta[property='og:image']", absolute(whole, "content")),
        element!("meta[name='twitter:image']", absolute(whole, "content")),
        element!("script[src]", versioned("src")),
        element!("link[href]", versioned("href")),
    ];
    let unused = [
        (publication.online_only, "script[src='www/offline.js']"),
        (whole.is_none(), "meta[property^='og:image:']"),
    ];
    let removed = unused
        .into_iter()
        .filter(|(is_unused, _)| *is_unused)
        .map(|(_, selector)| {
            element!(selector, |element| {
                element.remove();
                Ok(())
            })
        });
    let settings = handlers.into_iter().chain(removed).fold(
        RewriteStrSettings::new(),
        RewriteStrSettings::append_element_content_handler,
    );
    rewrite_str(html, settings).map_err(|error| anyhow!("the page could not be rewritten: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stamp;

    const PAGE: &str = r#"<head><link rel="canonical" href=""><meta property="og:url" content=""><meta property="og:image" content="social.png"><meta property="og:image:width" content="1200">
        <link rel="icon" href="favicon.svg"><link rel="stylesheet" href="www/page.css"><script type="module" src="www/offline.js"></script></head>"#;

    fn page(base: Option<&str>, online_only: bool) -> Result<String> {
        let base = base.map(str::parse).transpose()?;
        let chunks = Chunks::from([("offline.js".into(), vec!["chunk-A.js".into()])]);
        published(PAGE, "v/1/", &chunks, &Publication { base, online_only })
    }

    #[test]
    fn without_a_base_all_is_relative() -> Result<()> {
        let html = page(None, false)?;
        for absent in ["canonical", "og:url", "og:image"] {
            assert!(!html.contains(absent), "{html}");
        }
        for present in [
            r#"href="favicon.svg""#,
            r#"href="v/1/www/page.css""#,
            r#"src="v/1/www/offline.js""#,
            r#"<link rel="modulepreload" href="v/1/www/chunk-A.js">"#,
        ] {
            assert!(html.contains(present), "{html}");
        }
        Ok(())
    }

    #[test]
    fn the_parts_of_a_page_are_put_where_it_names_them() -> Result<()> {
        let folder = tempfile::tempdir()?;
        stamp::write(&folder.path().join("a/en.html"), "<p>a</p>\n")?;
        let page = "<main>\n<!--+ a/en.html -->\n</main>\n";
        assert_eq!(whole(page, folder.path())?, "<main>\n<p>a</p>\n</main>\n");
        assert!(whole("<!--+ a/de.html -->\n", folder.path()).is_err());
        Ok(())
    }

    #[test]
    fn an_address_makes_the_links_of_other_sites_whole_and_is_escaped() -> Result<()> {
        let html = page(Some("https://example.org/a&b'\"/"), false)?;
        assert!(
            html.contains(r#"content="https://example.org/a&amp;b'%22/social.png""#),
            "{html}"
        );
        assert!(html.contains("%22/social.png\""), "{html}");
        assert!(
            html.contains("canonical") && html.contains("og:url"),
            "{html}"
        );
        Ok(())
    }

    #[test]
    fn a_path_gives_the_canonical_link_only() -> Result<()> {
        let html = page(Some("/pruning/"), false)?;
        assert!(
            html.contains(r#"<link rel="canonical" href="/pruning/">"#),
            "{html}"
        );
        assert!(!html.contains("og:image"), "{html}");
        Ok(())
    }

    #[test]
    fn a_site_for_online_use_only_does_not_ask_for_more() -> Result<()> {
        assert!(!page(None, true)?.contains("offline.js"));
        Ok(())
    }
}
