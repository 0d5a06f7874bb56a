//! The device of a bundle, and what is known of it.

use burn::tensor::Device;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// What the session computes on.
#[derive(Clone, Serialize)]
pub struct Description {
    pub backend: &'static str,
    pub name: String,
    /// A graphics adapter made of software.
    pub software: bool,
}

#[cfg(feature = "webgpu")]
pub async fn open() -> Result<(Device, Description), JsValue> {
    use burn_wgpu::wgpu::DeviceType;

    let options = Device::wgpu_options();
    let (device, setup) = options
        .init_with_setup_async()
        .await
        .map_err(|e| JsError::new(&format!("WebGPU can't be used: {e}")))?;
    let info = setup.adapter.get_info();
    let name = [
        info.name.as_str(),
        info.driver.as_str(),
        info.driver_info.as_str(),
    ]
    .into_iter()
    .filter(|s| !s.is_empty())
    .collect::<Vec<_>>()
    .join(", ");
    let software = info.device_type == DeviceType::Cpu;
    Ok((
        device,
        Description {
            backend: "webgpu",
            name,
            software,
        },
    ))
}

#[cfg(not(feature = "webgpu"))]
pub async fn open() -> Result<(Device, Description), JsValue> {
    let name = "WebAssembly SIMD".to_owned();
    Ok((
        Device::flex(),
        Description {
            backend: "cpu",
            name,
            software: false,
        },
    ))
}
