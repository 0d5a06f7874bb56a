// Shapes that the modules of the page share. What crosses into the core is in generated/protocol.d.ts.
import type {
  Activity, Bulk, Command, Criterion, DatasetId, DatasetInfo, Encoded, Granularity, Group, LayerInfo, Message, Method, Metrics, Point,
  Recipe, RecipeState, RunConfig, Scope, Selection, Timing, Workers,
} from './generated/protocol.d.ts';

export type BackendName = 'cpu' | 'webgpu';
export type BackendRequest = 'auto' | BackendName;
export type Language = 'en' | 'zh-CN';

/** What is known of the GPU before a bundle is loaded. */
export interface GpuFacts {
  api: boolean;
  adapter: boolean;
  software: boolean;
  timestampQuery: boolean;
}

/** Why a backend runs; words/backend.js has the sentence for each. */
export type BackendReason =
  | 'asked' | 'asked-software' | 'looking' | 'hardware' | 'faster' | 'slower' | 'not-taken' | 'software'
  | 'no-webgpu' | 'no-adapter' | 'no-timestamps' | 'failed';

export interface BackendChoice {
  backend: BackendName;
  reason: BackendReason;
}

/** Milliseconds of a training step of the session's network. */
export interface BackendSpeeds {
  cpuMs: number;
  gpuMs: number;
}

export interface Device {
  backend: BackendName;
  name: string;
  software: boolean;
}

export interface RunningBackend extends BackendChoice {
  requested: BackendRequest;
  device: Device;
  /** Why WebGPU was given up, where `reason` is `failed` or `not-taken`. */
  detail?: string;
  /** What was measured, where `reason` is `faster` or `slower`. */
  speeds?: BackendSpeeds;
}

export interface Settings {
  dataset: DatasetId;
  noise: number;
  widths: [number, number];
  batch: number;
  'learning-rate': number;
  seed: number;
  'train-limit': number;
  'fine-tune-steps': number;
  criterion: Criterion;
  /** `hand`: all layers are ranked together, and each has its own fraction. */
  scope: Scope | 'hand';
  granularity: Granularity;
  'score-batch': number;
  'spare-classifier': boolean;
  'never-empty': boolean;
  /** Whether fine-tuning learns from the dense network, and how. */
  distil: boolean;
  alpha: number;
  temperature: number;
  /** Where the slider stands when a run begins; by hand the slider of each layer. */
  sparsity: number[];
  /** How many train; 0 finds the fastest number. */
  workers: number;
  exchange: 'synchronous' | 'asynchronous';
  /** -1 is without bound. */
  staleness: number;
  'gradient-share': number;
  straggler: number;
  /** Megabits a second, simulated; 0 is none. */
  link: number;
  backend: BackendRequest;
  theme: 'auto' | 'light' | 'dark';
  lang: 'auto' | Language;
  /** Whether the network of a first visitor trains by itself for a moment. */
  autoplay: 'auto' | 'off';
}

export type SettingName = keyof Settings;

/** A recipe as it stands in a file: without a method, the page's is taken. */
export type RecipeFile = Omit<Recipe, 'method'> & { method?: Partial<Method> };

/** The recipes that come with the page. */
export type RecipeId =
  | 'one-shot' | 'iterative' | 'gradual' | 'lottery-ticket' | 'lottery-ticket-reinitialised' | 'lottery-ticket-random-mask'
  | 'snip' | 'synflow' | 'distil';

/** The recipe that is being set up; none while a person prunes by hand. */
export interface Draft {
  id: 'manual' | 'file' | RecipeId;
  recipe: RecipeFile | null;
}

/** The recipe in hand: `done` of `total` actions have been begun. */
export interface RecipeProgress {
  name: string;
  done: number;
  total: number;
  state: RecipeState;
}

/** What the page posts to its worker. */
export type ToWorker =
  /** `alone`: a worker that can't run this backend is of no use, and ends. */
  | { kind: 'start'; backend: BackendRequest; alone: boolean; lock: string }
  /** The CPU bundle, or nothing where the page could not compile it. */
  | { kind: 'module'; module: WebAssembly.Module | null }
  | { kind: 'hold'; held: boolean }
  /** To one of the workers of a session, for its replica. */
  | { kind: 'order'; order: Uint8Array<ArrayBuffer> }
  | { kind: 'command'; command: Command; bulk: Partial<Bulk>; files: File[] };

/** What a worker posts to its page. */
export type FromWorker =
  | { kind: 'locked' }
  | { kind: 'progress'; loaded: number; total: number }
  | ({ kind: 'backend' } & RunningBackend)
  /** Where the choice was left to the page, once the CPU runs. */
  | { kind: 'gpu'; facts: GpuFacts }
  | { kind: 'messages'; messages: Message[]; memory: number }
  | { kind: 'answer'; answer: Uint8Array<ArrayBuffer> }
  | { kind: 'died'; message: string; cause: CauseOfDeath };

