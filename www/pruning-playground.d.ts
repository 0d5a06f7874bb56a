// The element for those who embed it. The part between the marks is generated from the table of settings by
// element/docs.test.js (UPDATE_DOCS=1); the rest is written by hand. Described in docs/embedding.md.

// settings

/** The settings by the names that they have as attributes and in addresses. */
export interface PlaygroundSettings {
  /** Data set. */
  dataset: 'digits' | 'shapes' | 'cifar-10' | 'mnist' | 'fashion-mnist' | 'own';
  /** Noise. */
  noise: number;
  /** Network. */
  network: string;
  /** Filters of two-conv. */
  widths: [number, number];
  /** Images in a step. */
  batch: 32 | 60 | 64 | 100 | 128;
  /** Initial weights. */
  initialisation: 'he-normal' | 'glorot-normal' | 'pytorch';
  /** Optimiser. */
  optimiser: 'adam' | 'sgd';
  /** Momentum (SGD). */
  momentum: number;
  /** Weight decay (SGD). */
  'weight-decay': number;
  /** Nesterov momentum (SGD). */
  nesterov: boolean;
  /** Learning rate. */
  'learning-rate': number;
  /** Seed. */
  seed: number;
  /** Training images (0: all). */
  'train-limit': number;
  /** Learning rate over the steps. */
  schedule: 'constant' | 'steps' | 'cosine';
  /** Steps at which it drops to a tenth. */
  drops: number[];
  /** Steps until the cosine is at 0. */
  'cosine-steps': number;
  /** Steps of warm-up. */
  'warm-up': number;
  /** Part of the learning rate for fine-tuning. */
  'fine-tuning-rate': number;
  /** Shift and flip training images. */
  augment: boolean;
  /** Images for new running statistics after a cut (0: keep them). */
  reestimate: number;
  /** Fine-tuning steps (0: one epoch). */
  'fine-tune-steps': number;
  /** Score. */
  criterion: 'magnitude' | 'random' | 'gradient' | 'taylor' | 'synflow' | 'grasp' | 'filter-l1' | 'filter-l2' | 'fpgm' | 'activation';
  /** Ranked. */
  scope: 'global' | 'layer' | 'hand';
  /** Cut. */
  granularity: 'weight' | 'filter' | '2:4';
  /** Images to score on (0: all). */
  'score-batch': number;
  /** Never cut the last layer. */
  'spare-classifier': boolean;
  /** Leave every layer at least one. */
  'never-empty': boolean;
  /** Divide scores by their layer’s mean. */
  normalise: boolean;
  /** Fine-tune against the dense network. */
  distil: boolean;
  /** Weight of the labels α. */
  alpha: number;
  /** Temperature T. */
  temperature: number;
  /** Place of the slider. */
  sparsity: number[];
  /** Workers (0: find the fastest). */
  workers: number;
  /** Gradients are applied. */
  exchange: 'synchronous' | 'asynchronous';
  /** Updates late at most (−1: any). */
  staleness: number;
  /** Share of gradients sent. */
  'gradient-share': number;
  /** Simulate: slowest, times slower. */
  straggler: number;
  /** Simulate: links, Mbit/s (0: none). */
  link: number;
  /** Computes on. */
  backend: 'auto' | 'cpu' | 'webgpu';
  /** Colours. */
  theme: 'auto' | 'light' | 'dark';
  /** Language; auto takes that of the text around, else the browser's. */
  lang: 'auto' | 'en' | 'zh-CN';
  /** Train by itself on a first visit. */
  autoplay: 'auto' | 'off';
}

