// What is in a worker that computes nothing: it answers each command, trains and scores.

import { superseded } from '../../www/worker/queue.js';
import { chained } from './rankings.mjs';

const LAYERS = chained([{ name: 'conv1', shape: [1, 1, 2, 2], weights: 4, macs: 4 }, { name: 'fc', shape: [2, 3], weights: 6, macs: 6 }]);
const WEIGHTS = 10;
const TEST = 100;
const SLICE = 3;

/** What a checkpoint holds here: the bytes are text. */
export const readCheckpoint = (bytes) => JSON.parse(new TextDecoder().decode(bytes));
const checkpointOf = (state) => new TextEncoder().encode(JSON.stringify(state));
const metrics = (step, samples = TEST) => ({ loss: 1 / (step + 1), accuracy: step / (step + 10), samples });

export class FakeTrainer {
  loaded = false;
  queue = [];
  /** @type {{kind: string, id: number, left: number, tell: () => void}[]} */
  jobs = [];
  /** null while there is no run. */
  state = null;
  /** The command that training comes of. */
  #training = null;
  /** Steps left of a fine-tuning or a recipe. */
  left = null;
  #recipe = null;
  #runId = 0;
  #revision = 0;
  #points = 0;
  #unsaved = false;
  #slices = 0;
  #config = null;
  #out = [];
  #machine;
  #backend;
  #alone;
  #post;

  constructor(machine, backend, alone, post) {
    this.#machine = machine;
    this.#backend = backend;
    this.#alone = alone;
    this.#post = post;
  }

  work(held) {
    if (!this.loaded) return this.#load();
    for (const { id } of superseded(this.queue)) this.#fail(id, 'cancelled');
    const next = this.queue.shift();
    if (next) this.#carryOut(next);
    else if (!held) this.#advance();
    if (this.#out.length > 0) this.#post({ kind: 'messages', messages: this.#out.splice(0), memory: 0 });
    return undefined;
  }

  #load() {
    this.loaded = true;
    const backend = this.#backend === 'webgpu' ? 'webgpu' : 'cpu';
    this.#post({ kind: 'backend', backend, reason: 'asked', requested: this.#backend, device: { backend, name: '', software: false } });
    if (this.#backend === 'auto') this.#post({ kind: 'gpu', facts: this.#machine.facts });
  }

  #tell(command, event, bulk = {}, revision = this.#revision) {
    this.#out.push({ runId: this.#runId, revision, command, event, bulk });
  }

