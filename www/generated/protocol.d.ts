// Generated from src/protocol.rs by tests/protocol_types.rs; do not edit.

export type DatasetId = "digits" | "shapes" | "cifar-10" | "mnist" | "fashion-mnist";

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
 * Filters of the first and the second convolution, 1 to 256 each.
 */
widths: [number, number], 
/**
 * Images in a training step, 1 to 512.
 */
batch: number, 
/**
 * Adam's learning rate, above 0 and at most 1.
 */
learningRate: number, 
/**
 * Seed of the initial weights and of the order of the images.
 */
seed: number, };

export type Command = { "type": "configure", runId: number, config: RunConfig, } | { "type": "load-files", runId: number, config: RunConfig, names: Array<string>, } | { "type": "run" } | { "type": "pause" } | { "type": "step" } | { "type": "fine-tune", steps: number, } | { "type": "preview", request: number, selection: Selection, } | { "type": "prune", selection: Selection, } | { "type": "restore", runId: number, };

export type Selection = { "by": "fraction", "value": number } | { "by": "threshold", "value": number };

export type Event = { "type": "configured", config: RunConfig, dataset: DatasetInfo, layers: Array<LayerInfo>, parameters: number, } | { "type": "state", activity: Activity, } | { "type": "trained", step: number, epoch: number, loss: number, imagesPerSecond: number, 
/**
 * Steps left of a fine-tuning, absent while training without end.
 */
remaining?: number, } | { "type": "evaluated", step: number, epoch: number, train: Metrics, test: Metrics, } | { "type": "scored", step: number, kept: Array<number>, } | { "type": "previewed", request: number, selection: Selection, pruned: number, sparsity: number, threshold: number, test: Metrics, 
/**
 * Milliseconds from taking up the command to this answer.
 */
ms: number, } | { "type": "curve", sparsity: number, test: Metrics, remaining: number, } | { "type": "examples", count: number, labels: Array<number>, } | { "type": "point" } & Point | { "type": "saved", step: number, } | { "type": "error", code: ErrorCode, message: string, };

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
 * Kept weights, layer by layer.
 */
kept: Array<number>, total: number, test: Metrics, };

export type Metrics = { loss: number, accuracy: number, samples: number, };

export type DatasetInfo = { id: DatasetId, classes: Array<string>, channels: number, height: number, width: number, train: number, test: number, };

export type LayerInfo = { 
/**
 * `conv1`, `conv2` or `fc`.
 */
name: string, 
/**
 * `[out, in, 3, 3]` or `[out, in]`, row-major.
 */
shape: Array<number>, weights: number, 
/**
 * Multiply-accumulates for one image, dense.
 */
macs: number, };

export type Bulk = { 
/**
 * All prunable weights, layer after layer, row-major.
 */
weights: Float32Array, 
/**
 * For each weight its place in the order of cutting: 0 goes first. Weights already cut come first.
 */
ranks: Uint32Array, 
/**
 * The scores in the order of cutting (already cut ones as 0), so that `sorted[k]` is the
 * threshold when k weights are cut.
 */
sorted: Float32Array, 
/**
 * The masks held: 1 keeps, 0 is cut.
 */
masks: Uint8Array, images: Uint8Array, probabilities: Float32Array, checkpoint: Uint8Array, files: Array<Uint8Array>, };

export type Message = { 
/**
 * The `runId` of the last `configure`, `load-files` or `restore`.
 */
runId: number, 
/**
 * Counts changes of weights or masks since then.
 */
revision: number, event: Event, bulk: Bulk, };

export type ErrorCode = "bad-data" | "data-needed" | "bad-config" | "bad-command" | "bad-checkpoint" | "diverged" | "device";
