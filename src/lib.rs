//! The pruning playground's core: train a small CNN, prune it, measure what that did.
//!
//! The walk of the data: bytes -> [`data`] -> [`batch`] -> [`model`] -> [`train`] (loss, backward,
//! Adam, re-mask) and [`eval`]; [`prune`] ranks and cuts; [`session`] owns it all and speaks
//! [`protocol`]; `web` is the only module that knows of a browser.

// Unit tests are native. `wasm-pack test` would link an empty one of the whole library, which for
// the WebGPU bundle takes minutes.
#![cfg(not(all(test, target_arch = "wasm32")))]

#[cfg(not(any(feature = "cpu", feature = "webgpu")))]
compile_error!("choose a backend: --features cpu or --features webgpu");

mod adam;
pub mod batch;
pub mod bench;
pub mod block;
pub mod checkpoint;
pub mod compact;
pub mod config;
pub mod data;
pub mod error;
pub mod eval;
pub mod export;
#[cfg(feature = "cpu")]
mod flex;
mod float;
#[cfg(feature = "webgpu")]
mod gpu;
pub mod gradients;
mod linear;
mod loss;
pub mod meter;
pub mod model;
pub mod parallel;
pub mod protocol;
pub mod prune;
pub mod recipe;
pub mod scoring;
pub mod selftest;
pub mod session;
pub mod slices;
pub mod train;
#[cfg(target_arch = "wasm32")]
pub mod web;
