//! Files over HTTP on the loopback interface, as a static host would serve them, under the strictest policy that the page
//! is meant to work under.

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use tokio::runtime::Runtime;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
    worker-src 'self' blob:; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'";

/// Ports tried after the one asked for.
const MORE_PORTS: u16 = 9;

/// A server that answers in the background until it is dropped.
pub struct Server {
    runtime: Runtime,
    pub address: SocketAddr,
}

impl Server {
    pub fn start(app: Router, listener: TcpListener) -> Result<Self> {
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let runtime = Runtime::new().context("the server could not be started")?;
        let listener = {
            let _context = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        runtime.spawn(async move { axum::serve(listener, app).await });
        Ok(Self { runtime, address })
    }

    /// Serves `dist/` on a port that is free.
    pub fn on_free_port(dist: &Path) -> Result<Self> {
        Self::start(website(dist), listen(0)?)
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    pub fn until_interrupted(self) -> Result<()> {
        self.runtime.block_on(tokio::signal::ctrl_c())?;
        Ok(())
    }
}

/// `dist/` under the policy under which the page is always tested.
pub fn website(dist: &Path) -> Router {
    site(dist, HeaderValue::from_static(POLICY))
}

/// Everything under a folder.
pub fn site(folder: &Path, policy: HeaderValue) -> Router {
    let header = SetResponseHeaderLayer::<HeaderValue>::overriding;
    let text = HeaderValue::from_static;
    Router::new()
        .fallback_service(
            ServeDir::new(folder)
                .precompressed_br()
                .precompressed_gzip(),
        )
        .layer(header(CACHE_CONTROL, text("no-cache")))
        .layer(header(CONTENT_SECURITY_POLICY, policy))
        .layer(header(X_CONTENT_TYPE_OPTIONS, text("nosniff")))
        // Static hosts send this; a widget embedded from another origin needs it.
        .layer(header(ACCESS_CONTROL_ALLOW_ORIGIN, text("*")))
}

/// Binds the first free port of a few, and says so when it is not the first.
pub fn listen(port: u16) -> Result<TcpListener> {
    let last = if port == 0 {
        0
    } else {
        port.saturating_add(MORE_PORTS)
    };
    for candidate in port..=last {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, candidate)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                println!("Port {candidate} is taken.");
            }
            Err(error) => {
                return Err(error).with_context(|| format!("port {candidate} cannot be used"));
            }
        }
    }
    bail!("the ports {port} to {last} are all taken; choose another with --port")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stamp;

    #[test]
    fn files_come_with_their_media_type_and_the_strict_policy() -> Result<()> {
        let folder = tempfile::tempdir()?;
        for name in ["index.html", "pkg/a.wasm", "www/a.js", "data/index.json"] {
            stamp::write(&folder.path().join(name), "content")?;
        }
        let server = Server::on_free_port(folder.path())?;
        for (path, media_type) in [
            ("", "text/html"),
            ("pkg/a.wasm", "application/wasm"),
            ("www/a.js", "text/javascript"),
            ("data/index.json", "application/json"),
        ] {
            let response = ureq::get(format!("{}{path}", server.url())).call()?;
            let header = |name: &str| {
                response
                    .headers()
                    .get(name)
                    .and_then(|value| value.to_str().ok())
                    .unwrap_or_default()
            };
            assert!(header("content-type").starts_with(media_type), "{path}");
            assert_eq!(header("content-security-policy"), POLICY);
            assert_eq!(header("cache-control"), "no-cache");
        }
        Ok(())
    }

    #[test]
    fn the_compressed_copy_is_sent_to_who_takes_it_as_what_it_unpacks_to() -> Result<()> {
        let folder = tempfile::tempdir()?;
        for (name, content) in [
            ("a.wasm", "plain"),
            ("a.wasm.br", "br"),
            ("a.wasm.gz", "gz"),
        ] {
            stamp::write(&folder.path().join(name), content)?;
        }
        let server = Server::on_free_port(folder.path())?;
        for (accepted, coding, content) in [
            ("gzip, deflate, br, zstd", "br", "br"),
            ("gzip", "gzip", "gz"),
            ("identity", "", "plain"),
        ] {
            let mut response = ureq::get(format!("{}a.wasm", server.url()))
                .header("accept-encoding", accepted)
                .call()?;
            let header = |name: &str| {
                let value = response.headers().get(name);
                value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            };
            assert_eq!(header("content-encoding").unwrap_or_default(), coding);
            assert_eq!(header("content-type").as_deref(), Some("application/wasm"));
            assert_eq!(header("vary").as_deref(), Some("accept-encoding"));
            assert_eq!(response.body_mut().read_to_string()?, content);
        }
        Ok(())
    }

    #[test]
    fn what_is_not_there_is_404_and_nothing_outside_is_served() -> Result<()> {
        let folder = tempfile::tempdir()?;
        stamp::write(&folder.path().join("secret"), "")?;
        stamp::write(&folder.path().join("dist/index.html"), "")?;
        let server = Server::on_free_port(&folder.path().join("dist"))?;
        for path in ["absent.js", "../secret", "%2e%2e/secret"] {
            let result = ureq::get(format!("{}{path}", server.url())).call();
            assert!(
                matches!(result, Err(ureq::Error::StatusCode(404))),
                "{path}"
            );
        }
        Ok(())
    }

    #[test]
    fn a_taken_port_gives_the_next_free_one() -> Result<()> {
        let taken = listen(0)?;
        let port = taken.local_addr()?.port();
        let next = listen(port)?.local_addr()?.port();
        assert!((port + 1..=port + MORE_PORTS).contains(&next));
        Ok(())
    }
}