/** The settings as properties of the element. */
export interface PlaygroundProperties {
  /** Data set. */
  dataset: 'digits' | 'shapes' | 'cifar-10' | 'mnist' | 'fashion-mnist' | 'own';
  /** Noise. */
  noise: number;
  /** Network. */
  network: string;
  /** Filters of two-conv. */
  widths: [number, number];
  /** Images in a step. */
  batch: 32 | 60 | 64 | 100 | 128;
  /** Initial weights. */
  initialisation: 'he-normal' | 'glorot-normal' | 'pytorch';
  /** Optimiser. */
  optimiser: 'adam' | 'sgd';
  /** Momentum (SGD). */
  momentum: number;
  /** Weight decay (SGD). */
  weightDecay: number;
  /** Nesterov momentum (SGD). */
  nesterov: boolean;
  /** Learning rate. */
  learningRate: number;
  /** Seed. */
  seed: number;
  /** Training images (0: all). */
  trainLimit: number;
  /** Learning rate over the steps. */
  schedule: 'constant' | 'steps' | 'cosine';
  /** Steps at which it drops to a tenth. */
  drops: number[];
  /** Steps until the cosine is at 0. */
  cosineSteps: number;
  /** Steps of warm-up. */
  warmUp: number;
  /** Part of the learning rate for fine-tuning. */
  fineTuningRate: number;
  /** Shift and flip training images. */
  augment: boolean;
  /** Images for new running statistics after a cut (0: keep them). */
  reestimate: number;
  /** Fine-tuning steps (0: one epoch). */
  fineTuneSteps: number;
  /** Score. */
  criterion: 'magnitude' | 'random' | 'gradient' | 'taylor' | 'synflow' | 'grasp' | 'filter-l1' | 'filter-l2' | 'fpgm' | 'activation';
  /** Ranked. */
  scope: 'global' | 'layer' | 'hand';
  /** Cut. */
  granularity: 'weight' | 'filter' | '2:4';
  /** Images to score on (0: all). */
  scoreBatch: number;
  /** Never cut the last layer. */
  spareClassifier: boolean;
  /** Leave every layer at least one. */
  neverEmpty: boolean;
  /** Divide scores by their layer’s mean. */
  normalise: boolean;
  /** Fine-tune against the dense network. */
  distil: boolean;
  /** Weight of the labels α. */
  alpha: number;
  /** Temperature T. */
  temperature: number;
  /** Place of the slider. */
  sparsity: number[];
  /** Workers (0: find the fastest). */
  workers: number;
  /** Gradients are applied. */
  exchange: 'synchronous' | 'asynchronous';
  /** Updates late at most (−1: any). */
  staleness: number;
  /** Share of gradients sent. */
  gradientShare: number;
  /** Simulate: slowest, times slower. */
  straggler: number;
  /** Simulate: links, Mbit/s (0: none). */
  link: number;
  /** Computes on. */
  backend: 'auto' | 'cpu' | 'webgpu';
  /** Colours. */
  theme: 'auto' | 'light' | 'dark';
  /** Train by itself on a first visit. */
  autoplay: 'auto' | 'off';
}
// end of settings

/** A share of correct answers and the number of images that it was measured on. */
export interface Accuracy {
  readonly value: number;
  readonly samples: number;
}

/** How much of something is kept, of how much. */
export interface Kept {
  readonly kept: number;
  readonly total: number;
}

/** How weights are scored, ranked and cut. */
export interface Method {
  criterion: PlaygroundSettings['criterion'];
  scope: 'global' | 'layer';
  granularity: PlaygroundSettings['granularity'];
  scoreBatch: number;
  spareClassifier: boolean;
  neverEmpty: boolean;
  /** Whether the scores of filters were divided by the mean of their layer; absent where not. */
  normalise?: boolean;
}

/** A measured state of the network. */
export interface SnapshotPoint {
  readonly id: number;
  readonly kind: 'dense' | 'pruned' | 'fine-tuned';
  readonly step: number;
  readonly sparsity: number;
  readonly threshold: number;
  readonly method: Readonly<Method>;
  /** Kept weights, layer by layer. */
  readonly kept: readonly number[];
  readonly total: number;
  readonly loss: number;
  readonly accuracy: Accuracy;
}

export interface SnapshotLayer {
  readonly name: string;
  readonly weights: Kept;
  /** Multiply-accumulates for one image. */
  readonly macs: Kept;
}

/** The state in figures, as the page shows it. Frozen, and never changed afterwards. */
export interface Snapshot {
  readonly settings: Readonly<PlaygroundSettings>;
  /** Opens the widget's own page with these settings. */
  readonly url: string;
  readonly phase: 'loading' | 'ready' | 'restarting' | 'dead';
  readonly activity: 'idle' | 'training' | 'fine-tuning';
  /** null until it is chosen. */
  readonly backend: {
    readonly name: 'cpu' | 'webgpu';
    readonly requested: PlaygroundSettings['backend'];
    readonly reason: string;
    readonly device: string;
  } | null;
  readonly dataset: { readonly id: PlaygroundSettings['dataset']; readonly classes: readonly string[]; readonly train: number; readonly test: number } | null;
  readonly step: number;
  readonly epoch: number;
  /** Mean of the last steps; null before the first. */
  readonly loss: number | null;
  /** Of the network cut as the slider says; `pending` while its measurement is on its way. */
  readonly accuracy: (Accuracy & { readonly pending: boolean }) | null;
  /** Of the network before it was cut. */
  readonly denseAccuracy: Accuracy | null;
  /**
   * `requested`: where the slider stands, null where it asks for no single fraction. `actual`: zeros in the masks that
   * this gives, divided by the prunable weights. `held`: what is cut for good.
   */
  readonly sparsity: { readonly requested: number | null; readonly actual: number; readonly held: number } | null;
  /** The smallest score kept; null where no single one separates kept from cut. */
  readonly threshold: number | null;
  /** Whether the weights are being ranked by another method. */
  readonly ranking: boolean;
  readonly layers: readonly SnapshotLayer[];
  readonly weights: Kept;
  readonly macs: Kept;
  readonly recipe: { readonly name: string; readonly done: number; readonly total: number; readonly state: 'running' | 'paused' | 'done' | 'stopped' } | null;
  readonly points: readonly SnapshotPoint[];
  /** The `id` of the point that the network stands on; null once it has trained on from there. */
  readonly currentPoint: number | null;
}

