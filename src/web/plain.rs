//! Values as the page has them: plain objects, as in the declarations. They cross as JSON, since what reads and writes
//! files does that already, and a second way would be a second copy of it in the bundle.

use js_sys::JSON;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Serializer;
use serde_json::ser::Formatter;
use std::io;
use wasm_bindgen::prelude::*;

/// Numbers of 32 bits as what they are, not as the shortest decimals that lead back to them.
struct Exact;

impl Formatter for Exact {
    fn write_f32<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        self.write_f64(writer, f64::from(value))
    }
}

pub fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let mut text = Vec::new();
    value
        .serialize(&mut Serializer::with_formatter(&mut text, Exact))
        .map_err(|e| JsError::new(&e.to_string()))?;
    JSON::parse(&String::from_utf8_lossy(&text))
}

/// Numbers of up to 15 digits are read to the last bit; of longer ones the last may be another.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn from_js<T: DeserializeOwned>(value: &JsValue) -> Result<T, String> {
    let text = JSON::stringify(value)
        .ok()
        .and_then(|text| text.as_string());
    serde_json::from_str(&text.unwrap_or_default()).map_err(|e| e.to_string())
}