  #done(id) {
    this.#tell(id, { type: 'done' });
  }

  #fail(id, code) {
    this.#tell(id, { type: 'error', code, message: code });
  }

  #carryOut({ id, command, bulk, files }) {
    this.#machine.log.push({ id, type: command.type, step: this.state?.step ?? null });
    const needsRun = !['configure', 'load-files', 'parallel', 'open'].includes(command.type);
    if (needsRun && !this.state) return this.#fail(id, 'bad-command');
    switch (command.type) {
      case 'configure': return this.#begin(id, command, files);
      case 'load-files': return this.#begin(id, command, files);
      case 'restore': return this.#restore(id, command, bulk);
      case 'open': return this.#open(id, command, files);
      case 'run': return this.#run(id);
      case 'pause': return this.#rest(id);
      case 'stop': return this.#rest(id);
      case 'step': return this.#step(id);
      case 'fine-tune': return this.#tune(id, Math.min(command.steps, 4 * SLICE));
      case 'follow': return this.#follow(id, command);
      case 'prune': return this.#prune(id);
      case 'set-method': return this.#setMethod(id, command.method);
      case 'stop-scoring': return this.#stopScoring(id);
      case 'preview':
        this.#tell(id, { type: 'previewed', selection: command.selection, units: 5, pruned: 5, sparsity: 0.5, threshold: 0.5, test: metrics(this.state.step), ms: 1 }, { probabilities: new Float32Array(4) });
        return this.#done(id);
      case 'classify':
        this.#tell(id, { type: 'classified', selection: command.selection }, { probabilities: Float32Array.of(0.5, 0.5, 0.5, 0.5) });
        return this.#done(id);
      case 'save':
        this.#tell(id, { type: 'saved', step: this.state.step }, { checkpoint: checkpointOf(this.state) });
        return this.#done(id);
      case 'meter': return this.#job('meter', id, 1, () => this.#tell(id, { type: 'metered', selection: command.selection, images: 1, timings: [], encoded: [] }, { files: [] }));
      case 'export': {
        const { step } = this.state;
        return this.#job('export', id, 2, () => this.#tell(id, { type: 'exported', format: command.format, network: 'dense', step, sparsity: 0, test: metrics(step) }, { file: checkpointOf(this.state) }));
      }
      case 'export-test-images': this.#tell(id, { type: 'test-images', count: 1 }, { file: Uint8Array.of(1) }); return this.#done(id);
      default: return this.#done(id);
    }
  }

  #advance() {
    const [job] = this.jobs;
    if (job) {
      job.left -= 1;
      if (job.left > 0) return job.kind === 'score' ? this.#tell(job.id, { type: 'scoring', done: this.#machine.scoring - job.left, total: this.#machine.scoring }) : undefined;
      this.jobs.shift();
      job.tell();
      return this.#done(job.id);
    }
    if (this.#training !== null) this.#train();
    return undefined;
  }

  #train() {
    const id = this.#training;
    const steps = Math.min(SLICE, this.left ?? SLICE);
    this.state = { ...this.state, step: this.state.step + steps };
    this.#revision += steps;
    this.#unsaved = true;
    this.#slices += 1;
    const before = this.#revision;
    if (this.left !== null) this.left -= steps;
    const ms = this.#machine.speed[this.#backend === 'webgpu' ? 'webgpu' : 'cpu'];
    this.#tell(id, { type: 'trained', step: this.state.step, epoch: this.state.step / 4, loss: 1, imagesPerSecond: 32_000 / ms, ...(this.left !== null && { remaining: this.left }) });
    if (this.#slices % 2 === 0) this.#evaluated(id);
    // A ranking is of a look at the network, which has been trained on meanwhile.
    if (this.#slices % 3 === 0) this.#scored(id, Math.max(0, before - SLICE));
    if (this.#slices % 4 === 0) this.#tell(id, { type: 'saved', step: this.state.step }, { checkpoint: checkpointOf(this.state) });
    if (this.left === 0) this.#finish(id);
  }

  #finish(id) {
    const recipe = this.#recipe;
    this.#stopTraining(id);
    this.#point(id, this.state.held > 0 ? 'fine-tuned' : 'dense');
    if (recipe) this.#tell(id, { type: 'recipe', ...recipe, done: recipe.total, state: 'done' });
    this.#scored(id);
    if (recipe || !this.#machine.doneAtOnce) this.#done(id);
  }

  #stopTraining(id) {
    this.#training = null;
    this.left = null;
    this.#recipe = null;
    this.#tell(id, { type: 'state', activity: 'idle' });
    this.#evaluated(id);
  }

  #begin(id, { runId, config, names = [] }, files) {
    if (config.seed === 666) return this.#fail(id, 'bad-config');
    if (names.some((name) => name.includes('bad')) || (names.length > 0 && files.length === 0)) return this.#fail(id, 'bad-data');
    this.#replace();
    this.#runId = runId;
    this.#config = config;
    this.state = { step: 0, held: 0, seed: config.seed, widths: String(config.widths) };
    this.#announce(id);
    this.#point(id, 'dense');
    this.#scored(id);
    return this.#done(id);
  }

  #restore(id, { runId }, { checkpoint }) {
    const state = readCheckpoint(checkpoint);
    if (this.#machine.damaged.has(state.step) || state.widths !== String(this.#config.widths)) return this.#fail(id, 'bad-checkpoint');
    this.#replace();
    this.#runId = runId;
    this.state = { ...state };
    this.#announce(id);
    this.#scored(id);
    return this.#done(id);
  }

  #open(id, { runId }, [file]) {
    if (file.name.includes('bad')) return this.#fail(id, 'bad-network');
    if (!this.state) return this.#fail(id, 'bad-command');
    this.#replace();
    this.#runId = runId;
    this.state = { ...this.state, step: 7, held: 0 };
    this.#tell(id, { type: 'opened', network: 'dense', sameImages: true, test: metrics(7) });
    this.#announce(id);
    this.#point(id, 'dense');
    this.#scored(id);
    return this.#done(id);
  }

  /** Another run takes the place of this one: what waits for it ends. */
  #replace() {
    this.#giveWay();
    for (const { id } of this.jobs.splice(0)) this.#fail(id, 'cancelled');
    this.#training = null;
    this.left = null;
    this.#recipe = null;
    this.#revision = 0;
    this.#points = 0;
    this.#unsaved = false;
  }

  #announce(id) {
    this.#tell(id, {
      type: 'configured', config: this.#config, network: { text: '', nodes: [], layers: LAYERS, parameters: 12, groups: 1, statistics: false },
      dataset: { id: this.#config.dataset, digest: 1, classes: ['0', '1'], channels: 1, height: 2, width: 2, train: 64, test: TEST, mean: [0], std: [1] },
    });
    this.#tell(id, { type: 'state', activity: 'idle' });
    this.#evaluated(id);
    this.#tell(id, { type: 'examples', count: 2, labels: [0, 1], pruned: this.state.held }, { images: new Uint8Array(8), probabilities: new Float32Array(4) });
  }

  #evaluated(id) {
    const { step, held } = this.state;
    this.#tell(id, { type: 'evaluated', step, epoch: step / 4, pruned: held, train: metrics(step), test: metrics(step) });
  }

  #point(id, kind) {
    const { step, held } = this.state;
    this.#points += 1;
    this.#unsaved = false;
    const point = { id: this.#points, kind, step, sparsity: held / WEIGHTS, threshold: 0, method: this.#config.method, kept: this.#kept(), total: WEIGHTS, test: metrics(step) };
    this.#tell(id, { type: 'point', ...point }, { checkpoint: checkpointOf(this.state) });
  }

  #kept() {
    const { held } = this.state;
    return [4 - Math.min(4, held), 6 - Math.max(0, held - 4)];
  }

  #scored(id, revision = this.#revision) {
    const { held, step } = this.state;
    const masks = Uint8Array.from({ length: WEIGHTS }, (_, i) => (i < held ? 0 : 1));
    this.#tell(id, { type: 'scored', step, kept: this.#kept(), method: this.#config.method, groups: [{ units: WEIGHTS, held }] }, {
      weights: new Float32Array(WEIGHTS), biases: new Float32Array(2), ranks: Uint32Array.from(masks, (_, i) => i),
      sorted: Float32Array.from(masks, (_, i) => i / 10), masks, cutAt: new Uint32Array(WEIGHTS),
    }, revision);
    this.#tell(id, { type: 'curve', step, sparsity: held / WEIGHTS, test: metrics(step), remaining: 1 }, {}, revision);
    this.#tell(id, { type: 'curve', step, sparsity: 1, test: metrics(0), remaining: 0 }, {}, revision);
  }

  /** What trains until an end does not come to it. */
  #giveWay() {
    if (this.#recipe) this.#tell(this.#training, { type: 'recipe', ...this.#recipe, state: 'stopped' });
    if (this.left !== null && (this.#recipe || !this.#machine.doneAtOnce)) this.#fail(this.#training, 'cancelled');
    this.#recipe = null;
  }

  /** Other weights come: what was to be measured of these is given up. */
  #makeWay() {
    for (const job of this.jobs) if (job.kind === 'meter') this.#fail(job.id, 'cancelled');
    this.jobs = this.jobs.filter(({ kind }) => kind !== 'meter');
  }

  #run(id) {
    this.#makeWay();
    if (this.#training === null) this.#training = id;
    this.#tell(id, { type: 'state', activity: 'training' });
    this.#done(id);
  }

  #rest(id) {
    const before = this.#training;
    const waited = this.left !== null && (this.#recipe || !this.#machine.doneAtOnce);
    if (this.#recipe) this.#tell(before, { type: 'recipe', ...this.#recipe, state: 'stopped' });
    if (before !== null) this.#stopTraining(id);
    if (waited) this.#done(before);
    if (this.#unsaved) {
      this.#point(id, this.state.held > 0 ? 'fine-tuned' : 'dense');
      this.#scored(id);
    }
    this.#done(id);
  }

  #step(id) {
    this.#makeWay();
    if (this.#training !== null) return this.#done(id);
    this.state = { ...this.state, step: this.state.step + 1 };
    this.#revision += 1;
    this.#unsaved = true;
    this.#tell(id, { type: 'trained', step: this.state.step, epoch: 0, loss: 1, imagesPerSecond: 100 });
    this.#evaluated(id);
    this.#scored(id);
    return this.#done(id);
  }

  #tune(id, steps) {
    this.#makeWay();
    this.#giveWay();
    this.#training = id;
    this.left = steps;
    this.#tell(id, { type: 'state', activity: 'fine-tuning' });
    if (steps === 0) this.#finish(id);
    else if (this.#machine.doneAtOnce) this.#done(id);
  }

  #follow(id, { recipe }) {
    this.#makeWay();
    this.#giveWay();
    this.#training = id;
    this.left = 2 * SLICE;
    this.#recipe = { name: recipe.name, done: 0, total: 2 };
    this.#config = { ...this.#config, method: recipe.method };
    this.#tell(id, { type: 'recipe', ...this.#recipe, state: 'running' });
    this.#tell(id, { type: 'state', activity: 'training' });
  }

  #prune(id) {
    this.#makeWay();
    this.state = { ...this.state, held: Math.min(WEIGHTS, this.state.held + 2) };
    this.#revision += 1;
    // All that is known of the network that is cut comes before its ranking.
    this.#evaluated(id);
    this.#point(id, 'pruned');
    this.#scored(id);
    this.#done(id);
  }

  #setMethod(id, method) {
    this.jobs = this.jobs.filter((job) => {
      if (job.kind === 'score') this.#fail(job.id, 'cancelled');
      return job.kind !== 'score';
    });
    if (method.criterion === 'grasp') return this.#fail(id, 'diverged');
    return this.#job('score', id, this.#machine.scoring, () => {
      this.#config = { ...this.#config, method };
      this.#scored(id);
    });
  }

  #stopScoring(id) {
    for (const job of this.jobs) if (job.kind === 'score') this.#fail(job.id, 'cancelled');
    this.jobs = this.jobs.filter(({ kind }) => kind !== 'score');
    this.#done(id);
  }

  #job(kind, id, left, tell) {
    this.jobs.push({ kind, id, left, tell });
  }
}