export interface ReadyDetail {
  readonly backend: 'cpu' | 'webgpu';
  readonly dataset: PlaygroundSettings['dataset'];
}

export interface MetricsDetail {
  readonly activity: Snapshot['activity'];
  readonly step: number;
  readonly epoch: number;
  readonly loss: number | null;
  /** Of the network as it is, on `samples` test images; null until measured. */
  readonly accuracy: number | null;
  readonly samples: number | null;
  /** What is cut for good. */
  readonly sparsity: number;
}

export interface PrunedDetail {
  readonly step: number;
  readonly sparsity: number;
  readonly threshold: number;
  readonly kept: number;
  readonly total: number;
  readonly accuracy: number;
  readonly samples: number;
}

export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
}

/** @internal */
export type ElementEvent =
  | { type: 'ready'; detail: ReadyDetail }
  | { type: 'metrics'; detail: MetricsDetail }
  | { type: 'pruned'; detail: PrunedDetail }
  | { type: 'error'; detail: ErrorDetail };

export interface PruningPlaygroundEventMap {
  ready: CustomEvent<ReadyDetail>;
  metrics: CustomEvent<MetricsDetail>;
  pruned: CustomEvent<PrunedDetail>;
  error: CustomEvent<ErrorDetail>;
}

/** Why a method's promise was rejected; `code` is that of the `error` event. */
export interface PlaygroundError extends Error {
  readonly name: 'PlaygroundError';
  readonly code: string;
}

/** A recipe as in docs/recipe.schema.json; without a method, that of the settings is taken. */
export interface Recipe {
  name: string;
  method?: Partial<Method>;
  plan:
    | { kind: 'one-shot'; train: number; sparsity: number; fineTune: number }
    | { kind: 'iterative'; train: number; rate: number; rounds: number; fineTune: number }
    | { kind: 'gradual'; train: number; to: number; cuts: number; every: number; fineTune: number }
    | { kind: 'lottery-ticket'; train: number; rate: number; rounds: number; rewindTo?: number; control?: 'none' | 'reinitialise' | 'random-mask' }
    | { kind: 'before-training'; sparsity: number; train: number };
  distil?: { alpha?: number; temperature?: number };
}

/** The recipes that come with the widget. */
export type RecipeName =
  | 'one-shot' | 'iterative' | 'gradual' | 'lottery-ticket' | 'lottery-ticket-reinitialised' | 'lottery-ticket-random-mask'
  | 'snip' | 'synflow' | 'distil';

/**
 * `<pruning-playground>`. Settings take effect at once; methods are carried out in the order of their calls, each as soon
 * as the one before it has begun, and resolve with the state at their end.
 */
export class PruningPlayground extends HTMLElement implements Omit<PlaygroundProperties, 'dataset'> {
  static readonly observedAttributes: readonly string[];

  /** All settings as they are now, by the names of the attributes. A copy. */
  readonly settings: PlaygroundSettings;
  /** Resolves once there is a network that can be trained and pruned. */
  readonly ready: Promise<Snapshot>;

  /** Changes several settings together; null means the default. Throws a TypeError or RangeError, and then changes none. */
  configure(changes: { [Name in keyof PlaygroundSettings]?: PlaygroundSettings[Name] | null }): Promise<Snapshot>;
  run(): Promise<Snapshot>;
  pause(): Promise<Snapshot>;
  step(): Promise<Snapshot>;
  reset(): Promise<Snapshot>;
  /** Moves the slider to a fraction of 0 to 1; resolves when the accuracy there is measured. */
  setSparsity(fraction: number): Promise<Snapshot>;
  prune(): Promise<Snapshot>;
  fineTune(): Promise<Snapshot>;
  follow(recipe: RecipeName | Recipe): Promise<Snapshot>;
  /** Goes back to a point of the snapshot, by its `id`. */
  restore(id: number): Promise<Snapshot>;
  stopRecipe(): Promise<Snapshot>;
  snapshot(): Snapshot;

  addEventListener<Type extends keyof PruningPlaygroundEventMap>(
    type: Type, listener: (this: PruningPlayground, event: PruningPlaygroundEventMap[Type]) => void, options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<Type extends keyof PruningPlaygroundEventMap>(
    type: Type, listener: (this: PruningPlayground, event: PruningPlaygroundEventMap[Type]) => void, options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

export interface PruningPlayground extends Omit<PlaygroundProperties, 'dataset'> {
  /** Assigned, it is the setting; read, it is every element's `dataset`. */
  get dataset(): DOMStringMap;
  set dataset(value: PlaygroundSettings['dataset']);
}

declare global {
  interface HTMLElementTagNameMap {
    'pruning-playground': PruningPlayground;
  }
}
