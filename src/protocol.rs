//! Command and Event: the one definition of what crosses the boundary of the worker.
//!
//! `www/generated/protocol.d.ts` is generated from these types (`tests/protocol_types.rs`), so that
//! the page can't drift from the core. Small things are plain data; bulk data travels beside them
//! in [`Bulk`], as typed arrays that are transferred, never copied into JSON.

mod activity;
mod network;
mod point;
mod scored;

use crate::config::RunConfig;
use crate::data::DatasetInfo;
use crate::error::ErrorCode;
use crate::files::export::{ExportFormat, NetworkKind};
use crate::learn::distillation::Distillation;
use crate::learn::eval::Metrics;
use crate::parallel::peers::Loss;
use crate::parallel::plan::Plan;
use crate::parallel::workers::Workers;
use crate::prune::method::Method;
use crate::prune::recipe::Recipe;
use crate::prune::selection::{RankedGroup, Selection};
use crate::prune::thinning::Tile;
use crate::shrink::meter::{Encoded, Timing};
pub use activity::{Activity, RecipeState};
pub use network::{LayerInfo, NetworkInfo, NodeInfo};
pub use point::{Point, PointKind};
pub use scored::ScoredTables;
use serde::{Deserialize, Serialize};

/// What the page asks for. Each command comes with a number of its own, by which everything that it leads to is known (see
/// [`Message`]), and ends once: in `done` when what it asks for is there, or in an `error`.
///
/// The page has its name in `type`. It is read by its name instead (`www/worker/naming.js` turns one into the other): with a tag
/// inside, serde keeps a second way to read every type that a command holds, 90 kB of the bundle.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS), ts(tag = "type"))]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Command {
    /// Begin anew: data, fresh weights from the seed, no mask, step 0. Answered by `configured`.
    Configure { run_id: u32, config: RunConfig },
    /// Read a data set from the files in `Bulk::files` (named by `names`, in the same order); then as `Configure`.
    /// A bad file is an `error` and leaves the session as it was.
    LoadFiles {
        run_id: u32,
        config: RunConfig,
        names: Vec<String>,
    },
    /// What a network of these settings would be, for the images at hand; nothing is changed. Answered by `drafted`; an
    /// `error` says which layer can't work, and why.
    Draft { config: RunConfig },
    /// Train until told to pause; done when that has begun.
    Run,
    /// Stop after the step in hand. Answered by `evaluated` and a `point`, measured at once over a fixed
    /// subset of the test set and, while the session rests, over all of it. At rest, a `point` only where
    /// single steps have been taken since the last one.
    Pause,
    /// Exactly one training step.
    Step,
    /// Train so many steps under the masks held, then add a `point`. With `distil` against the dense
    /// network that the first cut was made from, or the one in `Bulk::checkpoint`, which was made on the
    /// same data set and may have other widths.
    FineTune {
        steps: u32,
        #[serde(default)]
        #[cfg_attr(not(target_arch = "wasm32"), ts(optional))]
        distil: Option<Distillation>,
    },
    /// Carry out a recipe from its beginning. Answered by `recipe` at each of its actions. `pause`
    /// halts it, `run` goes on with it, `stop` gives it up.
    Follow { recipe: Recipe },
    /// Give up the recipe in hand; what it has made stays. Then as `Pause`.
    Stop,
    /// Score and rank anew by another method; weights and masks stay. Answered by `scored`.
    SetMethod { method: Method },
    /// A layer of the network as it was scored last, or a part of it, for a picture; nothing is changed. Answered by `detail`.
    Detail {
        layer: u32,
        /// All of it where absent.
        #[serde(default)]
        #[cfg_attr(not(target_arch = "wasm32"), ts(optional))]
        tile: Option<Tile>,
    },
    /// Give up the scoring in hand: what waits for it ends in an `error`, and the weights are ranked as they were
    /// before, or by magnitude where they were not.
    StopScoring,
    /// Evaluate a masked copy of the weights; nothing is changed. Answered by `previewed`.
    Preview {
        selection: Selection,
        /// So many of the test images at least, the same ones for every cut; all of them where absent.
        #[serde(default)]
        #[cfg_attr(not(target_arch = "wasm32"), ts(optional))]
        images: Option<u32>,
    },
    /// What the network says of the image in `Bulk::images` (u8, one image of the data set's size), now and
    /// under `selection`; nothing is changed. Answered by `classified`.
    Classify { selection: Selection },
    /// Measure, while the session rests, what `selection` buys in time and bytes; nothing is changed. Answered by `metered`;
    /// ends in an `error` where other weights or another such question come first.
    Meter { selection: Selection },
    /// Score the weights as they are, and hold the mask that this gives from then on. Answered by a `point`.
    Prune { selection: Selection },
    /// Spread training over workers from the next step on; the weights stay. On a backend without workers, nothing comes of it.
    Parallel { plan: Plan },
    /// Tell the state in hand, as it is between two steps; nothing is changed. Answered by `saved`.
    Save,
    /// Go back to the state in `Bulk::checkpoint`, made by this network and data set.
    Restore { run_id: u32 },
    /// The network as it is now, as a file. Answered by `exported`, once it is measured over the whole test set.
    Export {
        format: ExportFormat,
        /// Without the filters that are removed: an ordinary dense network of fewer filters.
        compacted: bool,
        /// ONNX only: batch normalisation is folded into the convolution before it.
        #[serde(default)]
        #[cfg_attr(not(target_arch = "wasm32"), ts(as = "Option<bool>", optional))]
        fold: bool,
        /// How the network was made, to be written into the file.
        #[serde(default)]
        #[cfg_attr(not(target_arch = "wasm32"), ts(optional))]
        recipe: Option<Recipe>,
    },
    /// The test set as a file. Answered by `test-images`.
    ExportTestImages,
    /// Open the network in the first of `Bulk::files`, once it is measured over the whole test set. Answered by
    /// `opened`, before it `configured` and what follows that. What can't be opened is an `error` and leaves the
    /// session as it was; so does another run that is begun in the meantime.
    Open { run_id: u32 },
}

