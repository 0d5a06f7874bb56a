// Whatever is pressed, dies, is lost or moves, in whatever order: no promise hangs, no state is lost, and what a button allows is done.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HARDWARE, Machine, readCheckpoint, tick } from '../../tests/support/fake-worker.js';
import { RECIPES } from '../model/recipes.js';
import { defaults } from '../model/settings.js';
import { enabled } from '../state/enabled.js';
import { NotReady, SessionDead } from './errors.js';
import { Session } from './session.js';

globalThis.Worker ??= class {};

const RUNS = Number(process.env.PROPERTY_RUNS ?? 10_000);

/** One session, what is known of it from outside, and what is done to it. */
class Scene {
  machine = new Machine();
  /** @type {{what: string, promise: Promise<unknown>, settled: boolean}[]} */
  asked = [];
  /** Fresh runs that somebody has asked for. */
  freshAsked = 1;
  freshSeen = 0;
  /** The checkpoint that was told last of the run in hand. */
  last = null;
  #seen = null;
  violations = [];

  constructor(facts, doneAtOnce) {
    this.machine.facts = facts;
    this.machine.doneAtOnce = doneAtOnce;
    this.session = new Session({ ...defaults(), 'fine-tune-steps': 9 }, () => {}, (onMessage) => this.machine.connect(onMessage));
    this.session.takeHome.onFile = () => {};
    this.#seen = this.session.state;
    this.session.store.watch(() => {
      // Thrown here, it would be taken for a fault of what is told.
      try {
        this.#watch();
      } catch (error) {
        this.violations.push(error);
      }
    });
  }

  get state() { return this.session.state; }

  /** What may never be, whatever was done. */
  #watch() {
    const [before, now] = [this.#seen, this.state];
    this.#seen = now;
    if (now.training.step < before.training.step) assert.notEqual(now.runId, before.runId, 'a step is taken back within a run');
    if (now.runId === before.runId) assert.ok(now.revision >= before.revision, 'a revision goes back');
    if (now.checkpoint !== before.checkpoint) this.last = now.checkpoint;
    const ready = now.phase === 'ready';
    if (now.trouble) assert.equal(now.phase, 'dead');
    if (!ready) assert.deepEqual([now.activity, now.pending && now.pending.kind !== 'recovery' && now.phase === 'dead'], ['idle', now.pending ? false : null]);
    if (before.pending?.kind === 'fresh' && !now.pending && now.runId !== before.runId) this.freshSeen += 1;
    if (before.phase === 'restarting' && before.pending?.kind === 'recovery' && !now.pending && now.runId !== before.runId) {
      // It is the last checkpoint that was told, or where that is no good an earlier one.
      const restored = this.machine.main.state;
      const wanted = before.checkpoint && readCheckpoint(before.checkpoint.bytes);
      if (restored && wanted && this.machine.damaged.size === 0 && this.machine.mourned < 2) assert.equal(now.training.step, wanted.step, 'another checkpoint than the last one told is recovered');
    }
  }

  /**
   * @param {string} what
   * @param {keyof import('../state/enabled.js').Enabled | null} button
   * @param {() => unknown} act
   */
  press(what, button, act) {
    const may = button === null || enabled(this.state, this.session.cutOf(this.state))[button];
    const { phase } = this.state;
    const noticesBefore = this.state.nextId;
    const result = act();
    if (!(result instanceof Promise)) return;
    const entry = { what, promise: result, settled: false };
    this.asked.push(entry);
    result.then(() => { entry.settled = true; }, (error) => {
      entry.settled = true;
      if (button !== null && may) assert.ok(!(error instanceof NotReady), `${what} is allowed and refused`);
      entry.error = error;
    });
    if (phase === 'dead' && button !== null && !may) this.refusals.push(entry);
    void noticesBefore;
  }

  refusals = [];
}

