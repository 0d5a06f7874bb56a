//! What is to be measured, as the page has it.

use super::plain::from_js;
use crate::bench::Work;
use crate::bench::cut::CutWork;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    pub type JsWork;

    #[wasm_bindgen(method, getter)]
    fn w1(this: &JsWork) -> usize;
    #[wasm_bindgen(method, getter)]
    fn w2(this: &JsWork) -> usize;
    #[wasm_bindgen(method, getter)]
    fn batch(this: &JsWork) -> usize;
    #[wasm_bindgen(method, getter)]
    fn steps(this: &JsWork) -> usize;
    #[wasm_bindgen(method, getter = stepsPerRead)]
    fn steps_per_read(this: &JsWork) -> usize;

    #[wasm_bindgen(extends = JsWork)]
    pub type JsCut;

    #[wasm_bindgen(method, getter)]
    fn sparsity(this: &JsCut) -> f64;
    #[wasm_bindgen(method, getter)]
    fn granularity(this: &JsCut) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn images(this: &JsCut) -> usize;
    #[wasm_bindgen(method, getter)]
    fn rounds(this: &JsCut) -> usize;
}

impl JsWork {
    pub fn read(&self) -> Work {
        Work {
            w1: self.w1(),
            w2: self.w2(),
            batch: self.batch(),
            steps: self.steps(),
            steps_per_read: self.steps_per_read(),
        }
    }
}

impl JsCut {
    pub fn read(&self) -> Result<CutWork, JsValue> {
        Ok(CutWork {
            w1: self.w1(),
            w2: self.w2(),
            sparsity: self.sparsity(),
            granularity: from_js(&self.granularity()).map_err(|e| JsError::new(&e))?,
            images: self.images(),
            rounds: self.rounds(),
        })
    }
}
