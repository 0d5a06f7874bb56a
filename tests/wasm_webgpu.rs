//! The WebGPU bundle in a browser, in a dedicated worker as on the page. A browser without an
//! adapter fails these tests.
#![cfg(all(target_arch = "wasm32", feature = "webgpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use burn::tensor::Device;
use pruning_playground::selftest;
use std::cell::RefCell;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

thread_local! {
    /// A runtime can be initialised once only.
    static DEVICE: RefCell<Option<Device>> = const { RefCell::new(None) };
}

async fn device() -> Device {
    if let Some(device) = DEVICE.with_borrow(Clone::clone) {
        return device;
    }
    let device = Device::wgpu_options()
        .init_async()
        .await
        .expect("a WebGPU adapter");
    DEVICE.set(Some(device.clone()));
    device
}

#[wasm_bindgen_test]
async fn the_self_test_gives_the_figures_of_the_cpu_backend() {
    let device = device().await;
    assert_eq!(selftest::run(&device).await, Ok(()));
}

#[wasm_bindgen_test]
async fn training_reaches_the_accuracy_of_the_cpu_backend_within_2_points() {
    let accuracy = support::accuracy_at_step_150(device().await).await;
    let difference = (accuracy - support::ACCURACY_AT_STEP_150).abs();
    assert!(
        difference <= 0.02,
        "{accuracy} against {}",
        support::ACCURACY_AT_STEP_150
    );
}
