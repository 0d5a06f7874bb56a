//! The layers on the CPU backend, native; on WebGPU they are in `block_webgpu.rs`.
#![cfg(all(not(target_arch = "wasm32"), feature = "cpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/layers.rs"]
mod layers;

use burn::tensor::Device;
use pollster::block_on;

#[test]
fn values_and_gradients_are_those_of_burns_compositions() {
    block_on(layers::assert_are_burns_compositions(&Device::flex()));
}
