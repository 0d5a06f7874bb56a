import assert from 'node:assert/strict';
import { test } from 'node:test';
import { translate } from '../../words/translate.js';
import en from '../../words/words-en.js';
import { curveKeys } from './curve-keys.js';

const theme = /** @type {any} */ ({ positive: 'blue' });
const past = (revision, run = 1) => ({ of: `${run}/magnitude/${revision}`, step: revision, points: [] });

test('the fading lines of a picture of the curve are explained where there are any', () => {
  const keys = (trail) => curveKeys(/** @type {any} */ ({ activity: 'idle', curve: { ...past(9), remaining: 0 }, trail }), theme, translate(en));
  const fading = keys([past(3), past(6), past(9)]).filter(({ pale }) => pale !== undefined);
  assert.deepEqual(fading.map(({ text, colour, sign }) => [text, colour, sign]), [['Fading: earlier steps', 'blue', 'line']]);
  assert.ok(keys([past(3, 0), past(9)]).every(({ pale }) => pale === undefined));
});
