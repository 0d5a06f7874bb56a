// Generated from src/protocol.rs by tests/protocol_types.rs; do not edit.

export type DatasetId = "digits" | "shapes" | "cifar-10" | "mnist" | "fashion-mnist" | "own";

export type Criterion = "random" | "magnitude" | "gradient" | "taylor" | "synflow" | "grasp" | "filter-l1" | "filter-l2" | "fpgm" | "activation";

export type Scope = "global" | "layer";

export type Granularity = "weight" | "filter" | "2:4";

export type Method = { criterion: Criterion, scope: Scope, granularity: Granularity, 
/**
 * Training images that a data-driven score looks at; 0 takes all.
 */
scoreBatch: number, 
/**
 * Never cut the last layer.
 */
spareClassifier: boolean, 
/**
 * Never cut the last weight (or filter) of a layer. Two of four never empty one.
 */
neverEmpty: boolean, 
/**
 * Divide the scores of filters that are ranked over all layers by the mean of their layer's first
 * (Torch-Pruning's normalizer="mean").
 */
normalise?: boolean, };

export type RunConfig = { dataset: DatasetId, 
/**
 * Noise of the `shapes` images, 0 to 1.
 */
noise: number, 
/**
 * Train on the first so many images only; 0 takes all.
 */
trainLimit: number, 
/**
 * A preset's name (`lenet-300-100`, `conv-4/2`), a short text (`c3-8 r p2 f`), or a network as JSON.
 */
network: string, 
/**
 * Filters of the first and the second convolution of `two-conv`, 1 to 256 each.
 */
widths: [number, number], 
/**
 * Images in a training step, 1 to 512.
 */
batch: number, 
/**
 * What the network begins with.
 */
initialisation: Initialisation, optimiser: Optimiser, 
/**
 * Above 0 and at most 1: what the schedule goes down from.
 */
learningRate: number, schedule: Schedule, 
/**
 * Training steps at which `steps` takes a tenth of the rate: at most 16, each later than the one before.
 */
drops: Array<number>, 
/**
 * Training steps until `cosine` is at 0.
 */
cosineSteps: number, 
/**
 * Training steps in which the rate rises evenly to what the schedule says; 0 for none.
 */
warmUp: number, 
/**
 * Fine-tuning has this part of the learning rate at every step, above 0 and at most 1.
 */
fineTuningRate: number, 
/**
 * SGD's, 0 to 0.999.
 */
momentum: number, 
/**
 * SGD's, 0 to 1: on every parameter, as in PyTorch.
 */
weightDecay: number, 
/**
 * SGD looks ahead (Sutskever et al., ICML 2013).
 */
nesterov: boolean, 
/**
 * Training images are cropped from 4 pixels of padding and flipped, anew in each epoch: for colour images of things.
 */
augment: boolean, 
/**
 * Training images on which a cut estimates the running statistics of batch normalisation anew; 0 leaves them as they were.
 */
reestimate: number, 
/**
 * Seed of the initial weights and of the order of the images.
 */
seed: number, 
/**
 * How weights are ranked; can be changed during a run.
 */
method: Method, };

export type Optimiser = "adam" | "sgd";

export type Initialisation = "he-normal" | "glorot-normal" | "pytorch";

export type Recipe = { name: string, 
/**
 * How weights are scored and cut, each time.
 */
method: Method, plan: Plan, 
/**
 * Train pruned networks against the dense one.
 */
distil?: Distillation, };

export type Plan = { "kind": "one-shot", train: number, sparsity: number, fineTune: number, } | { "kind": "iterative", train: number, rate: number, rounds: number, fineTune: number, 
/**
 * Of each layer by itself, by its kind, in place of `rate` of all.
 */
rates?: LayerRates, } | { "kind": "gradual", train: number, to: number, cuts: number, every: number, fineTune: number, } | { "kind": "lottery-ticket", train: number, rate: number, rounds: number, rewindTo: number, control: Control, 
/**
 * Of each layer by itself, by its kind, in place of `rate` of all.
 */
rates?: LayerRates, } | { "kind": "before-training", sparsity: number, train: number, };

export type Control = "none" | "reinitialise" | "random-mask";

