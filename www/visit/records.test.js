import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaults } from '../model/settings.js';
import { toRecord } from './kept.js';
import { Records, placeOf } from './records.js';

const NOW = Date.UTC(2026, 4, 1);
const checkpoint = new Uint8Array(64);
checkpoint[0] = 40;
const keptAt = (savedAt, step = 120) => ({ savedAt, settings: defaults(), step, accuracy: 0.9, sparsity: 0, checkpoint, dense: null, point: null });

/** A store as far as records go, with what lies in it. */
function shelfWith(entries = []) {
  const lying = new Map(entries.map(([key, value]) => [JSON.stringify(key), value]));
  return {
    lying,
    steps: () => [...lying.values()].map((record) => record?.step).sort(),
    keys: async () => [...lying.keys()].map((key) => JSON.parse(key)),
    getMany: async (keys) => keys.map((key) => structuredClone(lying.get(JSON.stringify(key)))),
    set: async (key, value) => { lying.set(JSON.stringify(key), structuredClone(value)); },
    delMany: async (keys) => keys.forEach((key) => lying.delete(JSON.stringify(key))),
  };
}

/** What a tab remembers. */
function tab() {
  const items = new Map();
  return { getItem: (name) => items.get(name) ?? null, setItem: (name, value) => { items.set(name, value); } };
}
const recordsOf = (shelf, visit, { place = '/#', of = null } = {}) => new Records(shelf, place, '/#', of, visit);

test('two tabs lose nothing of each other: the newest is offered next, and to each of them its own', async () => {
  const shelf = shelfWith();
  const [one, two] = [tab(), tab()];
  await recordsOf(shelf, 'a', { of: one }).write(keptAt(NOW - 2000, 1), false, null);
  await recordsOf(shelf, 'b', { of: two }).write(keptAt(NOW - 1000, 2), false, null);
  assert.deepEqual(shelf.steps(), [1, 2]);
  assert.equal((await recordsOf(shelf, 'c').look(NOW)).kept.step, 2);
  assert.equal((await recordsOf(shelf, 'd', { of: one }).look(NOW)).kept.step, 1);
  assert.equal((await recordsOf(shelf, 'e', { of: two }).look(NOW)).kept.step, 2);
});

test('a visit writes over its own record, and over that which it goes on from', async () => {
  const shelf = shelfWith();
  await recordsOf(shelf, 'a').write(keptAt(NOW - 3000, 1), false, null);
  const later = recordsOf(shelf, 'b');
  const { key } = await later.look(NOW);
  await later.write(keptAt(NOW - 2000, 2), false, key);
  await later.write(keptAt(NOW - 1000, 3), false, null);
  assert.deepEqual(shelf.steps(), [3]);
});

test('what took a moment only is offered where there is nothing else', async () => {
  const shelf = shelfWith();
  await recordsOf(shelf, 'b').write(keptAt(NOW - 1000, 2), true, null);
  assert.equal((await recordsOf(shelf, 'c').look(NOW)).kept.step, 2);
  await recordsOf(shelf, 'a').write(keptAt(NOW - 2000, 1), false, null);
  assert.equal((await recordsOf(shelf, 'c').look(NOW)).kept.step, 1);
});

test('a handful stays of a place: the oldest go, and before them what took a moment or can not be read; other places keep theirs', async () => {
  const shelf = shelfWith([[['/#', 'damaged'], { version: 1 }], [['/other#', 'x'], toRecord(keptAt(NOW, 99))]]);
  await recordsOf(shelf, 'brief').write(keptAt(NOW - 10, 50), true, null);
  for (let visit = 1; visit <= 6; visit += 1) await recordsOf(shelf, `v${visit}`).write(keptAt(NOW - 1000 + visit, visit), false, null);
  assert.deepEqual(shelf.steps(), [2, 3, 4, 5, 6, 99]);
});

test('the one record of earlier versions becomes one of those that are kept now', async () => {
  const shelf = shelfWith([['/#', toRecord(keptAt(NOW - 1000, 7))]]);
  assert.equal((await recordsOf(shelf, 'a').look(NOW)).kept.step, 7);
  await recordsOf(shelf, 'a').write(keptAt(NOW, 8), false, null);
  assert.deepEqual(shelf.steps(), [7, 8]);
  assert.ok((await shelf.keys()).every((key) => Array.isArray(key)));
});

test('what is forgotten is gone, but for other places', async () => {
  const shelf = shelfWith([[['/other#', 'x'], toRecord(keptAt(NOW, 99))]]);
  await recordsOf(shelf, 'a').write(keptAt(NOW, 1), false, null);
  await recordsOf(shelf, 'b').write(keptAt(NOW, 2), false, null);
  await recordsOf(shelf, 'c').forget();
  assert.deepEqual(shelf.steps(), [99]);
});

/** A window with some elements: a page of its own, or an iframe. */
function windowWith(elements, { name = '', frames = null, at = 0, referrer = '' } = {}) {
  const scope = { name, location: { pathname: '/embed.html' }, document: { referrer, querySelectorAll: () => elements } };
  scope.self = scope;
  scope.parent = scope;
  if (frames !== null) {
    scope.parent = { length: frames };
    scope.parent[at] = scope;
  }
  return scope;
}
const widget = (attributes) => ({ getAttribute: (name) => attributes[name] ?? null, hasAttribute: (name) => name in attributes });

test('each widget of a page has its own place, and each iframe', () => {
  const [main, first, second, alike] = [widget({ hash: '' }), widget({ remember: 'x' }), widget({ remember: 'y' }), widget({ remember: 'x' })];
  const all = [main, widget({}), first, second, alike];
  const places = [main, first, second, alike].map((element) => placeOf(element, windowWith(all)));
  assert.deepEqual(places[0], { before: '/embed.html#', place: '/embed.html#' });
  assert.equal(new Set(places.map(({ place }) => place)).size, 4);
  const page = 'https://blog.example/post?a=1';
  const frames = [{ at: 0 }, { at: 1 }, { at: 1, name: 'lesson' }, { at: 0, referrer: 'https://other.example/' }]
    .map((where) => placeOf(main, windowWith([main], { frames: 2, referrer: page, ...where })).place);
  assert.equal(new Set([places[0].place, ...frames]).size, 5);
  assert.equal(placeOf(main, windowWith([main], { frames: 2, at: 1, referrer: page })).before, '/embed.html#');
});
