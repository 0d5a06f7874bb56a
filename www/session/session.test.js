import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { HARDWARE, Machine, readCheckpoint, tick } from '../../tests/support/fake-worker.js';
import { defaults } from '../model/settings.js';
import { SessionDead, WorkerDied } from './errors.js';
import { Session } from './session.js';

globalThis.Worker ??= class {};

/** @type {Session[]} */
const begun = [];
afterEach(() => begun.splice(0).forEach((session) => session.destroy()));

/** A session with a network, at rest, on a machine of which a test decides what it does when. */
async function scene(settings = {}, { facts } = {}) {
  const machine = new Machine();
  if (facts) machine.facts = facts;
  const session = new Session({ ...defaults(), ...settings }, () => {}, machine.connect);
  begun.push(session);
  session.start();
  await machine.drain();
  const keys = () => session.state.notices.map(({ key }) => key);
  return { machine, session, keys };
}

/** The same, trained for some steps and at rest again. */
async function trained() {
  const made = await scene();
  made.session.run();
  for (let i = 0; i < 5; i += 1) { made.machine.work(); await tick(); }
  made.session.pause();
  await made.machine.drain();
  assert.ok(made.session.state.training.step > 0);
  return made;
}

/** @param {Promise<unknown>} promise */
async function outcomeOf(promise) {
  const open = Symbol('open');
  const settled = await Promise.race([promise.catch((error) => error), tick().then(() => open)]);
  return settled === open ? 'open' : settled;
}

test('what a person does while the worker restarts is done after it has recovered, and the last checkpoint is what it recovers', async () => {
  for (const act of [
    (session) => session.toggle(), (session) => session.step(), (session) => session.run(), (session) => session.prune(),
    (session) => session.goBack(session.state.points.at(-1)),
  ]) {
    const { machine, session, keys } = await trained();
    session.selectShare(0.5);
    const { step } = session.state.training;
    const { checkpoint } = session.state;
    machine.main.die();
    assert.equal(session.state.phase, 'restarting');
    machine.log.length = 0;
    const asked = act(session);
    await machine.drain();
    if (asked) await asked;
    const types = machine.log.map(({ type }) => type).filter((type) => type !== 'preview');
    assert.deepEqual(types.slice(0, 2), ['configure', 'restore']);
    assert.ok(types.length > 2, 'the act came after');
    assert.ok(machine.log.find(({ type }) => type === 'restore') && session.state.training.step >= step);
    assert.equal(readCheckpoint(checkpoint.bytes).step, step);
    assert.ok(readCheckpoint(session.state.checkpoint.bytes).step >= step, 'and no checkpoint of step 0 took its place');
    assert.ok(keys().includes('worker-restored'));
  }
});

test('run that is pressed twice while the worker restarts is not run', async () => {
  const { machine, session } = await trained();
  machine.main.die();
  session.toggle();
  session.toggle();
  await machine.drain();
  assert.equal(session.state.activity, 'idle');
});

test('an error of another command clears no run that was asked for', async () => {
  const { machine, session, keys } = await trained();
  session.run();
  await machine.drain();
  session.change({ 'learning-rate': 0.01 });
  // The old run diverges before the new one is begun.
  const { state } = session;
  session.store.dispatch({ type: 'message', message: { runId: state.runId, revision: 9, command: 1, event: { type: 'error', code: 'diverged', message: 'NaN' }, bulk: {} } });
  assert.notEqual(session.state.pending, null);
  await machine.drain();
  assert.ok(keys().includes('error-diverged'));
  assert.equal(session.state.settings['learning-rate'], 0.01);
  assert.equal(session.state.config.learningRate, 0.01);
  assert.equal(session.state.training.step, 0);
});

/** A session that is on its way to WebGPU: it is frozen, and waits to be saved. */
async function moving() {
  const made = await scene({}, { facts: HARDWARE });
  const { machine, session } = made;
  session.run();
  for (let i = 0; i < 60 && !machine.main.held; i += 1) { machine.work(machine.workers.length); await tick(); }
  assert.ok(machine.main.held, 'it is frozen');
  return made;
}

