//! Values as the page has them.

use serde::Serialize;
use wasm_bindgen::JsValue;

/// Plain objects, as in the declarations, not Maps.
pub fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    Ok(value.serialize(&serializer)?)
}