export type Distillation = { 
/**
 * Weight of the labels, 0 to 1; the teacher has the rest.
 */
alpha: number, 
/**
 * 1 to 20.
 */
temperature: number, };

export type RecipeState = "running" | "paused" | "done" | "stopped";

export type ParallelPlan = { 
/**
 * 1 to 16; 1 is the session's own. 0 tries several numbers while training, and keeps the fastest.
 */
workers: number, 
/**
 * Whether a gradient is applied as soon as it comes, or when all have come.
 */
asynchronous: boolean, 
/**
 * How many updates old the weights of a gradient may be when it is applied; absent is without bound. 0 leaves one
 * gradient under way at a time. Of asynchronous exchange only.
 */
staleness?: number, 
/**
 * Share of its gradients that a worker sends, the largest first, above 0 and at most 1; it keeps what it has not sent
 * and adds it to the next ones (Lin et al., Deep Gradient Compression, ICLR 2018).
 */
gradientShare: number, 
/**
 * The last worker computes so many times slower, 1 to 100, on a clock of its own: see `simulated`.
 */
straggler: number, 
/**
 * Megabits a second of a link to each worker, on that clock; 0 is without links.
 */
megabits: number, };

export type Loss = "gone" | "hang" | "non-finite";

export type Workers = { asynchronous: boolean, simulated: boolean, 
/**
 * What each worker did of late.
 */
lanes: Array<Lane>, now: number, 
/**
 * Updates by how many updates old their gradients were; the last count is of all that were older.
 */
staleness: Array<number>, 
/**
 * Sent for the last step, there and back; for a step if nothing were cut and every gradient sent; and in all.
 */
stepBytes: number, denseStepBytes: number, bytes: number, imagesPerSecond: number, 
/**
 * Of one worker alone, measured here.
 */
alone: number, 
/**
 * Numbers of workers that were tried, with their images a second, where the plan leaves the number open.
 */
tried: Array<[number, number]>, 
/**
 * Workers that were given up so far.
 */
lost: number, };

export type Lane = { spans: Array<Span>, 
/**
 * The step that its last update made, and how many updates older the weights were that it was of.
 */
version: number, staleness: number, };

export type Span = { kind: SpanKind, from: number, to: number, };

export type SpanKind = "compute" | "send";

export type Command = { "type": "configure", runId: number, config: RunConfig, } | { "type": "load-files", runId: number, config: RunConfig, names: Array<string>, } | { "type": "draft", config: RunConfig, } | { "type": "run" } | { "type": "pause" } | { "type": "step" } | { "type": "fine-tune", steps: number, distil?: Distillation, } | { "type": "follow", recipe: Recipe, } | { "type": "stop" } | { "type": "set-method", method: Method, } | { "type": "detail", layer: number, 
/**
 * All of it where absent.
 */
tile?: Tile, } | { "type": "stop-scoring" } | { "type": "preview", selection: Selection, 
/**
 * So many of the test images at least, the same ones for every cut; all of them where absent.
 */
images?: number, } | { "type": "classify", selection: Selection, } | { "type": "meter", selection: Selection, } | { "type": "prune", selection: Selection, } | { "type": "parallel", plan: ParallelPlan, } | { "type": "save" } | { "type": "restore", runId: number, } | { "type": "export", format: ExportFormat, 
/**
 * Without the filters that are removed: an ordinary dense network of fewer filters.
 */
compacted: boolean, 
/**
 * ONNX only: batch normalisation is folded into the convolution before it.
 */
fold?: boolean, 
/**
 * How the network was made, to be written into the file.
 */
recipe?: Recipe, } | { "type": "export-test-images" } | { "type": "open", runId: number, };

export type ExportFormat = "safetensors" | "onnx";

export type NetworkKind = "dense" | "masked" | "compacted";

export type Selection = { "by": "fraction", "value": number } | { "by": "threshold", "value": number } | { "by": "layers", "value": Array<number> };

export type Way = "dense" | "masked" | "compacted" | "sparse";

export type Timing = { way: Way, 
/**
 * The median, and the 5th and the 95th percentile.
 */
ms: number, low: number, high: number, 
/**
 * The largest difference of a logit from the masked network's.
 */
difference: number, };

export type Encoding = "dense" | "csr" | "bitmap";