/** @type {Record<string, (scene: Scene, n: number) => unknown>} */
const ACTS = {
  work: ({ machine }, n) => machine.work(1 + (n % 12)),
  workMore: ({ machine }, n) => machine.work(10 + (n % 30)),
  run: (scene) => scene.press('run', 'run', () => scene.session.run()),
  /** Trains for as long as a GPU takes to be found, measured and, more or less, moved to. */
  train: (scene, n) => {
    scene.press('run', 'run', () => scene.session.run());
    scene.machine.work(10 + (n % 40));
  },
  /** Trains until the session is on its way to a GPU. */
  freeze: (scene) => {
    const { machine } = scene;
    if (machine.facts !== HARDWARE) return;
    scene.session.hold(false);
    scene.press('run', 'run', () => scene.session.run());
    for (let i = 0; i < 60 && machine.main && !machine.main.held; i += 1) machine.work(machine.workers.length);
  },
  toggle: (scene) => scene.session.toggle(),
  pause: (scene) => scene.press('pause', 'run', () => scene.session.pause()),
  step: (scene) => scene.press('step', 'run', () => scene.session.step()),
  prune: (scene) => scene.press('prune', 'prune', () => scene.session.prune()),
  fineTune: (scene) => scene.press('fine-tune', 'fineTune', () => scene.session.fineTune()),
  reset: (scene) => { scene.freshAsked += 1; scene.press('reset', 'reset', () => scene.session.reset()); },
  restart: (scene) => { if (!scene.state.config) scene.freshAsked += 1; scene.session.restart(); },
  slide: (scene, n) => scene.session.selectShare((n % 11) / 10),
  nudge: (scene, n) => scene.session.nudge(n % 2 ? 0.1 : -0.1),
  goBack: (scene, n) => {
    const { points } = scene.state;
    if (points.length > 0) scene.press('go back', 'goBack', () => scene.session.goBack(points[n % points.length]));
  },
  resume: (scene, n) => {
    const { points, config } = scene.state;
    const point = points[n % Math.max(1, points.length)];
    if (!point || !config) return;
    const { id: _, coreId: __, first: ___, checkpoint, ...measured } = point;
    const { step, sparsity, test: { accuracy } } = point;
    scene.press('resume', null, () => scene.session.resume({ savedAt: 1, settings: scene.state.settings, step, sparsity, accuracy, checkpoint: checkpoint.slice(), dense: null, point: n % 2 ? measured : null }));
  },
  follow: (scene) => {
    scene.session.setDraft({ id: 'one-shot', recipe: RECIPES['one-shot'] });
    scene.press('follow', 'follow', () => scene.session.follow());
  },
  stopRecipe: (scene) => scene.press('stop', 'run', () => scene.session.stopRecipe()),
  save: (scene, n) => scene.press('save', 'save', () => scene.session.saveNetwork(n % 2 ? 'onnx' : 'safetensors', false)),
  saveImages: (scene) => scene.press('save images', 'save', () => scene.session.saveTestImages()),
  rebuild: (scene) => scene.press('rebuild', 'save', () => scene.session.rebuildSmaller()),
  open: (scene, n) => scene.press('open', null, () => scene.session.openNetwork(new File(['x'], n % 3 ? 'network.safetensors' : 'bad.safetensors'))),
  files: (scene, n) => { scene.freshAsked += 1; scene.session.loadFiles([new File(['x'], n % 3 ? 'data_batch_1.bin' : 'data_batch_bad.bin')]); },
  rate: (scene, n) => { scene.freshAsked += 1; scene.session.change({ 'learning-rate': (1 + (n % 7)) / 1000 }); },
  seed: (scene, n) => { scene.freshAsked += 1; scene.session.change({ seed: n % 5 ? 1 + (n % 9) : 666 }); },
  widths: (scene, n) => { scene.freshAsked += 1; scene.session.change({ widths: n % 2 ? [8, 16] : [4, 8] }); },
  dataset: (scene, n) => { scene.freshAsked += 1; scene.session.change({ dataset: ['digits', 'shapes', 'cifar-10'][n % 3] }); },
  method: (scene, n) => scene.session.change({ criterion: ['magnitude', 'random', 'taylor', 'grasp', 'filter-l1'][n % 5] }),
  hand: (scene, n) => scene.session.change({ scope: n % 2 ? 'hand' : 'global' }),
  stopScoring: (scene) => scene.press('stop scoring', 'run', () => scene.session.stopScoring()),
  backend: (scene, n) => scene.session.change({ backend: ['auto', 'cpu', 'webgpu'][n % 3] }),
  both: (scene, n) => { scene.freshAsked += 1; scene.session.change({ backend: ['auto', 'cpu', 'webgpu'][n % 3], seed: 1 + (n % 4) }); },
  workers: (scene, n) => scene.session.change({ workers: 1 + (n % 3) }),
  hold: (scene, n) => scene.session.hold(n % 2 === 0),
  meter: (scene) => scene.session.meter.ask(scene.state),
  picture: (scene, n) => scene.session.trial.show(new Uint8Array(4).fill(n), scene.state),
  gpu: ({ machine }, n) => { machine.speed.webgpu = n % 2 ? 2 : 40; },
  slow: ({ machine }, n) => { machine.scoring = 1 + (n % 6); },
  die: (scene, n) => scene.die(scene.machine.main, ['failed', 'gone', 'failed', 'device-lost'][n % 4]),
  dieBadly: (scene, n) => scene.die(scene.machine.main, ['out-of-memory', 'load-failed'][n % 2]),
  dieBeside: (scene) => scene.machine.workers[1]?.die(),
  damage: (scene, n) => { if (n % 4 === 0 && scene.state.checkpoint) scene.machine.damaged.add(scene.state.checkpoint.step); },
};