/** What is heard of a worker of the session, by its number: that it is ready, what it answers, or how it was lost. */
export type Tidings = [worker: number, what: 'ready' | 'gone' | 'hang' | Uint8Array<ArrayBuffer>];

/** The workers of a session, as the CPU bundle reaches them (`JsPeers` in src/web.rs). */
export interface Peers {
  /** The most that this machine has room for. */
  most(): number;
  resize(workers: number): void;
  replace(worker: number): void;
  post(worker: number, order: Uint8Array<ArrayBuffer>): void;
  next(): Promise<Tidings>;
}

/** `gone`: ended without a word. */
export type CauseOfDeath = 'load-failed' | 'out-of-memory' | 'device-lost' | 'failed' | 'gone';

/** Why the widget can't be used; words/states.js has the sentence for each. */
export interface Trouble {
  kind: 'unsupported' | 'load-failed' | 'out-of-memory' | 'worker-dead';
  values: Record<string, string>;
}

/** Something to do about a notice or a trouble: settings to change, or what its name says. */
export interface Remedy {
  id: 'retry' | 'restart' | 'use-cpu' | 'smaller-network' | 'fewer-images' | 'smaller-batch' | 'slower' | 'last-state' | 'choose-files';
  changes?: Partial<Settings>;
  values?: Record<string, string>;
}

/** What a bundle is to measure. */
export interface BenchWork {
  w1: number;
  w2: number;
  batch: number;
  steps: number;
  stepsPerRead: number;
}

/** What a cut to be measured is of. */
export interface BenchCut {
  w1: number;
  w2: number;
  sparsity: number;
  granularity: Granularity;
  images: number;
  rounds: number;
}

/** What a cut buys; `bytes` and `gzip` are of the files that `encoded` lists. */
export interface CutFigures {
  sparsity: number;
  macs: number;
  timings: Timing[];
  encoded: Encoded[];
  bytes: number[];
  gzip: number[];
}

export type BenchQuestion = { what: 'work'; work: BenchWork } | { what: 'cut'; cut: BenchCut } | { what: 'peak' };

/** Milliseconds, one figure a sample. */
export interface BenchFigures {
  step: number[];
  forward: number[];
}

/** Medians in milliseconds, and the samples that they are of. */
export interface BenchResult extends BenchFigures {
  msPerStep: number;
  msForward256: number;
}

