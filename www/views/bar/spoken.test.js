import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { useFakeDocument } from '../../../tests/support/dom.mjs';
import { createFormat } from '../../model/format.js';
import { translate } from '../../words/translate.js';
import en from '../../words/words-en.js';
import { createSpoken } from './spoken.js';

useFakeDocument();
mock.timers.enable({ apis: ['setTimeout'] });

const FIRST = { by: 'fraction', value: 0.5 };

/** The read-out, a clock, and what has been said so far. */
function listener() {
  let now = 0;
  const said = [];
  const spoken = createSpoken({ t: translate(en), format: createFormat('en'), invalidate: () => {} }, () => now);
  let state = { activity: 'idle', selection: FIRST, currentPoint: 1, training: { epoch: 0 }, dataset: { test: 360 } };
  /** @param {number} ms @param {object} [changes] @param {number} [accuracy] */
  const after = (ms, changes = {}, accuracy = 0.5) => {
    now += ms;
    state = { ...state, ...changes };
    spoken.update({ state, cut: { sparsity: 0.5 }, outcome: { test: { accuracy, samples: 360 }, pending: false, refined: false } });
    const text = spoken.element.textContent;
    if (text !== said.at(-1)) said.push(text);
  };
  return { after, said };
}

test('training speaks at its beginning, every ten seconds, and at its end', () => {
  const { after, said } = listener();
  after(0);
  after(2000, { activity: 'training', currentPoint: null });
  assert.match(said.at(-1), /^Training has begun: /u);
  for (let frame = 0; frame < 25_000 / 50; frame += 1) after(50, { training: { epoch: frame } }, frame / 1000);
  assert.equal(said.length, 4);
  after(50, { activity: 'idle', currentPoint: 2 }, 0.9);
  assert.equal(said.length, 5);
  assert.match(said.at(-1), /^Training has ended: .*accuracy 90\.0%$/u);
});

test('what a person does is said at once, also in training, but not each place of a slider on the move', () => {
  const { after, said } = listener();
  after(0);
  after(2000, { activity: 'training', currentPoint: null });
  after(1500, { selection: { by: 'fraction', value: 0.6 } }, 0.6);
  assert.match(said.at(-1), /^Epoch .*60\.0%$/u);
  const before = said.length;
  for (let frame = 0; frame < 20; frame += 1) after(50, { selection: { by: 'fraction', value: frame / 20 } }, frame / 100);
  assert.ok(said.length <= before + 1);
});