Scene.prototype.die = function die(client, cause) {
  if (!client) return;
  this.machine.mourned = (this.machine.mourned ?? 0);
  // A worker that dies while it restores may die of what it restores.
  if (this.state.phase === 'restarting') this.machine.mourned += 1;
  if (!this.state.config) this.freshAsked += 1;
  client.die(cause);
};

const act = fc.tuple(fc.constantFrom(...Object.keys(ACTS), 'work', 'workMore', 'work', 'train', 'work', 'workMore', 'train', 'freeze'), fc.nat(1000));
const acts = fc.array(act, { minLength: 5, maxLength: 24 });

async function play(sequence, facts, doneAtOnce, rested) {
  const scene = new Scene(facts, doneAtOnce);
  const { session, machine } = scene;
  machine.mourned = 0;
  session.start();
  try {
    if (rested) await machine.drain();
    for (const [what, n] of sequence) {
      // What begins afresh does so in the next worker, too.
      if (scene.state.phase === 'loading') scene.freshAsked += 1;
      ACTS[what](scene, n);
      if (n % 3) await tick();
    }
    session.hold(false);
    await tick();
    await machine.drain();
    await tick();
    if (scene.violations.length > 0) throw scene.violations[0];
    const open = scene.asked.filter(({ settled }) => !settled).map(({ what }) => what);
    assert.deepEqual(open, [], 'promises hang');
    for (const { what, error } of scene.refusals) assert.ok(error instanceof SessionDead || error instanceof NotReady || error?.code === 'cancelled', `${what} when dead`);
    agrees(scene);
  } finally {
    session.destroy();
  }
}

/** At the end the page says what its worker has. */
function agrees({ state, machine, freshSeen, freshAsked }) {
  assert.notEqual(state.phase, 'restarting');
  if (state.phase === 'dead') return;
  assert.equal(state.phase, 'ready');
  assert.equal(state.pending, null, 'a run is awaited that nobody begins');
  const worker = machine.main.state;
  if (!worker || !state.config) return;
  assert.equal(state.training.step, worker.step, 'the page stands at another step than its worker');
  assert.equal(state.held, worker.held);
  if (state.awaitingFiles) return;
  assert.equal(state.config.dataset, state.settings.dataset);
  assert.equal(state.config.seed, state.settings.seed, 'settings that were changed do not hold');
  assert.equal(state.config.learningRate, state.settings['learning-rate']);
  assert.equal(String(state.config.widths), String(state.settings.widths));
  if (machine.damaged.size === 0 && machine.mourned < 2) assert.ok(freshSeen <= freshAsked, 'a run was begun afresh that nobody asked for');
}

test(`${RUNS} sequences of what people and machines do: nothing hangs, nothing is lost, buttons and phase agree`, async () => {
  const facts = fc.constantFrom(HARDWARE, { ...HARDWARE, adapter: false });
  await fc.assert(fc.asyncProperty(acts, facts, fc.boolean(), fc.boolean(), play), { numRuns: RUNS, includeErrorInReport: true, ...(process.env.PROPERTY_SEED && { seed: Number(process.env.PROPERTY_SEED) }) });
});
