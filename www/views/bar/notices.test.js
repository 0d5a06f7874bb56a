import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useFakeDocument } from '../../../tests/support/dom.mjs';
import { createFormat } from '../../model/format.js';
import { defaults } from '../../model/settings.js';
import { initialState } from '../../state/store.js';
import { translate } from '../../words/translate.js';
import en from '../../words/words-en.js';
import { createNotices } from './notices.js';

useFakeDocument();

test('a state can be gone back to from a notice only while there is a network to take it', () => {
  const { element, update } = createNotices({ t: translate(en), format: createFormat('en'), session: {} });
  const notices = [{ id: 1, key: 'error-diverged', tone: 'error', values: {} }];
  const at = (phase) => update({ state: { ...initialState(defaults()), config: {}, points: [{}], notices, phase } });
  const button = (id) => [...element.below()].find((each) => each.getAttribute('data-remedy') === id);
  at('ready');
  assert.deepEqual([button('last-state').disabled, button('slower').disabled], [false, false]);
  at('restarting');
  assert.deepEqual([button('last-state').disabled, button('slower').disabled], [true, false]);
  at('ready');
  assert.equal(button('last-state').disabled, false);
});
