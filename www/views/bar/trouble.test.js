import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useFakeDocument } from '../../../tests/support/dom.mjs';
import { createFormat } from '../../model/format.js';
import { defaults } from '../../model/settings.js';
import { initialState } from '../../state/store.js';
import { translate } from '../../words/translate.js';
import en from '../../words/words-en.js';
import { createTrouble } from './trouble.js';

useFakeDocument();

/** @param {boolean} replaced Whether the site is of another version by now. */
function troubleWhere(replaced) {
  const done = [];
  const session = { keeper: { stored: true, flush: async () => { done.push('flush'); } }, restart: () => done.push('restart') };
  globalThis.location = { reload: () => done.push('reload') };
  const { element, update } = createTrouble({ t: translate(en), format: createFormat('en'), session }, async () => replaced);
  const tell = (kind) => update({ state: { ...initialState(defaults()), trouble: kind && { kind, values: { message: '404' } } } });
  const buttons = () => [...element.below()].filter((each) => each.getAttribute('data-remedy')).map((each) => each.getAttribute('data-remedy'));
  const press = (id) => [...element.below()].find((each) => each.getAttribute('data-remedy') === id).click();
  return { element, tell, buttons, press, done };
}
const settled = () => new Promise((resolve) => { setTimeout(resolve, 0); });

test('where the site has been replaced, a load that failed is cured by reloading, and what is to be kept is written before', async () => {
  const { element, tell, buttons, press, done } = troubleWhere(true);
  tell('load-failed');
  assert.deepEqual(buttons(), ['retry']);
  await settled();
  assert.deepEqual(buttons(), ['reload', 'retry']);
  assert.match(element.textContent, /newer version.*Reload the page.*Your last network is kept/u);
  press('reload');
  await settled();
  assert.deepEqual(done, ['flush', 'reload']);
});

test('elsewhere it is tried again; and what came to an end meanwhile is not spoken of', async () => {
  const same = troubleWhere(false);
  same.tell('load-failed');
  await settled();
  assert.deepEqual(same.buttons(), ['retry']);
  const gone = troubleWhere(true);
  gone.tell('load-failed');
  gone.tell(null);
  await settled();
  assert.equal(gone.element.hidden, true);
  const other = troubleWhere(true);
  other.tell('worker-dead');
  await settled();
  assert.ok(!other.buttons().includes('reload'));
});