test('what is asked while a takeover moves the session is answered by the worker that goes on', async () => {
  const { machine, session } = await moving();
  const file = new Promise((resolve) => { session.takeHome.onFile = resolve; });
  session.saveNetwork('safetensors', false);
  await machine.drain();
  assert.equal(session.state.backend.backend, 'webgpu');
  assert.match((await file).name, /safetensors$/u);
  const other = await moving();
  const opened = other.session.openNetwork(new File(['x'], 'network.safetensors'));
  await other.machine.drain();
  await opened;
  assert.equal(other.session.state.training.step, 7);
});

test('a worker that dies while the session is frozen loses nothing of what was asked', async () => {
  const { machine, session } = await moving();
  const file = new Promise((resolve) => { session.takeHome.onFile = resolve; });
  session.saveNetwork('onnx', false);
  const stepped = session.pause();
  machine.main.die();
  await machine.drain();
  assert.match((await file).name, /onnx$/u);
  await stepped;
});

test('when the worker dies, what it was asked ends; a file is asked for again', async () => {
  const { machine, session } = await trained();
  const file = new Promise((resolve) => { session.takeHome.onFile = resolve; });
  const pruned = session.prune();
  session.saveNetwork('safetensors', false);
  machine.main.die();
  assert.ok(await outcomeOf(pruned) instanceof WorkerDied);
  await machine.drain();
  assert.ok((await file).size > 0);
});

test('a session that is dead refuses at once and says what it died from', async () => {
  for (const [cause, code] of [['out-of-memory', 'out-of-memory'], ['load-failed', 'load-failed']]) {
    const { machine, session } = await trained();
    const before = session.prune();
    machine.main.die(cause);
    assert.equal((await outcomeOf(before)).code, code);
    const after = await outcomeOf(session.run());
    assert.ok(after instanceof SessionDead);
    assert.equal(after.code, code);
    assert.equal(session.state.phase, 'dead');
    session.restart();
    await machine.drain();
    assert.equal(session.state.phase, 'ready');
    assert.ok(session.state.training.step > 0);
  }
});

test('a worker that dies again and again is not started for ever', async () => {
  const { machine, session } = await trained();
  for (let i = 0; i < 4; i += 1) {
    machine.main.die();
    if (i < 3) await machine.drain();
  }
  assert.equal(session.state.trouble.kind, 'worker-dead');
  assert.equal((await outcomeOf(session.run())).code, 'worker-dead');
});

test('a checkpoint that can not be restored is not tried again: the state before it, then fresh weights', async () => {
  const { machine, session, keys } = await trained();
  const [first] = session.state.points;
  const last = session.state.training.step;
  machine.damaged.add(last);
  machine.main.die();
  await machine.drain();
  assert.equal(session.state.phase, 'ready');
  assert.equal(session.state.training.step, first.step);
  assert.ok(keys().includes('restored-earlier'));
  assert.equal(session.state.checkpoint.bytes, first.checkpoint);
  machine.damaged.add(first.step);
  machine.main.die();
  machine.log.length = 0;
  await machine.drain();
  assert.deepEqual(machine.log.map(({ type }) => type), ['configure', 'restore', 'configure']);
  assert.ok(keys().includes('begun-afresh'));
  await Promise.all([session.step(), machine.drain()]);
});

test('a checkpoint over which workers die is given up after the second', async () => {
  const { machine, session, keys } = await trained();
  const last = session.state.training.step;
  for (let i = 0; i < 2; i += 1) {
    machine.main.die();
    while (!machine.log.slice().reverse().find(({ type }) => type === 'configure') || machine.main.state === null) { machine.work(); await tick(); }
  }
  machine.main.die();
  await machine.drain();
  assert.ok(keys().includes('restored-earlier'), String(keys()));
  assert.notEqual(session.state.training.step, last);
});

