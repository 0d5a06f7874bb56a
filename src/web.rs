//! The boundary to the browser: the only file that mentions wasm_bindgen.

use crate::bench::cut::{self, CutWork};
use crate::bench::{Bench, Work};
use crate::error::Error;
#[cfg(not(feature = "webgpu"))]
use crate::parallel::{
    peers::{Loss, Peers, Tidings},
    replica::Replica,
};
use crate::protocol::{Bulk, Command, Message};
use crate::selftest;
use crate::session::Session;
use burn::tensor::Device;
use js_sys::{Array, Float32Array, Object, Reflect, Uint8Array, Uint32Array};
use serde::Serialize;
use std::cell::RefCell;
#[cfg(not(feature = "webgpu"))]
use std::{future::Future, pin::Pin, rc::Rc};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
#[cfg(not(feature = "webgpu"))]
use web_time::Duration;

#[wasm_bindgen(start)]
fn start() {
    run_constructors();
    console_error_panic_hook::set_once();
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
    description: Description,
    /// Taken out while an asynchronous call has it, so that an overlapping one fails cleanly.
    session: RefCell<Option<Session>>,
    /// Where this is a worker of another session.
    #[cfg(not(feature = "webgpu"))]
    replica: RefCell<Option<Replica>>,
}

/// What the session computes on.
#[derive(Clone, Serialize)]
struct Description {
    backend: &'static str,
    name: String,
    /// A graphics adapter made of software.
    software: bool,
}

