import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { defaults, runConfig } from '../model/settings.js';
import { initialState } from '../state/store.js';
import { Takeover } from './takeover.js';

const HARDWARE = { api: true, adapter: true, software: false, timestampQuery: true };
const CPU = { backend: 'cpu', reason: 'looking', requested: 'auto', device: {} };
const BACKEND = { kind: 'backend', backend: 'webgpu', reason: 'asked', requested: 'webgpu', device: { name: 'a GPU' } };

/** @type {Takeover[]} */
const begun = [];
after(() => begun.forEach((takeover) => takeover.cancel()));

/** A session in training, a worker beside it, and a record of what is done to both. */
function scene({ calm = true } = {}) {
  const made = {
    state: { ...initialState(defaults()), phase: 'ready', config: runConfig(defaults()), activity: 'training', backend: CPU },
    calm, log: [], runId: 0, command: 100,
  };
  const note = (...entry) => made.log.push(entry.join(' '));
  const client = {
    start: (backend) => note('start', backend),
    send: (id, { type, runId }, { bulk } = {}) => note('gpu', type, runId ?? '', bulk?.checkpoint ?? ''),
    hold: (held) => note('gpu hold', held),
    terminate: () => note('terminate'),
  };
  const takeover = new Takeover({
    state: () => made.state,
    files: () => [],
    isCalm: () => made.calm,
    nextRunId: () => { made.runId += 1; return made.runId; },
    nextCommand: () => { made.command += 1; return made.command; },
    connect: () => client,
    freeze: (frozen) => note('freeze', frozen),
    ask: ({ type }) => { note('cpu', type); made.command += 1; return made.command; },
    adopt: (_, runId, backend, messages) => { made.adopted = { runId, backend, messages }; note('adopt', runId); },
    tell: (reason, { detail = '' }) => note('tell', reason, detail),
  });
  begun.push(takeover);
  const message = (event, runId = made.runId, bulk = {}, command = made.command) => ({ runId, revision: 1, command, event, bulk });
  /** Done is what was asked last but for so many. */
  const done = (before = 0) => message({ type: 'done' }, made.runId, {}, made.command - before);
  const trained = (ms) => message({ type: 'trained', step: 5, epoch: 1, loss: 1, imagesPerSecond: 32_000 / ms });
  const gpu = (...messages) => takeover.hear({ kind: 'messages', messages });
  const follow = (...messages) => takeover.followed(messages);
  const take = () => made.log.splice(0);
  return { made, takeover, message, done, trained, gpu, follow, take };
}

/** Trains on the CPU until WebGPU loads, and measures it. */
function measured(gpuMs, options) {
  const stage = scene(options);
  const { takeover, trained, gpu, follow } = stage;
  takeover.found(HARDWARE);
  for (let i = 0; i < 3; i += 1) follow(trained(10));
  takeover.hear(BACKEND);
  for (let i = 0; i < 10; i += 1) gpu(trained(gpuMs));
  return stage;
}

/** The same, up to the frozen session. */
function frozen() {
  const stage = measured(2);
  stage.gpu(stage.message({ type: 'configured' }), stage.done());
  assert.deepEqual(stage.take().slice(-2), ['freeze true', 'cpu save']);
  return stage;
}

test('WebGPU is loaded once the CPU trains, and not before or without hardware', () => {
  const { takeover, follow, trained, take, message } = scene();
  for (let i = 0; i < 5; i += 1) follow(trained(10));
  assert.deepEqual(take(), []);
  takeover.found({ ...HARDWARE, software: true });
  assert.deepEqual(take(), []);
  takeover.found(HARDWARE);
  assert.deepEqual(take(), ['start webgpu']);
  const idle = scene();
  idle.takeover.found(HARDWARE);
  idle.follow(message({ type: 'state', activity: 'training' }));
  assert.deepEqual(idle.take(), []);
});

test('where WebGPU is slower it is let go, the page says so, and it is not tried again on the same network', () => {
  const { take, follow, trained, made } = measured(9);
  assert.deepEqual(take().slice(-3), ['gpu hold true', 'terminate', 'tell slower ']);
  for (let i = 0; i < 5; i += 1) follow(trained(10));
  assert.deepEqual(take(), []);
  made.state = { ...made.state, config: { ...made.state.config, widths: [64, 128] } };
  for (let i = 0; i < 5; i += 1) follow(trained(200));
  assert.deepEqual(take(), ['start webgpu']);
});

