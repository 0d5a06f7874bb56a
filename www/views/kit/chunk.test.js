import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chunk, loadWhenIdle } from './chunk.js';

const settled = () => new Promise((resolve) => { setTimeout(resolve, 0); });

/** @param {string[]} asked */
function chunks(asked) {
  const made = (name, fails) => new Chunk(async () => {
    asked.push(name);
    if (fails) throw new Error('not there');
    return name;
  });
  return [made('first', false), made('lost', true), made('last', false)];
}

test('a chunk is loaded once, and once more only where that failed', async () => {
  const asked = [];
  const [first, lost] = chunks(asked);
  assert.equal(first.module, null);
  assert.deepEqual(await Promise.all([first.load(), first.load()]), ['first', 'first']);
  assert.equal(first.module, 'first');
  await assert.rejects(lost.load(), /not there/u);
  await assert.rejects(lost.load(), /not there/u);
  assert.deepEqual(asked, ['first', 'lost', 'lost']);
});

test('each chunk waits for a moment in which the page is idle, and one that fails does not keep back the others', async () => {
  const asked = [];
  const idle = [];
  globalThis.window = { requestIdleCallback: (callback) => idle.push(callback) };
  loadWhenIdle(chunks(asked));
  await settled();
  assert.deepEqual(asked, []);
  idle.shift()();
  await settled();
  assert.deepEqual(asked, ['first']);
  idle.shift()();
  await settled();
  idle.shift()();
  await settled();
  assert.deepEqual([asked, idle], [['first', 'lost', 'last'], []]);
});

test('a browser that does not say when it is idle loads them, too', async () => {
  const asked = [];
  globalThis.window = {};
  await loadWhenIdle(chunks(asked).slice(0, 1));
  assert.deepEqual(asked, ['first']);
});
