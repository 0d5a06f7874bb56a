// What the page knows, and what changes it.
import type {
  Activity, DatasetId, DatasetInfo, RankedGroup, LayerInfo, NetworkInfo, Message, Method, Metrics, Point, RecipeState, RunConfig, Selection, Workers,
} from '../generated/protocol.d.ts';
import type { Answers } from '../model/forgotten.js';
import type { Checkpoint } from '../model/checkpoint.js';
import type { Tables } from '../model/tables.js';
import type { RecipeFile, RecipeId, Settings } from '../model/types.d.ts';
import type { BackendReason, BackendSpeeds, RunningBackend } from '../worker/types.d.ts';

/** The recipe that is being set up; none while a person prunes by hand. */
export interface Draft {
  id: 'manual' | 'file' | RecipeId;
  recipe: RecipeFile | null;
}

/** The recipe in hand: `done` of `total` actions are done. */
export interface RecipeProgress {
  name: string;
  done: number;
  total: number;
  state: RecipeState;
}

/** Why the widget can't be used; words/states.js has the sentence for each. */
export interface Trouble {
  kind: 'unsupported' | 'load-failed' | 'out-of-memory' | 'worker-dead';
  values: Record<string, string>;
}

/** Something to do about a notice or a trouble: settings to change, or what its name says. */
export interface Remedy {
  id: 'retry' | 'reload' | 'restart' | 'use-cpu' | 'smaller-network' | 'fewer-images' | 'smaller-batch' | 'slower' | 'last-state' | 'choose-files';
  changes?: Partial<Settings>;
  values?: Record<string, string>;
}

/** A measured state that one can go back to. */
export interface SavedPoint extends Point {
  /** Unique on this page, across runs. */
  id: number;
  /** The id that the core gave it. */
  coreId: number;
  /** Its measurement when it was made; `test` may be a later one over more images. */
  first: Metrics;
  checkpoint: Checkpoint;
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
  checkpoint: Checkpoint;
  /** The network without masks that it came from, as last measured. */
  dense: Metrics | null;
  /** The measured state that it is; null where it was saved in the midst of training. */
  point: Omit<Point, 'id'> | null;
}

/** A trained dense network that another can learn from. */
export interface Teacher {
  checkpoint: Checkpoint;
  network: string;
  /** Filters of its two convolutions, where it is `two-conv`. */
  widths: [number, number];
  step: number;
  /** On the test set, 0 to 1. */
  accuracy: number;
}

export interface CurvePoint {
  sparsity: number;
  accuracy: number;
  samples: number;
  /** By which the weights were ranked. */
  method?: Method;
}

export interface Curve {
  /** The run, the revision and the method that the points belong to. */
  of: string;
  /** The training step of the network that it is of. */
  step: number;
  points: CurvePoint[];
  remaining: number;
  /** The curve before this one, shown until this one is whole. */
  before: CurvePoint[];
}

/** A whole curve of this run, as it was at a step. */
/** What the network says of each test image at each point of a whole curve. */
export interface Forgotten extends Answers {
  /** What it is of, as a curve's. */
  of: string;
  step: number;
  /** The images that are lost first, as places in `labels`, and their pixels. */
  fragile: number[];
  images: Uint8Array;
}

export interface PastCurve {
  of: string;
  step: number;
  points: CurvePoint[];
}

/** How much of a scoring is done that takes longer than a moment, and the command that it comes of. */
export interface Scoring {
  command: number;
  done: number;
  total: number;
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
  groups: RankedGroup[];
  /** Weights that the held masks have cut. */
  alreadyCut: number;
  /** Of a network too large for arrays of all its weights: then those are empty, and `sorted` is of the tables' knots. */
  tables: Tables | null;
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
  /** The command that failed, where one did. */
  command?: number;
}

/** A run that was asked for and has not answered yet: the one before goes on if it fails. */
export interface Pending {
  /** The command that asks for it. */
  command: number;
  /** Fresh weights, an earlier state, the state before the worker died, or a network from a file. */
  kind: 'fresh' | 'back' | 'recovery' | 'opened';
  point: SavedPoint | null;
  /** What it goes on from, where that is no state of the list. */
  checkpoint?: State['checkpoint'];
  /** That this is a state of an earlier visit. */
  kept?: Kept | null;
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
  /** The run that was asked for last; null where that, or none, is in hand. */
  pending: Pending | null;
  /** Runs that were asked for and have not answered, the last of which is `pending`. */
  awaited: Pending[];
  /** Of the network in hand; what is told of an earlier look at it names that one's. */
  revision: number;
  /** The revisions of the last look at the network in training and of the one before: what is older is no figure of the present. */
  looks: [before: number, last: number];
  config: RunConfig | null;
  dataset: DatasetInfo | null;
  /** Its prunable layers, as `network` has them. */
  layers: LayerInfo[];
  /** The network in hand; null before there is one. */
  network: NetworkInfo | null;
  activity: Activity;
  /** What was last told of the workers; null where the session trains alone. */
  workers: Workers | null;
  training: Training;
  evaluated: { train: Metrics; test: Metrics; revision: number } | null;
  /** Weights that are cut in the network in hand. */
  held: number;
  /** The last evaluation of the network without masks. */
  dense: Metrics | null;
  scores: Scores | null;
  /** null where nothing is being scored, or in no time. */
  scoring: Scoring | null;
  examples: Examples | null;
  /** What the network without masks last said of the examples. */
  denseProbabilities: Float32Array | null;
  chosenExample: number;
  selection: Selection;
  preview: Preview | null;
  curve: Curve;
  /** The last whole curves of this run, the latest last. */
  trail: PastCurve[];
  /** What the last whole curve of all is made of; null before there is one. */
  forgotten: Forgotten | null;
  /** The last whole curve of a network without masks, to compare with. */
  denseCurve: CurvePoint[];
  points: SavedPoint[];
  currentPoint: number | null;
  /** The best dense network of other widths before this one, on the same data. */
  teacher: Teacher | null;
  checkpoint: { bytes: Checkpoint; step: number } | null;
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
  /** Training is spread in another way. */
  | { type: 'spread' }
  /** The session goes on in another worker, at the step that it was at, which that worker knows by this revision. */
  | { type: 'moved'; runId: number; backend: RunningBackend; revision: number }
  /** The method that was chosen can't be had, or was given up. */
  | { type: 'method-lost' }
  | { type: 'scoring-over' }
  /** A run that was asked for went with its worker. */
  | { type: 'run-lost'; command: number }
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
  | { type: 'recipe-told' }
  | { type: 'phase'; phase: Phase }
  | { type: 'trouble'; trouble: Trouble };
