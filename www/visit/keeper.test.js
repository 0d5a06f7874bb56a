import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaults, runConfig } from '../model/settings.js';
import { initialState } from '../state/store.js';
import { Keeper } from './keeper.js';

const checkpoint = new Uint8Array(64);
const metrics = { loss: 0.1, accuracy: 0.9, samples: 360 };
const last = { key: ['/#', 'a'], brief: false, kept: { savedAt: 1, settings: defaults(), step: 800, accuracy: 0.97, sparsity: 0, checkpoint, dense: null, point: null } };

/** A session at rest on fresh weights, with a keeper; what is written is noted. */
async function visit(found) {
  let now = 0;
  const [written, resumed] = [[], []];
  const session = {
    state: { ...initialState(defaults()), phase: 'ready', config: runConfig(defaults()), checkpoint: { bytes: checkpoint, step: 0 }, evaluated: { train: metrics, test: metrics } },
    files: [],
    store: { invalidate: () => {} },
    change: () => {},
    resume: (kept) => { resumed.push(kept); at({ training: { step: kept.step }, activity: 'idle' }); },
  };
  const records = {
    look: async () => found,
    write: async (kept, brief, continued) => { written.push({ step: kept.step, brief, continued }); },
    forget: async () => {},
  };
  const keeper = new Keeper(session, records, () => true, () => now);
  await keeper.look();
  const at = (changes) => { session.state = { ...session.state, ...changes }; keeper.update(); };
  /** Trains from a step to another for a while, and writes what came out. */
  const train = async (from, to, ms) => {
    const slices = Math.ceil(ms / 100);
    for (let i = 0; i <= slices; i += 1) {
      const step = Math.round(from + ((to - from) * i) / slices);
      now += i > 0 ? ms / slices : 0;
      at({ activity: 'training', currentPoint: null, training: { step }, checkpoint: { bytes: checkpoint, step } });
    }
    await keeper.flush();
  };
  return { keeper, session, written, resumed, at, train };
}

test('training while an earlier network is on offer replaces it only after a moment, and it can be brought back all along', async () => {
  const { keeper, written, train, resumed } = await visit(last);
  assert.equal(keeper.offer, last.kept);
  assert.equal(keeper.canBringBack, false);
  await train(0, 50, 500);
  assert.deepEqual(written.at(-1), { step: 50, brief: true, continued: null });
  assert.deepEqual([keeper.offer, keeper.canBringBack], [null, true]);
  await train(50, 900, 4000);
  assert.deepEqual(written.at(-1), { step: 900, brief: false, continued: null });
  assert.equal(keeper.canBringBack, true);
  keeper.bringBack();
  assert.deepEqual(resumed, [last.kept]);
  assert.equal(keeper.canBringBack, false);
});

test('who begins anew can bring back the last network; who forgets it can not', async () => {
  const { keeper } = await visit(last);
  keeper.decline();
  assert.deepEqual([keeper.offer, keeper.canBringBack], [null, true]);
  await keeper.forget();
  assert.deepEqual([keeper.stored, keeper.canBringBack], [false, false]);
});

test('a network that goes on from the last one takes its place at once', async () => {
  const { keeper, written, train } = await visit(last);
  keeper.accept();
  await train(800, 810, 100);
  assert.deepEqual(written, [{ step: 810, brief: false, continued: last.key }]);
  assert.equal(keeper.canBringBack, false);
});

test('one that was begun anew after that does not, and the last one can be brought back again', async () => {
  const { keeper, written, train, at } = await visit(last);
  keeper.accept();
  at({ training: { step: 0 } });
  await train(0, 20, 100);
  assert.deepEqual(written, [{ step: 20, brief: true, continued: null }]);
  assert.equal(keeper.canBringBack, true);
});

test('without an earlier network all is kept, however short it was', async () => {
  const { keeper, written, train } = await visit(null);
  await train(0, 20, 100);
  assert.deepEqual(written, [{ step: 20, brief: false, continued: null }]);
  assert.equal(keeper.canBringBack, false);
});

test('a cut network is a deed, and no moment', async () => {
  const { written, at, keeper } = await visit(last);
  const point = { id: 3, kind: 'pruned', step: 0, sparsity: 0.5, threshold: 0.1, method: {}, kept: [1], total: 2, test: metrics, checkpoint };
  at({ points: [point], currentPoint: 3 });
  await keeper.flush();
  assert.deepEqual(written, [{ step: 0, brief: false, continued: null }]);
});