#[wasm_bindgen]
impl Playground {
    /// Opens the device of this bundle. `peers` are the workers that training may be spread over; the WebGPU bundle
    /// needs none.
    #[wasm_bindgen]
    pub async fn create(peers: Option<JsPeers>) -> Result<Playground, JsValue> {
        let (device, description) = open().await?;
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
    pub fn device(&self) -> Result<JsValue, JsValue> {
        to_js(&self.description)
    }

    /// Rejects where the device does not compute what the CPU backend computes.
    #[wasm_bindgen(js_name = selfTest)]
    pub async fn self_test(&self) -> Result<(), JsValue> {
        selftest::run(&self.device).await.map_err(js_error)
    }

    /// Measures training steps and forward passes: `{w1, w2, batch, steps, stepsPerRead}` to
    /// `{step, forward}`, milliseconds a sample.
    #[wasm_bindgen]
    pub async fn bench(&self, work: JsValue) -> Result<JsValue, JsValue> {
        let work: Work = serde_wasm_bindgen::from_value(work)?;
        let mut bench = Bench::new(work, &self.device).map_err(js_error)?;
        to_js(&bench.figures().await.map_err(js_error)?)
    }

    /// Measures what a cut buys: `{w1, w2, sparsity, granularity, images, rounds}` to
    /// `{sparsity, macs, timings, encoded, files}`.
    #[wasm_bindgen(js_name = benchCut)]
    pub async fn bench_cut(&self, work: JsValue) -> Result<JsValue, JsValue> {
        let work: CutWork = serde_wasm_bindgen::from_value(work)?;
        let figures = cut::measure(&work, &self.device).await.map_err(js_error)?;
        let files = figures
            .files
            .iter()
            .map(|file| Uint8Array::from(file.as_slice()));
        let object = to_js(&figures)?;
        Reflect::set(&object, &"files".into(), &files.collect::<Array>())?;
        Ok(object)
    }

    /// GFLOP/s of SIMD multiply and add on one thread: the limit of the CPU backend.
    #[wasm_bindgen(js_name = peakGigaflops)]
    pub fn peak_gigaflops(&self) -> f64 {
        crate::bench::peak::gigaflops()
    }

    /// Carries out a command; resolves to its messages.
    #[wasm_bindgen]
    pub async fn apply(&self, command: JsValue, bulk: JsValue) -> Result<Array, JsValue> {
        let bulk = read_bulk(&bulk)?;
        let mut session = self.take()?;
        let messages = match serde_wasm_bindgen::from_value::<Command>(command) {
            Ok(command) => session.apply(command, bulk).await,
            Err(e) => session.refuse(format!("this is not a command: {e}")),
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
    Session::with_peers(device, peers.map(|peers| Rc::new(peers) as Rc<dyn Peers>))
}

#[wasm_bindgen]
extern "C" {
    /// Workers of the page, as `www/worker/peers.js` has them.
    pub type JsPeers;

    #[wasm_bindgen(method)]
    fn most(this: &JsPeers) -> usize;
    #[wasm_bindgen(method)]
    fn resize(this: &JsPeers, workers: usize);
    #[wasm_bindgen(method)]
    fn replace(this: &JsPeers, worker: usize);
    #[wasm_bindgen(method)]
    fn post(this: &JsPeers, worker: usize, order: Vec<u8>);
    /// `[worker, "ready" | "gone" | "hang" | answer]`, or nothing where nothing has come within so many milliseconds.
    #[wasm_bindgen(method, catch)]
    async fn next(this: &JsPeers, within: f64) -> Result<JsValue, JsValue>;
}

#[cfg(not(feature = "webgpu"))]
impl Peers for JsPeers {
    fn most(&self) -> usize {
        self.most()
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

    fn next(&self, within: Duration) -> Pin<Box<dyn Future<Output = Option<Tidings>> + '_>> {
        Box::pin(async move {
            let within = within.as_secs_f64() * 1e3;
            let tidings = JsPeers::next(self, within)
                .await
                .ok()?
                .dyn_into::<Array>()
                .ok()?;
            let worker = tidings.get(0).as_f64().unwrap_or(f64::MAX) as usize;
            let what = tidings.get(1);
            Some(match what.as_string().as_deref() {
                Some("ready") => Tidings::Ready(worker),
                Some("hang") => Tidings::Lost(worker, Loss::Hang),
                Some(_) => Tidings::Lost(worker, Loss::Gone),
                None => {
                    let bytes = what.dyn_ref::<Uint8Array>();
                    Tidings::Answer(worker, bytes.map(Uint8Array::to_vec).unwrap_or_default())
                }
            })
        })
    }
}

#[cfg(feature = "webgpu")]
async fn open() -> Result<(Device, Description), JsValue> {
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
async fn open() -> Result<(Device, Description), JsValue> {
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

fn js_error(error: Error) -> JsValue {
    JsError::new(&error.message).into()
}

fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    // Plain objects, as in the declarations, not Maps.
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    Ok(value.serialize(&serializer)?)
}

fn message(message: Message) -> Result<JsValue, JsValue> {
    let object = Object::new();
    set(&object, "runId", message.run_id.into())?;
    set(&object, "revision", message.revision.into())?;
    set(&object, "event", to_js(&message.event)?)?;
    set(&object, "bulk", bulk(message.bulk)?.into())?;
    Ok(object.into())
}

fn set(object: &Object, key: &str, value: JsValue) -> Result<(), JsValue> {
    Reflect::set(object, &key.into(), &value).map(drop)
}

fn bulk(bulk: Bulk) -> Result<Object, JsValue> {
    let Bulk {
        weights,
        biases,
        ranks,
        sorted,
        masks,
        cut_at,
        images,
        probabilities,
        checkpoint,
        files,
        file,
    } = bulk;
    let floats = |v: Vec<f32>| Float32Array::from(v.as_slice()).into();
    let bytes = |v: Vec<u8>| -> JsValue { Uint8Array::from(v.as_slice()).into() };
    let words = |v: Vec<u32>| Uint32Array::from(v.as_slice()).into();
    let list = |all: Vec<Vec<u8>>| all.into_iter().map(bytes).collect::<Array>().into();
    let fields: [(&str, Option<JsValue>); 11] = [
        ("weights", weights.map(floats)),
        ("biases", biases.map(floats)),
        ("ranks", ranks.map(words)),
        ("sorted", sorted.map(floats)),
        ("masks", masks.map(bytes)),
        ("cutAt", cut_at.map(words)),
        ("images", images.map(bytes)),
        ("probabilities", probabilities.map(floats)),
        ("checkpoint", checkpoint.map(bytes)),
        ("files", files.map(list)),
        ("file", file.map(bytes)),
    ];
    let object = Object::new();
    for (key, value) in fields {
        if let Some(value) = value {
            set(&object, key, value)?;
        }
    }
    Ok(object)
}

/// The arrays that a command can bring: `checkpoint`, `images` and `files`.
fn read_bulk(value: &JsValue) -> Result<Bulk, JsValue> {
    let mut bulk = Bulk::default();
    if !value.is_object() {
        return Ok(bulk);
    }
    let bytes = |key: &str| -> Result<Option<Vec<u8>>, JsValue> {
        let array = Reflect::get(value, &key.into())?;
        Ok(array.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec))
    };
    bulk.checkpoint = bytes("checkpoint")?;
    bulk.images = bytes("images")?;
    let files = Reflect::get(value, &"files".into())?;
    if let Some(files) = files.dyn_ref::<Array>() {
        let bytes = files
            .iter()
            .map(|f| f.dyn_into::<Uint8Array>().map(|f| f.to_vec()));
        bulk.files = Some(bytes.collect::<Result<_, _>>()?);
    }
    Ok(bulk)
}
