// What a page and its workers tell each other, and what a bundle is.
import type { Bulk, Command, Encoded, Granularity, Message, Timing } from '../generated/protocol.d.ts';
import type { BackendName, BackendRequest } from '../model/types.d.ts';

/** What is known of the GPU before a bundle is loaded. */
/** What `naming.js` makes of a command. */
export type NamedCommand = Command['type'] | { [name: string]: object };

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

/** What the page posts to its worker. */
export type ToWorker =
  /** `alone`: a worker that can't run this backend is of no use, and ends. */
  | { kind: 'start'; backend: BackendRequest; alone: boolean; lock: string }
  /** The CPU bundle, or nothing where the page could not compile it. */
  | { kind: 'module'; module: WebAssembly.Module | null }
  | { kind: 'hold'; held: boolean }
  /** To one of the workers of a session, for its replica. */
  | { kind: 'order'; order: Uint8Array<ArrayBuffer> }
  | Question;

/** A command on its way to a worker, with the number by which what it leads to is known. */
export interface Question {
  kind: 'command';
  id: number;
  command: Command;
  bulk: Partial<Bulk>;
  files: File[];
}

/** What a worker posts to its page. */
export type FromWorker =
  | { kind: 'locked' }
  | { kind: 'progress'; loaded: number; total: number }
  | ({ kind: 'backend' } & RunningBackend)
  /** Where the choice was left to the page, once the CPU runs. */
  | { kind: 'gpu'; facts: GpuFacts }
  | { kind: 'messages'; messages: Message[]; memory: number }
  /** The worker is about to start one of its own, or has. */
  | { kind: 'starting'; starts: boolean }
  | { kind: 'answer'; answer: Uint8Array<ArrayBuffer> }
  | { kind: 'died'; message: string; cause: CauseOfDeath };

/** What is heard of a worker of the session, by its number: that it is ready, what it answers, or how it was lost. */
export interface Tidings {
  worker: number;
  what: 'ready' | 'answer' | 'gone' | 'hang';
  answer?: Uint8Array<ArrayBuffer>;
}

/** The workers of a session, as the CPU bundle reaches them (src/web/peers.rs). */
export interface Peers {
  resize(workers: number): void;
  replace(worker: number): void;
  post(worker: number, order: Uint8Array<ArrayBuffer>): void;
  /** What has been heard, after at most so many milliseconds. */
  next(within: number): Promise<Tidings | undefined>;
}

/** `gone`: ended without a word. */
export type CauseOfDeath = 'load-failed' | 'out-of-memory' | 'device-lost' | 'failed' | 'gone';

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
  apply(id: number, command: NamedCommand, bulk: Partial<Bulk>): Promise<Message[]>;
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
