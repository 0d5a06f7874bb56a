//! Messages and the arrays of commands, as the page has them: plain objects and typed arrays. What fields an object of ours has
//! no type of web_sys or js_sys says; these do.

use super::plain::to_js;
use crate::protocol::{Bulk, Message};
use js_sys::{Array, Object, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A [`Message`].
    pub type JsMessage;

    #[wasm_bindgen(method, setter = runId)]
    fn set_run_id(this: &JsMessage, run_id: u32);
    #[wasm_bindgen(method, setter)]
    fn set_revision(this: &JsMessage, revision: u32);
    #[wasm_bindgen(method, setter)]
    fn set_command(this: &JsMessage, command: u32);
    #[wasm_bindgen(method, setter)]
    fn set_event(this: &JsMessage, event: JsValue);
    #[wasm_bindgen(method, setter)]
    fn set_bulk(this: &JsMessage, bulk: JsBulk);

    /// A [`Bulk`]: what is not there is no field of it.
    pub type JsBulk;

    #[wasm_bindgen(method, setter)]
    fn set_weights(this: &JsBulk, weights: Vec<f32>);
    #[wasm_bindgen(method, setter)]
    fn set_biases(this: &JsBulk, biases: Vec<f32>);
    #[wasm_bindgen(method, setter)]
    fn set_ranks(this: &JsBulk, ranks: Vec<u32>);
    #[wasm_bindgen(method, setter)]
    fn set_sorted(this: &JsBulk, sorted: Vec<f32>);
    #[wasm_bindgen(method, setter)]
    fn set_knots(this: &JsBulk, knots: Vec<u32>);
    #[wasm_bindgen(method, setter = keptAt)]
    fn set_kept_at(this: &JsBulk, kept_at: Vec<u32>);
    #[wasm_bindgen(method, setter)]
    fn set_masks(this: &JsBulk, masks: Vec<u8>);
    #[wasm_bindgen(method, setter = cutAt)]
    fn set_cut_at(this: &JsBulk, cut_at: Vec<u32>);
    #[wasm_bindgen(method, setter)]
    fn set_images(this: &JsBulk, images: Vec<u8>);
    #[wasm_bindgen(method, setter)]
    fn set_probabilities(this: &JsBulk, probabilities: Vec<f32>);
    #[wasm_bindgen(method, setter)]
    fn set_answers(this: &JsBulk, answers: Vec<u8>);
    #[wasm_bindgen(method, setter)]
    fn set_checkpoint(this: &JsBulk, checkpoint: Vec<u8>);
    #[wasm_bindgen(method, setter)]
    fn set_file(this: &JsBulk, file: Vec<u8>);
    #[wasm_bindgen(method, setter)]
    pub fn set_files(this: &JsBulk, files: Array);

    #[wasm_bindgen(method, getter)]
    fn checkpoint(this: &JsBulk) -> Option<Vec<u8>>;
    #[wasm_bindgen(method, getter)]
    fn images(this: &JsBulk) -> Option<Vec<u8>>;
    #[wasm_bindgen(method, getter)]
    fn files(this: &JsBulk) -> Option<Vec<Uint8Array>>;
}

pub fn message(message: Message) -> Result<JsMessage, JsValue> {
    let js: JsMessage = Object::new().unchecked_into();
    js.set_run_id(message.run_id);
    js.set_revision(message.revision);
    js.set_command(message.command);
    js.set_event(to_js(&message.event)?);
    js.set_bulk(bulk(message.bulk));
    Ok(js)
}

fn bulk(bulk: Bulk) -> JsBulk {
    let Bulk {
        weights,
        biases,
        ranks,
        sorted,
        knots,
        kept_at,
        masks,
        cut_at,
        images,
        probabilities,
        answers,
        checkpoint,
        files,
        file,
    } = bulk;
    let js: JsBulk = Object::new().unchecked_into();
    put(weights, |numbers| js.set_weights(numbers));
    put(biases, |numbers| js.set_biases(numbers));
    put(ranks, |numbers| js.set_ranks(numbers));
    put(sorted, |numbers| js.set_sorted(numbers));
    put(knots, |numbers| js.set_knots(numbers));
    put(kept_at, |numbers| js.set_kept_at(numbers));
    put(masks, |numbers| js.set_masks(numbers));
    put(cut_at, |numbers| js.set_cut_at(numbers));
    put(images, |numbers| js.set_images(numbers));
    put(probabilities, |numbers| js.set_probabilities(numbers));
    put(answers, |numbers| js.set_answers(numbers));
    put(checkpoint, |numbers| js.set_checkpoint(numbers));
    put(file, |numbers| js.set_file(numbers));
    put(files, |files| {
        let files = files.iter().map(|file| Uint8Array::from(file.as_slice()));
        js.set_files(files.collect());
    });
    js
}

fn put<T>(value: Option<T>, set: impl FnOnce(T)) {
    if let Some(value) = value {
        set(value);
    }
}

/// The arrays that a command can bring.
pub fn read(bulk: &JsBulk) -> Bulk {
    let bytes = |files: Vec<Uint8Array>| files.iter().map(Uint8Array::to_vec).collect();
    Bulk {
        checkpoint: bulk.checkpoint(),
        images: bulk.images(),
        files: bulk.files().map(bytes),
        ..Bulk::default()
    }
}
