//! The pruning playground's core: train a small CNN, prune it, measure what that did.
//!
//! The walk of the data: bytes -> [`data`] -> [`learn`] (forward, loss, backward, Adam, re-mask; evaluation), made of
//! [`ops`], on a network as [`net`] describes it; [`prune`] ranks and cuts; [`shrink`] tells what that bought; [`files`]
//! has networks as bytes; [`parallel`] spreads training over workers; [`session`] owns it all and speaks [`protocol`];
//! `web` is the only module that knows of a browser.
//!
//! Who may import whom is the list in `tests/structure.rs`.

// Unit tests are native. `wasm-pack test` would link an empty one of the whole library, which for
// the WebGPU bundle takes minutes.
#![cfg(not(all(test, target_arch = "wasm32")))]

#[cfg(not(any(feature = "cpu", feature = "webgpu")))]
compile_error!("choose a backend: --features cpu or --features webgpu");

pub mod bench;
pub mod config;
pub mod data;
pub mod error;
pub mod files;
pub mod learn;
pub mod net;
pub mod ops;
pub mod parallel;
pub mod protocol;
pub mod prune;
pub mod selftest;
pub mod session;
pub mod shrink;
pub mod slices;
#[cfg(target_arch = "wasm32")]
pub mod web;
