import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HEIGHT, heightIn } from './embed-messages.js';

const ORIGIN = 'https://example.org';
const read = (data, origin = ORIGIN) => heightIn({ origin, data }, ORIGIN);

test('a height is taken from the iframe\'s own origin only', () => {
  assert.equal(read({ type: HEIGHT, height: 704 }), 704);
  assert.equal(read({ type: HEIGHT, height: 704 }, 'https://example.com'), null);
  assert.equal(read({ type: HEIGHT, height: 704 }, 'null'), null);
});

test('what is no height, or one that the widget can not have, is not taken', () => {
  for (const data of [null, undefined, 704, 'height', [], {}, { type: HEIGHT }, { height: 704 }, { type: 'other', height: 704 },
    { type: HEIGHT, height: '704' }, { type: HEIGHT, height: NaN }, { type: HEIGHT, height: Infinity }, { type: HEIGHT, height: 704.5 },
    { type: HEIGHT, height: -1 }, { type: HEIGHT, height: 99 }, { type: HEIGHT, height: 20001 }]) {
    assert.equal(read(data), null, JSON.stringify(data));
  }
});
