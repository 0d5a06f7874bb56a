// The benchmark page: `window.bench` for anyone's harness, and a form for a person.

import { gzipped } from './data/gzip.js';
import { quantile } from './model/quantile.js';
import { place } from './place.js';

/** @import {BackendName} from './model/types.d.ts' */
/** @import {BenchFigures, BenchQuestion, BenchResult, CutFigures} from './worker/types.d.ts' */

/** A training step is timed by itself on the CPU; on a GPU, waiting after each step would measure the waiting. */
const STEPS_PER_READ = { cpu: 1, webgpu: 5 };

/** @type {Map<BackendName, Worker>} */
const workers = new Map();

/** @param {BackendName} backend */
function workerOf(backend) {
  const worker = workers.get(backend) ?? new Worker(place('bench-worker.js'), { type: 'module' });
  workers.set(backend, worker);
  return worker;
}

/**
 * Measures this product's training step and its forward pass of 256 images, 3x32x32.
 * @param {object} work
 * @param {BackendName} [work.backend]
 * @param {number} [work.w1] Filters of the first convolution.
 * @param {number} [work.w2] Filters of the second.
 * @param {number} [work.batch] Images in a step.
 * @param {number} [work.steps]
 * @returns {Promise<BenchResult>} Medians in milliseconds, and all samples. Rejects where a number is out of its range or the backend does not work.
 */
export function bench({ backend = 'cpu', w1 = 8, w2 = 16, batch = 32, steps = 50 } = {}) {
  const stepsPerRead = Math.min(STEPS_PER_READ[backend] ?? 1, steps);
  return ask(backend, { what: 'work', work: { w1, w2, batch, steps, stepsPerRead } }).then(summary);
}

/**
 * GFLOP/s of SIMD multiply and add on one thread: the limit of the CPU backend.
 * @returns {Promise<number>}
 */
export function peak() {
  return ask('cpu', { what: 'peak' });
}

/**
 * Measures what a cut buys: the forward pass dense, masked, rebuilt smaller and skipping zeros, and the bytes of the files.
 * @param {object} work
 * @param {BackendName} [work.backend]
 * @param {number} [work.w1] Filters of the first convolution.
 * @param {number} [work.w2] Filters of the second.
 * @param {number} [work.sparsity] Of each layer, 0 to 1; 2:4 is always the full pattern.
 * @param {'weight' | 'filter' | '2:4'} [work.granularity]
 * @param {number} [work.images] In a forward pass.
 * @param {number} [work.rounds]
 * @returns {Promise<CutFigures>} Rejects where a number is out of its range or the backend does not work.
 */
export async function benchCut({ backend = 'cpu', w1 = 8, w2 = 16, sparsity = 0.9, granularity = 'weight', images = 64, rounds = 15 } = {}) {
  const { files, ...figures } = await ask(backend, { what: 'cut', cut: { w1, w2, sparsity, granularity, images, rounds } });
  const bytes = (/** @type {Uint8Array} */ { length }) => length;
  return { ...figures, bytes: files.map(bytes), gzip: await Promise.all(files.map(gzipped)) };
}

/**
 * @param {BackendName} backend
 * @param {BenchQuestion} question
 * @returns {Promise<any>}
 */
function ask(backend, question) {
  const worker = workerOf(backend);
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data.error) reject(new Error(data.error));
      else resolve(data.answer);
    };
    worker.onerror = (event) => reject(new Error(event.message || 'the worker ended'));
    worker.postMessage({ backend, question });
  });
}

/** @param {BenchFigures} figures */
function summary({ step, forward }) {
  return { msPerStep: quantile(step, 0.5), msForward256: quantile(forward, 0.5), step, forward };
}

Object.assign(window, { bench, benchCut, peak });

const form = document.querySelector('form');
const status = document.querySelector('[role="status"]');
const table = document.querySelector('table');

/** @param {readonly number[]} values */
function spread(values) {
  const [low, middle, high] = [0.05, 0.5, 0.95].map((q) => quantile(values, q).toPrecision(3));
  return `${middle} [${low}–${high}]`;
}

/** @param {readonly string[]} cells */
function row(cells) {
  const line = document.createElement('tr');
  line.append(...cells.map((text) => Object.assign(document.createElement('td'), { textContent: text })));
  return line;
}

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const chosen = new FormData(form);
  const text = (/** @type {string} */ name) => String(chosen.get(name));
  const [w1, w2] = text('widths').split('/').map(Number);
  const button = form.querySelector('button');
  if (!status || !table || !button) return;
  button.disabled = true;
  status.textContent = 'Loading the bundle and measuring…';
  try {
    const backend = /** @type {BackendName} */ (text('backend'));
    const result = await bench({ backend, w1, w2, batch: Number(text('batch')), steps: Number(text('steps')) });
    table.tBodies[0].append(row([backend, text('widths'), text('batch'), spread(result.step), spread(result.forward)]));
    table.hidden = false;
    status.textContent = '';
  } catch (error) {
    status.textContent = `It could not be measured: ${error instanceof Error ? error.message : error}`;
  }
  button.disabled = false;
});
