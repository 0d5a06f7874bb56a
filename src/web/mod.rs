//! The boundary to the browser: only here wasm_bindgen, js_sys and web_sys are mentioned.

mod bench;
mod device;
mod messages;
mod peers;
mod plain;
#[cfg(not(feature = "webgpu"))]
mod reach;

use crate::bench::{Bench, cut};
use crate::error::Error;
#[cfg(not(feature = "webgpu"))]
use crate::parallel::replica::Replica;
use crate::protocol::Command;
use crate::selftest;
use crate::session::Session;
use bench::{JsCut, JsWork};
use burn::tensor::Device;
use device::JsDevice;
use js_sys::{Array, Uint8Array};
use messages::{JsBulk, message, read};
use peers::JsPeers;
use plain::{from_js, to_js};
use std::cell::RefCell;
#[cfg(not(feature = "webgpu"))]
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(start)]
fn start() {
    run_constructors();
    // What a trap tells the page has no words of ours.
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
    }));
}

/// Runs the module's constructors, once: the WebGPU compiler registers its operations in them (by the crate
/// `inventory`). Where a module calls them nowhere, the linker has every export run all of them again, and each object
/// that passes from JavaScript is such a call: milliseconds a kernel. `start` does this; a test, which has another start,
/// does it itself.
#[cfg(feature = "webgpu")]
pub fn run_constructors() {
    use std::sync::atomic::{AtomicBool, Ordering};

    static DONE: AtomicBool = AtomicBool::new(false);
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    if !DONE.swap(true, Ordering::Relaxed) {
        // SAFETY: the linker makes this function, and it is called once, before anything else.
        unsafe { __wasm_call_ctors() }
    }
}

#[cfg(not(feature = "webgpu"))]
fn run_constructors() {}

/// A session on one device. Calls must not overlap; the worker takes them one after another.
#[wasm_bindgen]
pub struct Playground {
    device: Device,
    description: JsDevice,
    /// Taken out while an asynchronous call has it, so that an overlapping one fails cleanly.
    session: RefCell<Option<Session>>,
    /// Where this is a worker of another session.
    #[cfg(not(feature = "webgpu"))]
    replica: RefCell<Option<Replica>>,
}

#[wasm_bindgen]
impl Playground {
    /// Opens the device of this bundle. `peers` are the workers that training may be spread over; the WebGPU bundle
    /// needs none.
    #[wasm_bindgen]
    pub async fn create(peers: Option<JsPeers>) -> Result<Playground, JsValue> {
        let (device, description) = device::open().await?;
        Ok(Playground {
            #[cfg(not(feature = "webgpu"))]
            replica: RefCell::new(Some(Replica::new(device.clone()))),
            session: RefCell::new(Some(session(device.clone(), peers))),
            device,
            description,
        })
    }

    /// `{backend, name, software}`
    #[wasm_bindgen]
    pub fn device(&self) -> JsDevice {
        self.description.clone()
    }

    /// Rejects where the device does not compute what the CPU backend computes.
    #[wasm_bindgen(js_name = selfTest)]
    pub async fn self_test(&self) -> Result<(), JsValue> {
        selftest::run(&self.device).await.map_err(js_error)
    }

    /// Measures training steps and forward passes: `{w1, w2, batch, steps, stepsPerRead}` to
    /// `{step, forward}`, milliseconds a sample.
    #[wasm_bindgen]
    pub async fn bench(&self, work: JsWork) -> Result<JsValue, JsValue> {
        let mut bench = Bench::new(work.read(), &self.device).map_err(js_error)?;
        to_js(&bench.figures().await.map_err(js_error)?)
    }

    /// Measures what a cut buys: `{w1, w2, sparsity, granularity, images, rounds}` to
    /// `{sparsity, macs, timings, encoded, files}`.
    #[wasm_bindgen(js_name = benchCut)]
    pub async fn bench_cut(&self, work: JsCut) -> Result<JsValue, JsValue> {
        let work = work.read()?;
        let figures = cut::measure(&work, &self.device).await.map_err(js_error)?;
        let files = figures
            .files
            .iter()
            .map(|file| Uint8Array::from(file.as_slice()));
        let object: JsBulk = to_js(&figures)?.unchecked_into();
        object.set_files(files.collect());
        Ok(object.into())
    }

    /// GFLOP/s of SIMD multiply and add on one thread: the limit of the CPU backend.
    #[wasm_bindgen(js_name = peakGigaflops)]
    pub fn peak_gigaflops(&self) -> f64 {
        crate::bench::peak::gigaflops()
    }

    /// Carries out a command, which has the number `id`; resolves to its messages.
    #[wasm_bindgen]
    pub async fn apply(
        &self,
        id: u32,
        command: JsValue,
        bulk: Option<JsBulk>,
    ) -> Result<Array, JsValue> {
        let bulk = bulk.map(|bulk| read(&bulk)).unwrap_or_default();
        let mut session = self.take()?;
        let messages = match from_js::<Command>(&command) {
            Ok(command) => session.apply(id, command, bulk).await,
            Err(e) => session.refuse(id, format!("this is not a command: {e}")),
        };
        self.session.replace(Some(session));
        messages.into_iter().map(message).collect()
    }

    /// Does the next slice of work; resolves to its messages.
    #[wasm_bindgen]
    pub async fn advance(&self) -> Result<Array, JsValue> {
        let mut session = self.take()?;
        let messages = session.advance().await;
        self.session.replace(Some(session));
        messages.into_iter().map(message).collect()
    }

    /// Whether `advance` has something to do.
    #[wasm_bindgen]
    pub fn busy(&self) -> bool {
        self.session.borrow().as_ref().is_some_and(Session::busy)
    }

    /// Milliseconds that `advance` should wait for a further command.
    #[wasm_bindgen]
    pub fn patience(&self) -> f64 {
        let session = self.session.borrow();
        session.as_ref().map_or(0.0, Session::patience)
    }

    /// Carries out an order of another session, as one of its workers; resolves to the answer, if it has one.
    #[cfg(not(feature = "webgpu"))]
    #[wasm_bindgen]
    pub async fn answer(&self, order: Vec<u8>) -> Result<Option<Vec<u8>>, JsValue> {
        let mut replica = self.replica.take().ok_or_else(under_way)?;
        let answer = replica.answer(&order).await;
        self.replica.replace(Some(replica));
        answer.map_err(js_error)
    }

    /// Bytes of this instance's memory.
    #[wasm_bindgen]
    pub fn memory(&self) -> f64 {
        let memory = wasm_bindgen::memory().unchecked_into::<js_sys::WebAssembly::Memory>();
        let buffer = memory.buffer().unchecked_into::<js_sys::ArrayBuffer>();
        f64::from(buffer.byte_length())
    }
}

impl Playground {
    fn take(&self) -> Result<Session, JsValue> {
        self.session.take().ok_or_else(under_way)
    }
}

fn under_way() -> JsValue {
    JsError::new("a call is still under way: wait for it").into()
}

#[cfg(feature = "webgpu")]
fn session(device: Device, _peers: Option<JsPeers>) -> Session {
    Session::new(device)
}

#[cfg(not(feature = "webgpu"))]
fn session(device: Device, peers: Option<JsPeers>) -> Session {
    Session::with_peers(device, peers.map(|peers| Rc::new(peers) as _))
}

fn js_error(error: Error) -> JsValue {
    JsError::new(&error.message).into()
}