/// What the session tells.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[serde(
    tag = "type",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Event {
    /// A fresh or restored session: what it trains on and what it trains.
    Configured {
        config: RunConfig,
        dataset: DatasetInfo,
        network: NetworkInfo,
    },
    /// The answer to `draft`.
    Drafted { network: NetworkInfo },
    /// What the session is doing from now on.
    State { activity: Activity },
    /// After each slice of training: the mean loss of its steps.
    Trained {
        step: u32,
        epoch: f64,
        loss: f32,
        images_per_second: f64,
        /// Steps left of a fine-tuning, absent while training without end.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(target_arch = "wasm32"), ts(optional))]
        remaining: Option<u32>,
    },
    /// Loss and accuracy without gradients, under the masks held.
    Evaluated {
        step: u32,
        epoch: f64,
        /// Weights that the masks held have cut.
        pruned: u32,
        train: Metrics,
        test: Metrics,
    },
    /// How much of a scoring is done that takes longer than a moment.
    Scoring { done: u32, total: u32 },
    /// Weights and their ranking as they were at `step`. Bulk: `weights`, `biases`, `ranks`, `sorted`,
    /// `masks`, `cutAt`.
    ///
    /// k units are cut under a selection: by fraction, the sum over `groups` of
    /// `max(held, round(p * units))`; by threshold, all held and those with `sorted < t`. A weight is
    /// cut where `masks` is 0 or its rank is below k.
    ///
    /// With `tables`, the network is too large for arrays of all its weights. Bulk: `knots`, the numbers of units cut, from
    /// those held to all; `sorted`, the threshold at each of them; `keptAt`, the weights kept of each layer at each of them,
    /// layer after layer. A layer's weights are asked for with `detail`.
    Scored {
        step: u32,
        kept: Vec<u32>,
        method: Method,
        groups: Vec<RankedGroup>,
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(target_arch = "wasm32"), ts(optional))]
        tables: Option<ScoredTables>,
    },
    /// Weights of a layer as a matrix, a row a filter, of which `tile` was asked for, in `rows` x `columns` cells of `block`
    /// rows and columns of weights each; those at its end may be of fewer. Bulk: `weights`, the means of the cells, single
    /// weights themselves; `masks`, the share that is kept, 0 to 255; `ranks`, the means of the ranks of those that may go.
    Detail {
        layer: u32,
        step: u32,
        tile: Tile,
        rows: u32,
        columns: u32,
        block: [u32; 2],
    },
    /// A masked copy, evaluated: at once over a fixed subset of the test set, drawn at random, and again and
    /// again, while the session rests, over more images, those before among them, up to all of it (`test.samples`
    /// tells). Bulk: `probabilities` of the examples, with the first answer only.
    Previewed {
        selection: Selection,
        /// Units cut.
        units: u32,
        /// Weights cut.
        pruned: u32,
        sparsity: f64,
        threshold: f32,
        test: Metrics,
        /// By running statistics that were estimated anew for what the cut leaves (`reestimate` in the settings), as the cut
        /// itself would; absent while they are not there yet, or are not wanted.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(target_arch = "wasm32"), ts(optional))]
        reestimated: Option<Metrics>,
        /// Milliseconds from taking up the command to this answer; 0 for all answers but the first.
        ms: f64,
    },
    /// The answer to `classify`. Bulk: `probabilities` of the classes, first by the network as it is, then
    /// under the selection.
    Classified { selection: Selection },
    /// Forward passes of so many `images`, timed in turns. Bulk: `files`, the network in each of the ways that `encoded`
    /// lists, in the same order.
    Metered {
        selection: Selection,
        images: u32,
        timings: Vec<Timing>,
        encoded: Vec<Encoded>,
    },
    /// One point of the one-shot curve, over a fixed subset of the test set: all of it where the network is small. The
    /// curve is of the network as it was at `step`, whose revision the message names; `remaining` points follow.
    /// While the network trains, the curve is measured again and again, with fewer points.
    Curve {
        step: u32,
        sparsity: f64,
        test: Metrics,
        remaining: u32,
    },
    /// What the one-shot curve that has just become whole is made of. Bulk: `answers`, the class that the network names for each image,
    /// point after point (points x images); `images` (u8, fragile x channels x height x width).
    Answers {
        step: u32,
        /// Of the points, ascending.
        sparsities: Vec<f64>,
        /// Of the images.
        labels: Vec<u8>,
        /// For each image the point from which its answer is wrong at every later one too: 0 where it is wrong at all, the number
        /// of points where it is right at the last.
        breaking: Vec<u32>,
        /// The images that are lost first, of those that are right somewhere, as places in `labels`.
        fragile: Vec<u32>,
    },
    /// A dozen test images. Bulk: `images` (u8, count x channels x height x width),
    /// `probabilities` (count x classes) of the network as it is now, of whose weights `pruned` are cut.
    Examples {
        count: u32,
        labels: Vec<u8>,
        pruned: u32,
    },
    /// A state worth going back to. Bulk: `checkpoint`.
    Point(Point),
    /// A checkpoint against accidents, made now and then while training, or as was asked for. Bulk: `checkpoint`.
    Saved { step: u32 },
    /// Now and then while workers train.
    Workers(Workers),
    /// A worker was given up; its work is done by others, and another is started in its place.
    WorkerLost { worker: u32, reason: Loss },
    /// The recipe in hand: `done` of `total` actions are done.
    Recipe {
        name: String,
        done: u32,
        total: u32,
        state: RecipeState,
    },
    /// A network as a file. Bulk: `file`.
    Exported {
        format: ExportFormat,
        network: NetworkKind,
        step: u32,
        /// Of the network that it was made of.
        sparsity: f64,
        /// Of the network in the file, over the whole test set.
        test: Metrics,
    },
    /// The test set as a file. Bulk: `file`.
    TestImages { count: u32 },
    /// A network from a file is in hand.
    Opened {
        network: NetworkKind,
        /// What the file says of the network; none where it says nothing.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(target_arch = "wasm32"), ts(optional))]
        stored: Option<Metrics>,
        /// Whether the file speaks of the same images as those that are here.
        same_images: bool,
        /// Measured now, over the whole test set.
        test: Metrics,
    },
    /// What the command asks for is there; what it has begun goes on.
    Done,
    /// The command failed, and the session is as it was before it. Or, after `done`, what the command had begun has come to
    /// an end by a failure.
    Error { code: ErrorCode, message: String },
}