export type Encoded = { way: Way, encoding: Encoding, };

export type RankedGroup = { 
/**
 * Units (weights, filters, or fours of weights) that may be cut.
 */
units: number, 
/**
 * How many of them the held masks have cut already.
 */
held: number, };

export type ScoredTables = { 
/**
 * Units of each layer: what a cut by hand is a fraction of.
 */
layers: Array<RankedGroup>, 
/**
 * Channel groups that the masks held remove.
 */
removed: number, 
/**
 * Steps at which weights were cut, ascending; of more than two, the first and the last.
 */
cutSteps: Array<number>, };

export type Tile = { row: number, column: number, rows: number, columns: number, };

export type Event = { "type": "configured", config: RunConfig, dataset: DatasetInfo, network: NetworkInfo, } | { "type": "drafted", network: NetworkInfo, } | { "type": "state", activity: Activity, } | { "type": "trained", step: number, epoch: number, loss: number, imagesPerSecond: number, 
/**
 * Steps left of a fine-tuning, absent while training without end.
 */
remaining?: number, } | { "type": "evaluated", step: number, epoch: number, 
/**
 * Weights that the masks held have cut.
 */
pruned: number, train: Metrics, test: Metrics, } | { "type": "scoring", done: number, total: number, } | { "type": "scored", step: number, kept: Array<number>, method: Method, groups: Array<RankedGroup>, tables?: ScoredTables, } | { "type": "detail", layer: number, step: number, tile: Tile, rows: number, columns: number, block: [number, number], } | { "type": "previewed", selection: Selection, 
/**
 * Units cut.
 */
units: number, 
/**
 * Weights cut.
 */
pruned: number, sparsity: number, threshold: number, test: Metrics, 
/**
 * By running statistics that were estimated anew for what the cut leaves (`reestimate` in the settings), as the cut
 * itself would; absent while they are not there yet, or are not wanted.
 */
reestimated?: Metrics, 
/**
 * Milliseconds from taking up the command to this answer; 0 for all answers but the first.
 */
ms: number, } | { "type": "classified", selection: Selection, } | { "type": "metered", selection: Selection, images: number, timings: Array<Timing>, encoded: Array<Encoded>, } | { "type": "curve", step: number, sparsity: number, test: Metrics, remaining: number, } | { "type": "answers", step: number, 
/**
 * Of the points, ascending.
 */
sparsities: Array<number>, 
/**
 * Of the images.
 */
labels: Array<number>, 
/**
 * For each image the point from which its answer is wrong at every later one too: 0 where it is wrong at all, the number
 * of points where it is right at the last.
 */
breaking: Array<number>, 
/**
 * The images that are lost first, of those that are right somewhere, as places in `labels`.
 */
fragile: Array<number>, } | { "type": "examples", count: number, labels: Array<number>, pruned: number, } | { "type": "point" } & Point | { "type": "saved", step: number, } | { "type": "workers" } & Workers | { "type": "worker-lost", worker: number, reason: Loss, } | { "type": "recipe", name: string, done: number, total: number, state: RecipeState, } | { "type": "exported", format: ExportFormat, network: NetworkKind, step: number, 
/**
 * Of the network that it was made of.
 */
sparsity: number, 
/**
 * Of the network in the file, over the whole test set.
 */
test: Metrics, } | { "type": "test-images", count: number, } | { "type": "opened", network: NetworkKind, 
/**
 * What the file says of the network; none where it says nothing.
 */
stored?: Metrics, 
/**
 * Whether the file speaks of the same images as those that are here.
 */
sameImages: boolean, 
/**
 * Measured now, over the whole test set.
 */
test: Metrics, } | { "type": "done" } | { "type": "error", code: ErrorCode, message: string, };

export type Activity = "idle" | "training" | "fine-tuning";

export type PointKind = "dense" | "pruned" | "fine-tuned";

export type Point = { 
/**
 * Unique within a `runId`. A second `point` of the same id has the same state, measured over
 * more images, and no checkpoint.
 */
id: number, kind: PointKind, step: number, 
/**
 * Zeros in the masks / prunable weights.
 */
sparsity: number, 
/**
 * The smallest kept score when the cut was made; 0 where nothing was cut.
 */
threshold: number, 
/**
 * How the weights were ranked when it was made.
 */
method: Method, 
/**
 * Kept weights, layer by layer.
 */
kept: Array<number>, total: number, test: Metrics, };

