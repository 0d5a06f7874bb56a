// The worker: loads a bundle, takes up commands, and does the session's work slice by slice.

import { packed, unpacked } from './model/checkpoint.js';
import { chooseBackend, isSoftware } from './worker/backend.js';
import { compileBundle, loadPlayground } from './worker/bundle.js';
import { causeOfDeath, isOutOfMemory, watchDevices } from './worker/death.js';
import { named } from './worker/naming.js';
import { createPeers } from './worker/peers.js';
import { superseded } from './worker/queue.js';

/** @import {Bulk, ErrorCode, Message} from './generated/protocol.d.ts' */
/** @import {BackendName, BackendRequest} from './model/types.d.ts' */
/** @import {BackendChoice, CauseOfDeath, FromWorker, GpuFacts, Playground, Question, ToWorker} from './worker/types.d.ts' */

/** @type {Question[]} */
const queue = [];
/** @type {Playground | null} */
let playground = null;
/** @type {WebAssembly.Memory | null} */
let memory = null;
let pumping = false;
/** @type {(compiled: WebAssembly.Module | null) => void} */
let receive = () => {};
/** What the page has compiled for this worker: nothing, where it could not. @type {Promise<WebAssembly.Module | null>} */
const received = new Promise((resolve) => { receive = resolve; });
/** While nobody looks, commands are answered and the session's own work waits. */
let held = false;

watchDevices((message) => {
  // One that is lost while the bundle starts leads to the CPU bundle.
  if (playground) die(new Error(message), 'device-lost');
});

// A trap in an asynchronous call of the bundle rejects no promise: it comes as an error of the worker.
self.addEventListener('error', (event) => {
  event.preventDefault();
  die(event.error ?? event.message);
});

/** @param {MessageEvent<ToWorker>} event */
self.onmessage = ({ data }) => {
  if (data.kind === 'start') {
    holdLock(data.lock);
    start(data).catch((error) => die(error));
    return undefined;
  }
  if (data.kind === 'module') return receive(data.module);
  if (data.kind === 'order') return carryOutOrder(data.order);
  if (data.kind === 'hold') held = data.held;
  else queue.push(data);
  wake();
  pump().catch((error) => die(error));
  return undefined;
};

/**
 * Holds a lock for as long as this worker lives. The browser frees it however the worker ends, so
 * that the page learns of an end that no event tells of.
 * @param {string} name
 */
function holdLock(name) {
  navigator.locks?.request(name, () => {
    post({ kind: 'locked' });
    return new Promise(() => {});
  }).catch(() => {});
}

/** @param {{backend: BackendRequest, alone: boolean}} asked */
async function start({ backend: requested, alone }) {
  /** @type {BackendChoice & {detail?: string}} */
  let choice = requested === 'webgpu' ? chooseBackend(await gpuFacts()) : { backend: 'cpu', reason: requested === 'cpu' ? 'asked' : 'looking' };
  if (alone && choice.backend !== requested) throw new Error(choice.reason);
  let loaded;
  try {
    loaded = await load(choice.backend);
  } catch (error) {
    if (choice.backend === 'cpu' || alone) throw error;
    choice = { backend: 'cpu', reason: 'failed', detail: String(error) };
    loaded = await load('cpu');
  }
  ({ playground, memory } = loaded);
  post({ kind: 'backend', ...choice, requested, device: playground.device() });
  // Looking for a GPU may take a while, and the CPU is there.
  if (requested === 'auto') gpuFacts().then((facts) => post({ kind: 'gpu', facts }));
  await pump();
}

/** @param {BackendName} backend */
function load(backend) {
  const compile = () => compileBundle(backend, (loaded, total) => post({ kind: 'progress', loaded, total }));
  // What went wrong on the page goes wrong here once more, and is told.
  if (backend !== 'cpu') return loadPlayground(backend, compile());
  const module = received.then((given) => given ?? compile());
  return loadPlayground(backend, module, createPeers(module, (starts) => post({ kind: 'starting', starts })));
}

/** Orders of another session, whose worker this is: one after another. */
let orders = Promise.resolve();

/** @param {Uint8Array<ArrayBuffer>} order */
function carryOutOrder(order) {
  orders = orders.then(async () => {
    const answer = await playground?.answer?.(order);
    if (answer) post({ kind: 'answer', answer }, [answer.buffer]);
  }).catch((error) => die(error));
}

/** @type {GpuFacts} */
const NO_GPU = { api: false, adapter: false, software: false, timestampQuery: false };