test('settings that are changed while the worker restarts hold', async () => {
  for (const early of [true, false]) {
    const { machine, session } = await trained();
    machine.main.die();
    if (!early) { machine.work(2); await tick(); }
    session.change({ 'learning-rate': 0.02, seed: 5 });
    await machine.drain();
    assert.deepEqual([session.state.settings['learning-rate'], session.state.settings.seed], [0.02, 5]);
    assert.deepEqual([session.state.config.learningRate, session.state.config.seed], [0.02, 5]);
  }
});

test('a run that is asked for when the worker dies is begun by the next one', async () => {
  const { machine, session } = await trained();
  session.change({ seed: 9 });
  machine.main.die();
  await machine.drain();
  assert.equal(session.state.config.seed, 9);
  assert.equal(session.state.settings.seed, 9);
});

test('after going back it is that state that is recovered', async () => {
  const { machine, session } = await trained();
  await Promise.all([session.goBack(session.state.points[0]), machine.drain()]);
  assert.equal(session.state.training.step, 0);
  machine.main.die();
  await machine.drain();
  assert.equal(session.state.training.step, 0);
});

test('training goes on at another backend from the step at which it was stopped', async () => {
  const { machine, session } = await scene();
  session.run();
  for (let i = 0; i < 6; i += 1) { machine.work(); await tick(); }
  const { step } = session.state.training;
  session.change({ backend: 'webgpu' });
  await machine.drain();
  assert.equal(session.state.backend.backend, 'webgpu');
  assert.ok(session.state.training.step >= step);
});

test('what is asked right after another backend is done there', async () => {
  for (const facts of [{ ...HARDWARE, adapter: false }, HARDWARE]) {
    const { machine, session, keys } = await scene({ 'fine-tune-steps': 9 }, { facts });
    session.run();
    // The second is on its way to the GPU by then.
    for (let i = 0; i < (facts === HARDWARE ? 400 : 6) && !machine.main.held; i += 1) { machine.work(machine.workers.length); await tick(); }
    assert.equal(machine.main.held === true, facts === HARDWARE);
    const { step } = session.state.training;
    session.change({ backend: 'webgpu' });
    assert.equal(session.leaving, true);
    session.change({ backend: 'cpu' });
    const asked = session.fineTune();
    await machine.drain();
    await asked;
    assert.equal(session.leaving, false);
    assert.deepEqual([session.state.backend.backend, session.state.backend.requested], ['cpu', 'cpu']);
    assert.ok(session.state.training.step >= step + 9);
    assert.deepEqual(keys().filter((key) => key !== 'worker-restored'), []);
  }
});

test('a worker that does not answer when it is left is left all the same', async (context) => {
  const { machine, session } = await trained();
  session.run();
  machine.work();
  context.mock.timers.enable({ apis: ['setTimeout'] });
  session.change({ backend: 'webgpu' });
  context.mock.timers.tick(10_000);
  context.mock.timers.reset();
  await machine.drain();
  assert.equal(session.state.backend.backend, 'webgpu');
});

test('a scoring says how far it has come, and can be stopped: the ranking before stays, and previews go on meanwhile', async () => {
  const { machine, session, keys } = await trained();
  machine.scoring = 50;
  session.change({ criterion: 'taylor' });
  machine.work(4);
  await tick();
  assert.ok(session.state.scoring.done > 0 && session.state.scoring.total === 50);
  session.selectShare(0.7);
  machine.work(1);
  assert.deepEqual(session.state.preview.selection, { by: 'fraction', value: 0.7 });
  session.stopScoring();
  assert.equal(session.state.scoring, null);
  await machine.drain();
  assert.equal(session.state.settings.criterion, 'magnitude');
  assert.deepEqual(keys(), []);
});

test('of methods that are chosen one after the other the last counts, and none is reported as given up', async () => {
  const { machine, session, keys } = await trained();
  for (const criterion of ['taylor', 'gradient', 'magnitude', 'random']) {
    session.change({ criterion });
    machine.work(1);
    await tick();
  }
  await machine.drain();
  assert.equal(session.state.scores.method.criterion, 'random');
  assert.equal(session.state.settings.criterion, 'random');
  assert.deepEqual(keys(), []);
});

