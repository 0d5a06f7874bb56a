import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaults } from '../model/settings.js';
import { Store, initialState } from '../state/store.js';
import { CoreError, SessionDead, WorkerDied } from '../session/errors.js';
import { PlaygroundError, Turns } from './turns.js';

globalThis.requestAnimationFrame ??= () => 0;

/** A session as far as turns go: a store, and a way to be ready. */
function sessionAt(changes = {}) {
  const store = new Store({ ...initialState(defaults()), ...changes });
  return { store, get state() { return store.state; }, move: (more) => { store.state = { ...store.state, ...more }; store.dispatch({ type: 'memory', bytes: Math.random() }); } };
}

const READY = { phase: 'ready', config: {}, scores: { step: 0 }, evaluated: {}, pending: null };
const turnsOf = (session) => {
  const turns = new Turns(() => {});
  turns.attach(session);
  return turns;
};
const tick = () => new Promise((resolve) => { setTimeout(resolve, 0); });

test('what is asked for too early waits until the page is ready', async () => {
  const session = sessionAt();
  const turns = turnsOf(session);
  const log = [];
  const done = turns.take({ begin: () => log.push('began'), done: () => true });
  await tick();
  assert.deepEqual(log, []);
  session.move(READY);
  await done;
  assert.deepEqual(log, ['began']);
});

test('one begins when the one before has begun, and is not held up by its end', async () => {
  const session = sessionAt(READY);
  const turns = turnsOf(session);
  const log = [];
  const long = turns.take({ begin: () => log.push('long'), begun: (now) => now.activity === 'fine-tuning', done: (now) => now.activity === 'idle' && now.memory === 1 });
  const next = turns.take({ begin: () => log.push('next'), done: () => true });
  await tick();
  assert.deepEqual(log, ['long']);
  session.move({ activity: 'fine-tuning' });
  await next;
  assert.deepEqual(log, ['long', 'next']);
  session.store.state = { ...session.state, activity: 'idle' };
  session.store.dispatch({ type: 'memory', bytes: 1 });
  await long;
});

test('a failure that follows rejects with its code, and lets the next one begin', async () => {
  const session = sessionAt(READY);
  const turns = turnsOf(session);
  const failing = turns.take({ begin: () => {}, done: () => false });
  const next = turns.take({ begin: () => {}, done: () => true });
  await tick();
  session.store.dispatch({ type: 'notice', tone: 'warning', key: 'error-diverged', values: { message: 'NaN' } });
  await assert.rejects(failing, (error) => error instanceof PlaygroundError && error.code === 'diverged' && error.message === 'NaN');
  await next;
});

test('an earlier failure, or a setting that is rejected, says nothing of it', async () => {
  const session = sessionAt(READY);
  session.store.dispatch({ type: 'notice', tone: 'warning', key: 'error-diverged', values: { message: 'NaN' } });
  const turns = turnsOf(session);
  const going = turns.take({ begin: () => {}, done: (now) => now.activity === 'training' });
  await tick();
  session.store.dispatch({ type: 'notice', tone: 'warning', key: 'setting-rejected', values: { settings: 'a=b' } });
  await tick();
  session.move({ activity: 'training' });
  await going;
});

test('without a session everything waits for one; what was asked of one that is gone is aborted', async () => {
  const turns = new Turns(() => {});
  const early = turns.until((state) => state.phase === 'ready');
  turns.attach(sessionAt(READY));
  await early;
  const first = turns.take({ begin: () => {}, done: () => false });
  const second = turns.take({ begin: () => assert.fail('begun in another session'), done: () => true });
  await tick();
  turns.detach();
  await assert.rejects(first, { name: 'AbortError' });
  await assert.rejects(second, { name: 'AbortError' });
  const later = turns.take({ begin: () => {}, done: () => true });
  turns.attach(sessionAt(READY));
  await later;
});

/** What was asked of the core, to be settled by a test. */
function question(id = 7) {
  let settle;
  const asked = Object.assign(new Promise((resolve, reject) => { settle = { resolve, reject }; }), { id });
  asked.catch(() => {});
  return { asked, ...settle };
}

test('what the core refuses, a worker that dies and a session that is dead reject what was asked, each with its code', async () => {
  for (const [error, code] of [
    [new CoreError('diverged', 'NaN'), 'diverged'], [new WorkerDied(), 'worker-died'], [new SessionDead('out-of-memory', 'no room'), 'out-of-memory'],
  ]) {
    const turns = turnsOf(sessionAt(READY));
    const { asked, reject } = question();
    const deed = turns.take({ begin: () => asked, done: () => true });
    await tick();
    reject(error);
    await assert.rejects(deed, (thrown) => thrown instanceof PlaygroundError && thrown.code === code);
  }
});

test('nothing hangs when a session dies: neither what is under way nor what has not begun', async () => {
  for (const kind of ['out-of-memory', 'load-failed', 'worker-dead', 'unsupported']) {
    const session = sessionAt(READY);
    const turns = turnsOf(session);
    const underWay = turns.take({ begin: () => {}, begun: () => true, done: (now) => now.activity === 'fine-tuning' });
    await tick();
    session.store.dispatch({ type: 'trouble', trouble: { kind, values: { message: 'why' } } });
    await assert.rejects(underWay, { code: kind, message: 'why' });
    await assert.rejects(turns.take({ begin: () => assert.fail('begun'), done: () => true }), { code: kind });
  }
});

test('a lost device ends what was under way with the death of its worker', async () => {
  const session = sessionAt(READY);
  const turns = turnsOf(session);
  const tuning = turns.take({ begin: () => {}, begun: () => true, done: () => false });
  await tick();
  session.store.dispatch({ type: 'notice', tone: 'warning', key: 'device-lost' });
  await assert.rejects(tuning, { code: 'worker-died' });
});

test('a session that is dead can be reset', async () => {
  const session = sessionAt({ ...READY, phase: 'dead', trouble: { kind: 'worker-dead', values: {} } });
  const turns = turnsOf(session);
  const reset = turns.take({
    begin: () => session.move({ phase: 'restarting', trouble: null }), done: (now) => now.phase === 'ready', possible: (now) => now.phase === 'dead',
  });
  await tick();
  session.move({ phase: 'ready' });
  await reset;
  const unable = sessionAt({ ...READY, phase: 'dead', trouble: { kind: 'unsupported', values: {} } });
  await assert.rejects(turnsOf(unable).take({ begin: () => {}, done: (now) => now.phase === 'ready', possible: (now) => now.phase === 'dead' }), { code: 'unsupported' });
});

test('an error of another command has nothing to do with what was asked', async () => {
  const session = sessionAt(READY);
  const turns = turnsOf(session);
  const { asked, resolve } = question(7);
  const deed = turns.take({ begin: () => asked, done: (now) => now.activity === 'training' });
  await tick();
  const fail = (command) => session.store.dispatch({ type: 'message', message: { runId: 1, revision: 0, command, event: { type: 'error', code: 'device', message: 'no' }, bulk: {} } });
  fail(3);
  resolve([]);
  await tick();
  session.move({ activity: 'training' });
  await deed;
});