/** @returns {Promise<GpuFacts>} */
async function gpuFacts() {
  const gpu = /** @type {any} */ (navigator).gpu;
  if (!gpu) return NO_GPU;
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return { ...NO_GPU, api: true };
  return {
    api: true,
    adapter: true,
    software: isSoftware({ isFallbackAdapter: adapter.isFallbackAdapter, ...facts(adapter.info) }),
    timestampQuery: adapter.features.has('timestamp-query'),
  };
}

/**
 * The fields of a GPUAdapterInfo, which are getters of its prototype and so are not spread.
 * @param {any} info
 */
function facts(info) {
  const { vendor, architecture, device, description } = info ?? {};
  return { vendor, architecture, device, description, ...(info?.isFallbackAdapter && { isFallbackAdapter: true }) };
}

/** Works off the queue, then the session's own work, for as long as there is any. */
async function pump() {
  if (pumping || !playground) return;
  pumping = true;
  while (playground && (queue.length > 0 || (!held && playground.busy()))) {
    const dropped = superseded(queue);
    if (dropped.length > 0) postMessages(dropped.map(({ id }) => failure(id, 'cancelled', 'another was asked for before this was begun')), playground.memory());
    const next = queue.shift();
    const patience = next ? 0 : playground.patience();
    if (patience > 0) {
      await messageWithin(patience);
      continue;
    }
    const messages = next ? await carryOut(playground, next) : await playground.advance();
    postMessages(messages, playground.memory());
    await yieldToMessages();
  }
  pumping = false;
}

/**
 * @param {Playground} on
 * @param {Question} entry
 * @returns {Promise<Message[]>}
 */
async function carryOut(on, entry) {
  let bulk;
  try {
    bulk = await brought(entry);
  } catch (error) {
    if (isOutOfMemory(error, null)) throw error;
    // A file that was moved or locked since it was chosen, or a blob that the browser has lost: the session is as it was.
    return [failure(entry.id, 'bad-data', String(error))];
  }
  return on.apply(entry.id, named(entry.command), bulk);
}

/**
 * An answer of this worker's own; of the session nothing has changed.
 * @param {number} command
 * @param {ErrorCode} code
 * @param {string} message
 * @returns {Message}
 */
function failure(command, code, message) {
  return { runId: 0, revision: 0, command, event: { type: 'error', code, message }, bulk: /** @type {Bulk} */ ({}) };
}

/**
 * What comes with a command, all of it as bytes.
 * @param {Question} entry
 * @returns {Promise<Partial<Bulk>>}
 */
async function brought({ bulk: { checkpoint, ...bulk }, files }) {
  const whole = checkpoint ? { ...bulk, checkpoint: await unpacked(checkpoint) } : bulk;
  if (files.length === 0) return whole;
  const buffers = await Promise.all(files.map((file) => file.arrayBuffer()));
  return { ...whole, files: buffers.map((buffer) => new Uint8Array(buffer)) };
}

const channel = new MessageChannel();
/** @type {(() => void)[]} */
const waiting = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Lets what was posted to this worker come in. A timer would wait 4 ms each time. */
function yieldToMessages() {
  return new Promise((resolve) => {
    waiting.push(() => resolve(undefined));
    channel.port2.postMessage(null);
  });
}

let wake = () => {};

/**
 * Waits for a message from the page, and no longer than this.
 * @param {number} milliseconds
 */
function messageWithin(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    wake = () => {
      clearTimeout(timer);
      resolve(undefined);
    };
  });
}

/**
 * @param {Message[]} messages
 * @param {number} memory Bytes.
 */
function postMessages(messages, memory) {
  /** @type {Set<ArrayBuffer>} */
  const buffers = new Set();
  for (const { bulk } of messages) {
    if (bulk?.checkpoint) bulk.checkpoint = packed(bulk.checkpoint);
    for (const array of Object.values(bulk ?? {})) {
      if (ArrayBuffer.isView(array)) buffers.add(/** @type {ArrayBuffer} */ (array.buffer));
    }
  }
  post({ kind: 'messages', messages, memory }, [...buffers]);
}

/**
 * @param {FromWorker} message
 * @param {Transferable[]} [transfer]
 */
function post(message, transfer = []) {
  self.postMessage(message, { transfer });
}

/**
 * After a trap the instance's memory can't be trusted: the page starts a new worker.
 * @param {unknown} error
 * @param {CauseOfDeath} [cause]
 */
function die(error, cause = causeOfDeath(error, memory)) {
  playground = null;
  post({ kind: 'died', message: error instanceof Error ? error.message : String(error), cause });
}
