import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeElement, useFakeDocument } from '../../../tests/support/dom.mjs';
import { translate } from '../../words/translate.js';
import en from '../../words/words-en.js';
import { Chunk } from './chunk.js';
import { createFolded } from './folded.js';

useFakeDocument();
globalThis.window = new EventTarget();
console.error = () => {};

/**
 * A panel whose chunk comes, or does not, when told to.
 * @param {boolean} replaced Whether the site is of another version by now.
 */
function panelWith(replaced = false) {
  const done = [];
  const waiting = [];
  const chunk = new Chunk(() => new Promise((resolve, reject) => { waiting.push({ resolve, reject }); }));
  const end = new AbortController();
  const session = { keeper: { flush: async () => { done.push('flush'); } } };
  globalThis.location = { reload: () => done.push('reload') };
  const view = { t: translate(en), session, signal: end.signal, invalidate: () => {} };
  const box = new FakeElement('div');
  const build = ({ name }) => ({
    elements: [Object.assign(new FakeElement('button'), { textContent: name })],
    open: () => done.push('open'), update: (frame) => done.push(frame), destroy: () => done.push('destroy'),
  });
  const folded = createFolded(view, box, chunk, build, async () => replaced);
  const come = async () => { waiting.shift().resolve({ name: 'inside' }); await settled(); };
  const fail = async () => { waiting.shift().reject(new TypeError('not there')); await settled(); };
  return { folded, chunk, box, done, waiting, come, fail, end };
}
const settled = () => new Promise((resolve) => { setTimeout(resolve, 0); });

test('nothing is asked for before it is opened; then the inside is built of the frame that was drawn last', async () => {
  const { folded, box, done, waiting, come } = panelWith();
  folded.update('first', false);
  folded.update('second', false);
  assert.deepEqual([waiting.length, box.children.length], [0, 0]);
  folded.open();
  assert.match(box.textContent, /Loading/u);
  await come();
  assert.equal(box.textContent, 'inside');
  assert.deepEqual(done, ['open', 'second']);
  folded.update('unseen', false);
  folded.update('seen', true);
  assert.deepEqual(done, ['open', 'second', 'seen']);
});

test('what has come before is there as soon as it is opened, and is built once', async () => {
  const { folded, chunk, box, done, come } = panelWith();
  const loaded = chunk.load();
  await come();
  await loaded;
  folded.open();
  const [built] = box.children;
  assert.equal(box.textContent, 'inside');
  folded.open();
  assert.equal(box.children[0], built);
  assert.deepEqual(done, ['open', 'open']);
});

test('opened twice while it comes, it is built once', async () => {
  const { folded, box, done, come } = panelWith();
  folded.open();
  folded.open();
  await come();
  assert.deepEqual([box.children.length, done], [1, ['open']]);
});

test('a chunk that fails is told of in a sentence, and asked for again at a press', async () => {
  const { folded, box, waiting, fail, come } = panelWith();
  folded.open();
  await fail();
  assert.match(box.textContent, /could not be loaded.*Try again/u);
  assert.equal(box.part('fold-failed').getAttribute('role'), 'alert');
  assert.equal(box.part('fold-reload'), undefined);
  box.part('fold-retry').click();
  assert.equal(waiting.length, 1);
  await fail();
  box.part('fold-retry').click();
  await come();
  assert.equal(box.textContent, 'inside');
  assert.equal(box.activeElement, box.children[0]);
});

test('it is asked for again when it is opened again, and when the browser is online again', async () => {
  const { folded, box, waiting, fail, come } = panelWith();
  folded.open();
  await fail();
  folded.open();
  await fail();
  window.dispatchEvent(new Event('online'));
  assert.equal(waiting.length, 1);
  window.dispatchEvent(new Event('online'));
  assert.equal(waiting.length, 1);
  await come();
  assert.equal(box.textContent, 'inside');
  assert.equal(box.activeElement, undefined);
  window.dispatchEvent(new Event('online'));
  assert.equal(waiting.length, 0);
});

test('where the site has been replaced, reloading is offered first, and what is to be kept is written before', async () => {
  const { folded, box, done, fail } = panelWith(true);
  folded.open();
  await fail();
  assert.match(box.textContent, /newer version.*Reload the page.*Reload the page.*Try again/u);
  box.part('fold-reload').click();
  await settled();
  assert.deepEqual(done, ['flush', 'reload']);
});

test('of views that were taken down nothing is built any more, and what was built ends', async () => {
  const { folded, box, done, come, end } = panelWith();
  folded.open();
  end.abort();
  await come();
  assert.deepEqual([box.textContent, done], ['Loading…', []]);
  const other = panelWith();
  other.folded.open();
  await other.come();
  other.end.abort();
  assert.deepEqual(other.done, ['open', 'destroy']);
});