/** The interface of a bundle, as wasm-bindgen exports it. */
export interface Playground {
  device(): Device;
  bench(work: BenchWork): Promise<BenchFigures>;
  benchCut(cut: BenchCut): Promise<Omit<CutFigures, 'bytes' | 'gzip'> & { files: Uint8Array[] }>;
  peakGigaflops(): number;
  selfTest(): Promise<void>;
  apply(command: Command, bulk: Partial<Bulk>): Promise<Message[]>;
  advance(): Promise<Message[]>;
  busy(): boolean;
  /** Carries out an order of another session; the CPU bundle only. */
  answer?(order: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Milliseconds that `advance` should wait for a further command. */
  patience(): number;
  memory(): number;
}

export interface BundleModule {
  default(options: { module_or_path: WebAssembly.Module }): Promise<{ memory: WebAssembly.Memory }>;
  Playground: { create(peers?: Peers): Promise<Playground> };
}

/** A measured state that one can go back to. */
export interface SavedPoint extends Point {
  /** Unique on this page, across runs. */
  id: number;
  /** The id that the core gave it. */
  coreId: number;
  /** Its measurement when it was made; `test` may be a later one over more images. */
  first: Metrics;
  checkpoint: Uint8Array;
}

/** What is kept of a state from one visit to the next. */
export interface Kept {
  /** Milliseconds since 1970. */
  savedAt: number;
  settings: Settings;
  step: number;
  /** On test images, 0 to 1. */
  accuracy: number;
  sparsity: number;
  checkpoint: Uint8Array;
  /** The network without masks that it came from, as last measured. */
  dense: Metrics | null;
  /** The measured state that it is; null where it was saved in the midst of training. */
  point: Omit<Point, 'id'> | null;
}

/** A trained dense network that another can learn from. */
export interface Teacher {
  checkpoint: Uint8Array;
  /** Filters of its two convolutions. */
  widths: [number, number];
  step: number;
  /** On the test set, 0 to 1. */
  accuracy: number;
}

export interface CurvePoint {
  sparsity: number;
  accuracy: number;
  samples: number;
}

export interface Curve {
  /** Run and revision that the points belong to. */
  of: string;
  points: CurvePoint[];
  remaining: number;
  /** The curve before this one, shown until this one is whole. */
  before: CurvePoint[];
}

export interface Scores {
  revision: number;
  step: number;
  weights: Float32Array;
  biases: Float32Array;
  ranks: Uint32Array;
  sorted: Float32Array;
  masks: Uint8Array;
  /** The step at which each weight was cut; see cut-age.js. */
  cutAt: Uint32Array;
  method: Method;
  groups: Group[];
  /** Weights that the held masks have cut. */
  alreadyCut: number;
}

export interface Examples {
  labels: number[];
  images: Uint8Array;
  probabilities: Float32Array;
}

export interface Preview {
  selection: Selection;
  revision: number;
  pruned: number;
  test: Metrics;
  /** Milliseconds that the first estimate took. */
  ms: number;
  /** Whether it is over more images than that. */
  refined: boolean;
  probabilities: Float32Array | null;
}

export interface History {
  step: number[];
  /** Mean loss of the steps of a slice, null where only an evaluation happened. */
  loss: (number | null)[];
  /** Accuracy on test images, null where none was measured. */
  accuracy: (number | null)[];
}

export interface Training {
  step: number;
  epoch: number;
  loss: number | null;
  imagesPerSecond: number | null;
  remaining: number | null;
}

/** Something that a person should know; `key` names the sentence in strings.js. */
export interface Notice {
  id: number;
  tone: 'info' | 'warning';
  key: string;
  values: Record<string, string>;
}

/** A run that was asked for and has not answered yet: the one before goes on if it fails. */
export interface Pending {
  runId: number;
  /** Fresh weights, an earlier state, the state before the worker died, or a network from a file. */
  kind: 'fresh' | 'back' | 'recovery' | 'opened';
  point: SavedPoint | null;
  /** Names of the files that it reads. */
  files: string[];
}

export type Phase = 'loading' | 'ready' | 'restarting' | 'dead';

export interface State {
  phase: Phase;
  settings: Settings;
  progress: { what: 'bundle' | 'data'; loaded: number; total: number } | null;
  backend: RunningBackend | null;
  memory: number | null;
  runId: number;
  pending: Pending | null;
  revision: number;
  config: RunConfig | null;
  dataset: DatasetInfo | null;
  layers: LayerInfo[];
  activity: Activity;
  /** What was last told of the workers; null where the session trains alone. */
  workers: Workers | null;
  training: Training;
  evaluated: { train: Metrics; test: Metrics } | null;
  /** The last evaluation of the network without masks. */
  dense: Metrics | null;
  scores: Scores | null;
  examples: Examples | null;
  /** What the network without masks last said of the examples. */
  denseProbabilities: Float32Array | null;
  chosenExample: number;
  selection: Selection;
  preview: Preview | null;
  curve: Curve;
  /** The last whole curve of a network without masks, to compare with. */
  denseCurve: CurvePoint[];
  points: SavedPoint[];
  currentPoint: number | null;
  /** The best dense network of other widths before this one, on the same data. */
  teacher: Teacher | null;
  checkpoint: { bytes: Uint8Array; step: number } | null;
  history: History;
  /** Cleared once its end has been told. */
  recipe: RecipeProgress | null;
  draft: Draft;
  notices: Notice[];
  trouble: Trouble | null;
  /** A file data set that was chosen and whose files are awaited. */
  awaitingFiles: DatasetId | null;
  /** Bytes of the awaited files, where the site itself has them. */
  offeredBytes: number | null;
  nextId: number;
}

/** What happens on the page itself, beside the messages of the core. */
export type PageEvent =
  | { type: 'settings'; settings: Settings }
  | { type: 'progress'; what: 'bundle' | 'data'; loaded: number; total: number }
  | { type: 'progress-ended' }
  | { type: 'backend'; backend: RunningBackend }
  | { type: 'backend-reason'; reason: BackendReason; detail?: string; speeds?: BackendSpeeds }
  /** The session goes on in another worker, at the step that it was at. */
  /** Training is spread in another way. */
  | { type: 'spread' }
  | { type: 'moved'; runId: number; backend: RunningBackend }
  | { type: 'message'; message: Message }
  | { type: 'memory'; bytes: number }
  | { type: 'select'; selection: Selection }
  | { type: 'begin'; pending: Pending }
  | { type: 'await-files'; dataset: DatasetId }
  | { type: 'offer'; bytes: number }
  | { type: 'choose-example'; index: number }
  | { type: 'notice'; tone: Notice['tone']; key: string; values?: Record<string, string> }
  | { type: 'dismiss'; id: number }
  | { type: 'draft'; draft: Draft }
  | { type: 'resume'; kept: Kept; point: SavedPoint | null }
  | { type: 'recipe-told' }
  | { type: 'phase'; phase: Phase }
  | { type: 'trouble'; trouble: Trouble };
