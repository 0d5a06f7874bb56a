//! The device of a bundle, and what is known of it.

use burn::tensor::Device;
use js_sys::Object;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What a session computes on.
    #[derive(Clone)]
    pub type JsDevice;

    #[wasm_bindgen(method, setter)]
    fn set_backend(this: &JsDevice, backend: &str);
    #[wasm_bindgen(method, setter)]
    fn set_name(this: &JsDevice, name: &str);
    /// A graphics adapter made of software.
    #[wasm_bindgen(method, setter)]
    fn set_software(this: &JsDevice, software: bool);
}

fn described(backend: &str, name: &str, software: bool) -> JsDevice {
    let js: JsDevice = Object::new().unchecked_into();
    js.set_backend(backend);
    js.set_name(name);
    js.set_software(software);
    js
}

#[cfg(feature = "webgpu")]
pub async fn open() -> Result<(Device, JsDevice), JsValue> {
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
    Ok((device, described("webgpu", &name, software)))
}

#[cfg(not(feature = "webgpu"))]
pub async fn open() -> Result<(Device, JsDevice), JsValue> {
    let description = described("cpu", "WebAssembly SIMD", false);
    Ok((Device::flex(), description))
}
