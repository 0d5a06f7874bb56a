//! Workers of the page, as `www/worker/peers.js` has them: objects of its own, not a browser's, and so no types of web_sys.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    pub type JsPeers;

    #[wasm_bindgen(method)]
    pub fn resize(this: &JsPeers, workers: usize);
    #[wasm_bindgen(method)]
    pub fn replace(this: &JsPeers, worker: usize);
    #[wasm_bindgen(method)]
    pub fn post(this: &JsPeers, worker: usize, order: Vec<u8>);
    /// A [`JsTidings`], or nothing where nothing has come within so many milliseconds.
    #[wasm_bindgen(method, catch)]
    pub async fn next(this: &JsPeers, within: f64) -> Result<JsValue, JsValue>;

    pub type JsTidings;

    #[wasm_bindgen(method, getter)]
    pub fn worker(this: &JsTidings) -> usize;
    #[wasm_bindgen(method, getter)]
    pub fn what(this: &JsTidings) -> What;
    #[wasm_bindgen(method, getter)]
    pub fn answer(this: &JsTidings) -> Option<Vec<u8>>;
}

/// What is heard of a worker.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum What {
    Ready = "ready",
    Answer = "answer",
    Gone = "gone",
    Hang = "hang",
}
