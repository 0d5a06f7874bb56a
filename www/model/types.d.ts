// What is set: shapes that the modules of the page share. What crosses into the core is in generated/protocol.d.ts.
import type { Criterion, DatasetId, Granularity, Method, Recipe, Scope } from '../generated/protocol.d.ts';

export type BackendName = 'cpu' | 'webgpu';
export type BackendRequest = 'auto' | BackendName;
export type Language = 'en' | 'zh-CN';

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