test('a method that can not be had can be chosen once more', async () => {
  const { machine, session, keys } = await trained();
  for (let i = 0; i < 2; i += 1) {
    session.change({ criterion: 'grasp' });
    await machine.drain();
    assert.equal(session.state.settings.criterion, 'magnitude');
    assert.ok(keys().includes('error-diverged'));
  }
  assert.equal(machine.log.filter(({ type }) => type === 'set-method').length, 2);
});

test('files that are dropped while no worker is ready wait for one', async () => {
  const { machine, session } = await trained();
  machine.main.die();
  session.loadFiles([new File(['x'], 'data_batch_1.bin')]);
  await machine.drain();
  assert.equal(session.state.config.dataset, 'cifar-10');
  assert.equal(session.files.length, 1);
});

test('before there is a network it is said that there is none, and nothing is asked', async () => {
  const machine = new Machine();
  const session = new Session(defaults(), () => {}, machine.connect);
  begun.push(session);
  session.start();
  assert.equal((await outcomeOf(session.run())).code, 'bad-command');
  assert.deepEqual(session.state.notices.map(({ key }) => key), ['not-yet']);
  await machine.drain();
  assert.deepEqual(machine.log.map(({ type }) => type), ['configure']);
});

test('a download is begun once, and can be given up', async (context) => {
  const machine = new Machine();
  const session = new Session({ ...defaults(), dataset: 'mnist' }, () => {}, machine.connect);
  begun.push(session);
  let downloads = 0;
  context.mock.method(globalThis, 'fetch', (url, { signal } = {}) => {
    if (String(url).endsWith('index.json')) return Promise.resolve(new Response(JSON.stringify({ mnist: [{ file: 'a', bytes: 10 }] })));
    downloads += 1;
    return new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)); });
  });
  session.start();
  await machine.drain();
  await tick();
  assert.equal(session.state.offeredBytes, 10);
  const first = session.loadOffer();
  session.loadOffer();
  for (let i = 0; i < 5; i += 1) await tick();
  assert.deepEqual([downloads, session.downloading], [1, true]);
  session.cancelOffer();
  await first;
  assert.equal(session.downloading, false);
  assert.deepEqual(session.state.notices, []);
});

test('an ended session ends all that it was asked', async () => {
  const { session, machine } = await trained();
  const asked = session.prune();
  session.destroy();
  assert.equal((await outcomeOf(asked)).code, 'ended');
  assert.equal((await outcomeOf(session.run())).code, 'ended');
  assert.equal(machine.workers.length, 0);
});

test('where nothing can be restored the run in hand begins anew, and what was asked for since comes after it', async () => {
  const { machine, session, keys } = await scene();
  machine.damaged.add(0);
  machine.main.die();
  machine.work(2);
  session.change({ seed: 666 });
  await machine.drain();
  assert.ok(keys().includes('begun-afresh') && keys().includes('error-bad-config'), String(keys()));
  assert.equal(session.state.settings.seed, 1);
  await Promise.all([session.step(), machine.drain()]);
  assert.equal(session.state.training.step, 1);
});

test('choosing filters ranks them layer by layer, and a scope that a person chooses stays whatever is cut', async () => {
  const { session } = await scene();
  const scope = () => session.state.settings.scope;
  session.change({ criterion: 'filter-l1' });
  assert.equal(scope(), 'layer');
  session.change({ granularity: 'weight' });
  assert.equal(scope(), 'global');
  session.change({ granularity: 'filter' });
  session.change({ scope: 'global' });
  session.change({ granularity: 'weight' });
  session.change({ granularity: 'filter' });
  assert.equal(scope(), 'global');
  const linked = await scene({ granularity: 'filter' });
  assert.equal(linked.session.state.settings.scope, 'global');
  linked.session.change({ granularity: '2:4' });
  linked.session.change({ criterion: 'fpgm' });
  assert.equal(linked.session.state.settings.scope, 'global');
});
