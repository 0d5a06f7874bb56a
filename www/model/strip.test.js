import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTwoConv, stripOf } from './strip.js';

/** Nodes as the core tells them, from `name op inputs shape`; those that end in a star are prunable. */
function network(...lines) {
  const names = ['input'];
  const layers = [];
  const nodes = lines.map((line) => {
    const [name, op, from, shape] = line.split(' ');
    names.push(name);
    const node = { name, op: op.replace('*', ''), inputs: from.split('+').map((each) => names.indexOf(each)), shape: shape.split('x').map(Number), macs: 0, parameters: 0 };
    if (!op.endsWith('*')) return node;
    layers.push({ name, macs: 10 * (layers.length + 1), weights: 10, shape: op === 'linear*' ? [10, 4] : [4, 4, 3, 3], own: [], reads: [0] });
    return { ...node, layer: layers.length - 1 };
  });
  return { nodes, layers };
}

const TWO = ['c1 conv* input 4x8x8', 'r1 relu c1 4x8x8', 'p1 max-pool r1 4x4x4', 'c2 conv* p1 4x4x4', 'r2 relu c2 4x4x4', 'p2 max-pool r2 4x2x2', 'f flatten p2 16', 'fc linear* f 10'];

test('layers have their shares of the work, and without a shortcut there is none', () => {
  assert.deepEqual(stripOf(network(...TWO)), { layers: [1 / 6, 1 / 3, 1 / 2].map((share) => ({ share, side: false })), shortcuts: [] });
});

test('a shortcut goes from where the branches part to where they are added, and its own layer lies aside', () => {
  const plain = network('c1 conv* input 4x8x8', 'c2 conv* c1 4x8x8', 'c3 conv* c2 4x8x8', 'a add c3+c1 4x8x8', 'fc linear* a 10');
  assert.deepEqual(stripOf(plain).shortcuts, [{ from: 1, to: 3 }]);
  assert.ok(stripOf(plain).layers.every(({ side }) => !side));
  const projected = network('c1 conv* input 4x8x8', 'c2 conv* c1 4x4x4', 'c3 conv* c2 4x4x4', 'c4 conv* c1 4x4x4', 'a add c3+c4 4x4x4', 'c5 conv* a 4x4x4', 'b add c5+a 4x4x4', 'fc linear* b 10');
  const { layers, shortcuts } = stripOf(projected);
  assert.deepEqual(shortcuts, [{ from: 1, to: 4 }, { from: 4, to: 5 }]);
  assert.deepEqual(layers.map(({ side }) => side), [false, false, false, true, false, false]);
});

test('the article’s network is known by its operations and sizes, whatever it is called', () => {
  assert.ok(isTwoConv(network(...TWO)));
  assert.ok(!isTwoConv(null));
  assert.ok(!isTwoConv(network(...TWO.slice(0, -1), 'd dropout f 16', 'fc linear* d 10')));
  assert.ok(!isTwoConv(network('c1 conv* input 4x8x8', 'r1 relu c1 4x8x8', 'p1 max-pool r1 4x2x2', ...TWO.slice(3))));
  const five = network(...TWO);
  five.layers[0].shape = [4, 1, 5, 5];
  assert.ok(!isTwoConv(five));
});