export type Metrics = { loss: number, accuracy: number, samples: number, };

export type DatasetInfo = { id: DatasetId, 
/**
 * CRC-32 of its images and labels: files of one data set may hold different images.
 */
digest: number, classes: Array<string>, channels: number, height: number, width: number, train: number, test: number, 
/**
 * Of each channel, of pixels scaled to 0..1: the network is fed `(pixel / 255 - mean) / std`.
 */
mean: Array<number>, std: Array<number>, };

export type NetworkInfo = { 
/**
 * The short text of its preset, or as it was written; empty where it came as JSON.
 */
text: string, nodes: Array<NodeInfo>, 
/**
 * Its prunable layers.
 */
layers: Array<LayerInfo>, 
/**
 * Numbers that are learnt.
 */
parameters: number, 
/**
 * Channel groups: filters that go together with what reads them.
 */
groups: number, 
/**
 * Whether it normalises by the statistics of a batch.
 */
statistics: boolean, };

export type NodeInfo = { name: string, 
/**
 * `conv`, `linear`, `batch-norm`, `relu`, `max-pool` and so on.
 */
op: string, 
/**
 * Values that it reads: 0 is the image, `i + 1` what node `i` gives.
 */
inputs: Array<number>, 
/**
 * What it gives for one image: `[c, h, w]` or `[n]`.
 */
shape: Array<number>, 
/**
 * Numbers that are learnt.
 */
parameters: number, 
/**
 * Multiply-accumulates for one image, dense.
 */
macs: number, 
/**
 * Which of the prunable layers it is, absent where it is none.
 */
layer?: number, };

export type LayerInfo = { name: string, 
/**
 * `[out, in / groups, k, k]` or `[out, in]`, row-major.
 */
shape: Array<number>, weights: number, 
/**
 * Multiply-accumulates for one image, dense.
 */
macs: number, 
/**
 * The channel group of each filter; 4294967295 where it is of none (the classes).
 */
own: Array<number>, 
/**
 * The channel group that each run of inputs reads, the runs being equally long: `in * k * k / reads.length` weights of a
 * row each. Empty for a depthwise layer, whose filters read their own channels.
 */
reads: Array<number>, };

export type Bulk = { 
/**
 * All prunable weights, layer after layer, row-major.
 */
weights: Float32Array, 
/**
 * All biases, layer after layer; they are never cut alone, but go with a filter that is cut.
 */
biases: Float32Array, 
/**
 * For each weight the place of its unit in the order of cutting: 0 goes first, 4294967295 never.
 * Units already cut come first.
 */
ranks: Uint32Array, 
/**
 * The scores of the units in the order of cutting (already cut ones as 0). Where all layers are
 * ranked together, `sorted[k]` is the threshold when k units are cut.
 */
sorted: Float32Array, 
/**
 * See `scored`.
 */
knots: Uint32Array, keptAt: Uint32Array, 
/**
 * The masks held: 1 keeps, 0 is cut.
 */
masks: Uint8Array, 
/**
 * For each weight the training step at which it was cut, 4294967295 while it is kept. After going
 * back to earlier weights under the same masks it may lie ahead of the step in hand.
 */
cutAt: Uint32Array, images: Uint8Array, probabilities: Float32Array, answers: Uint8Array, 
/**
 * The page has a large one as a blob.
 */
checkpoint: Uint8Array | Blob, files: Array<Uint8Array>, 
/**
 * To be saved as it is.
 */
file: Uint8Array, };

export type Message = { 
/**
 * The `runId` of the last `configure`, `load-files` or `restore`.
 */
runId: number, 
/**
 * Counts changes of weights or masks since then.
 */
revision: number, 
/**
 * The number of the command that has led to it: of training, the one that began it; of what is measured at rest, the
 * one that has made what is measured.
 */
command: number, event: Event, bulk: Bulk, };

export type ErrorCode = "bad-data" | "data-needed" | "bad-config" | "bad-command" | "bad-checkpoint" | "bad-network" | "diverged" | "device" | "cancelled";