/// Arrays that travel beside a command or an event. Absent ones are left out.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(optional_fields))]
pub struct Bulk {
    /// All prunable weights, layer after layer, row-major.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub weights: Option<Vec<f32>>,
    /// All biases, layer after layer; they are never cut alone, but go with a filter that is cut.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub biases: Option<Vec<f32>>,
    /// For each weight the place of its unit in the order of cutting: 0 goes first, 4294967295 never.
    /// Units already cut come first.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Uint32Array"))]
    pub ranks: Option<Vec<u32>>,
    /// The scores of the units in the order of cutting (already cut ones as 0). Where all layers are
    /// ranked together, `sorted[k]` is the threshold when k units are cut.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub sorted: Option<Vec<f32>>,
    /// See `scored`.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Uint32Array"))]
    pub knots: Option<Vec<u32>>,
    #[cfg_attr(
        not(target_arch = "wasm32"),
        ts(type = "Uint32Array", rename = "keptAt")
    )]
    pub kept_at: Option<Vec<u32>>,
    /// The masks held: 1 keeps, 0 is cut.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Uint8Array"))]
    pub masks: Option<Vec<u8>>,
    /// For each weight the training step at which it was cut, 4294967295 while it is kept. After going
    /// back to earlier weights under the same masks it may lie ahead of the step in hand.
    #[cfg_attr(
        not(target_arch = "wasm32"),
        ts(type = "Uint32Array", rename = "cutAt")
    )]
    pub cut_at: Option<Vec<u32>>,
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Uint8Array"))]
    pub images: Option<Vec<u8>>,
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub probabilities: Option<Vec<f32>>,
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Uint8Array"))]
    pub answers: Option<Vec<u8>>,
    /// The page has a large one as a blob.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Uint8Array | Blob"))]
    pub checkpoint: Option<Vec<u8>>,
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Array<Uint8Array>"))]
    pub files: Option<Vec<Vec<u8>>>,
    /// To be saved as it is.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Uint8Array"))]
    pub file: Option<Vec<u8>>,
}

/// An event on its way: what it comes of, whose it is, which state of the weights and masks it speaks of.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename_all = "camelCase"))]
pub struct Message {
    /// The `runId` of the last `configure`, `load-files` or `restore`.
    pub run_id: u32,
    /// Counts changes of weights or masks since then.
    pub revision: u32,
    /// The number of the command that has led to it: of training, the one that began it; of what is measured at rest, the
    /// one that has made what is measured.
    pub command: u32,
    pub event: Event,
    pub bulk: Bulk,
}
