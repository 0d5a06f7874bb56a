//! The block, the other layers and training steps on a WebGPU device, native:
//!
//!     cargo test --no-default-features --features webgpu --test block_webgpu
//!
//! With no GPU, on Chromium's software adapter: VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json. Where there
//! is no adapter at all these tests say so and pass.
#![cfg(all(not(target_arch = "wasm32"), feature = "webgpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/blocks.rs"]
mod blocks;
#[path = "support/layers.rs"]
mod layers;

use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::selftest;
use std::sync::OnceLock;

/// A runtime can be initialised once only.
fn device() -> Option<Device> {
    static DEVICE: OnceLock<Option<Device>> = OnceLock::new();
    let open = || match Device::wgpu_options().init() {
        Ok(device) => Some(device),
        Err(e) => {
            eprintln!("not tested: {e}");
            None
        }
    };
    DEVICE.get_or_init(open).clone()
}

#[test]
fn values_and_gradients_are_those_of_burns_composition() {
    if let Some(device) = device() {
        block_on(blocks::assert_is_burns_composition(&device));
    }
}

#[test]
fn other_layers_are_burns_compositions_too() {
    if let Some(device) = device() {
        block_on(layers::assert_are_burns_compositions(&device));
    }
}

#[test]
fn training_steps_give_the_figures_of_the_cpu_backend() {
    if let Some(device) = device() {
        assert_eq!(block_on(selftest::run(&device)), Ok(()));
    }
}
