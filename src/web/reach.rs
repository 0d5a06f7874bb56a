//! How a group reaches the workers of the page.

use super::peers::{JsPeers, JsTidings, What};
use crate::parallel::peers::{Loss, Peers, Tidings};
use std::{future::Future, pin::Pin};
use wasm_bindgen::prelude::*;
use web_sys::{WorkerGlobalScope, WorkerNavigator};

#[wasm_bindgen]
extern "C" {
    /// What not every browser tells. web_sys has it among its unstable interfaces alone, which are a flag of the whole build.
    #[wasm_bindgen(extends = WorkerNavigator)]
    type Memory;
    /// Gigabytes, 8 at most.
    #[wasm_bindgen(method, getter = deviceMemory)]
    fn device_memory(this: &Memory) -> Option<f64>;
}

impl Peers for JsPeers {
    /// One a core, where memory has room for them at a quarter of a gigabyte each.
    fn most(&self) -> usize {
        let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
        let navigator = scope.navigator();
        let memory = navigator.unchecked_ref::<Memory>().device_memory();
        let room = memory.unwrap_or(4.0) * 4.0;
        navigator.hardware_concurrency().min(room).max(1.0) as usize
    }

    fn resize(&self, workers: usize) {
        self.resize(workers);
    }

    fn replace(&self, worker: usize) {
        self.replace(worker);
    }

    fn post(&self, worker: usize, order: Vec<u8>) {
        self.post(worker, order);
    }

    fn next(&self, within: f64) -> Pin<Box<dyn Future<Output = Option<Tidings>> + '_>> {
        Box::pin(async move {
            let heard = JsPeers::next(self, within).await;
            let heard: JsTidings = heard.ok().filter(JsValue::is_object)?.unchecked_into();
            let worker = heard.worker();
            Some(match heard.what() {
                What::Ready => Tidings::Ready(worker),
                What::Answer => Tidings::Answer(worker, heard.answer().unwrap_or_default()),
                What::Hang => Tidings::Lost(worker, Loss::Hang),
                _ => Tidings::Lost(worker, Loss::Gone),
            })
        })
    }
}