test('a session in training is frozen, saved, and goes on at WebGPU; the page hears nothing of the stop between', () => {
  const { gpu, follow, message, done, take, made } = frozen();
  follow(message({ type: 'saved', step: 7 }, 0, { checkpoint: 'bytes of 7' }), done());
  assert.deepEqual(take(), ['gpu hold false', 'gpu restore 3 bytes of 7', 'gpu run  ']);
  gpu(message({ type: 'configured' }), done(1), message({ type: 'state', activity: 'idle' }), message({ type: 'scored' }), message({ type: 'evaluated' }));
  assert.deepEqual(take(), []);
  gpu(message({ type: 'state', activity: 'training' }));
  assert.deepEqual(take(), ['adopt 3']);
  assert.deepEqual(made.adopted.messages.map(({ event }) => event.type), ['scored']);
  assert.deepEqual([made.adopted.backend.reason, made.adopted.backend.requested], ['faster', 'auto']);
  assert.deepEqual(made.adopted.backend.speeds, { cpuMs: 10, gpuMs: 2 });
});

test('a session at rest is moved without training on', () => {
  const { gpu, follow, message, done, take, made } = frozen();
  made.state = { ...made.state, activity: 'idle', currentPoint: 4 };
  follow(message({ type: 'saved', step: 7 }, 0, { checkpoint: 'bytes of 7' }));
  gpu(message({ type: 'configured' }), done());
  assert.deepEqual(take(), ['gpu hold false', 'gpu restore 3 bytes of 7', 'adopt 3']);
});

test('a checkpoint that training told by itself is not the one that was asked for', () => {
  const { follow, message, trained, take } = frozen();
  follow(trained(10), message({ type: 'saved', step: 6 }, 0, { checkpoint: 'bytes of 6' }, 1));
  follow(message({ type: 'saved', step: 6 }, 0, { checkpoint: 'bytes of 6' }, 1));
  assert.deepEqual(take(), []);
});

test('what was asked before the session froze comes first: then it is let go on and moved later', () => {
  const { follow, message, take, made } = frozen();
  made.state = { ...made.state, activity: 'fine-tuning' };
  follow(message({ type: 'saved', step: 7 }, 0, { checkpoint: 'bytes of 7' }));
  assert.deepEqual(take(), ['freeze false']);
  follow(message({ type: 'evaluated' }));
  assert.deepEqual(take(), []);
  made.state = { ...made.state, activity: 'idle', currentPoint: 4 };
  follow(message({ type: 'point' }));
  assert.deepEqual(take(), ['freeze true', 'cpu save']);
});

test('a race beside the session comes to its end first', () => {
  const { takeover, gpu, done, take, made } = measured(2);
  made.calm = false;
  gpu(done());
  assert.ok(!take().includes('freeze true'));
  made.calm = true;
  takeover.update();
  assert.deepEqual(take(), ['freeze true', 'cpu save']);
});

test('other settings in the meantime are prepared for anew', () => {
  const { gpu, done, take, made } = measured(2);
  take();
  made.state = { ...made.state, config: { ...made.state.config, seed: 9 } };
  gpu(done());
  assert.deepEqual(take(), ['gpu configure 3 ']);
  gpu(done());
  assert.deepEqual(take(), ['freeze true', 'cpu save']);
});

test('whatever fails on the way leaves the session where it is, and is not tried again', () => {
  for (const fail of [
    ({ takeover }) => takeover.hear({ kind: 'died', message: 'lost', cause: 'device-lost' }),
    ({ gpu, message }) => gpu(message({ type: 'error', code: 'device', message: 'lost' })),
  ]) {
    const stage = frozen();
    fail(stage);
    assert.deepEqual(stage.take(), ['terminate', 'freeze false', 'tell not-taken lost']);
    for (let i = 0; i < 5; i += 1) stage.follow(stage.trained(10));
    assert.deepEqual(stage.take(), []);
  }
});

test('another backend or worker ends it without a word', () => {
  const { takeover, follow, trained, take } = measured(2);
  take();
  takeover.cancel();
  for (let i = 0; i < 5; i += 1) follow(trained(10));
  assert.deepEqual(take(), ['terminate']);
});
