import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertedAfter, insertedInto, moved, readTree, removed, replaced, rowsOf, widened, writeTree } from './net-rows.js';
import { FIELDS, NEW_WORDS, readWord, writeWord } from './net-text.js';

const RESIDUAL = 'c3-16 b r [ c3-16 b r c3-16 b | ] r [ c3-32s2 b | z2-32 ] r g f';

test('a text comes back from its tree as it was', () => {
  for (const text of ['c3-8 r p2 c3-16 r p2 f', RESIDUAL, '[ | ]', '[ [ c3-1 | ] | c1-1 ] f', '']) assert.equal(writeTree(readTree(text)), text);
  for (const text of ['[ c3-8', 'c3-8 ]', '| f', '[ a2 | b | g ]', '[ c3-8 ]']) assert.equal(readTree(text), null, text);
});

test('a word comes back from its numbers as it was, without what is usual', () => {
  for (const word of ['c3-64', 'c5-20p0', 'c3-32s2', 'c1-8s2p3', 'd3', 'd3s2', 'b', 'r', 'r6', 'p2', 'p3s2', 'a2', 'g', 'f-300', 'f', 'o50', 'z2-32']) {
    const { kind, values } = readWord(word);
    assert.equal(writeWord(kind, values), word);
  }
  assert.deepEqual(readWord('c5-20'), { kind: 'conv', values: { out: 20, kernel: 5, stride: 1, padding: 2 } });
  assert.deepEqual(readWord('p3'), { kind: 'max-pool', values: { window: 3, stride: 3 } });
  for (const word of ['x', 'c3', 'c-8', 'c3-8q2', 'r7', 'b2', 'o', 'z2', 'ä', 'f8', 'd3-8']) assert.equal(readWord(word), null, word);
});

test('what is added of each kind can be read, and has its numbers in their ranges', () => {
  for (const [kind, text] of Object.entries(NEW_WORDS).filter(([each]) => each !== 'block')) {
    const read = readWord(text);
    assert.equal(read.kind, kind);
    for (const { name, least, most } of FIELDS[kind]) assert.ok(read.values[name] >= least && read.values[name] <= most, `${kind} ${name}`);
  }
  assert.ok(readTree(NEW_WORDS.block));
});

test('rows have the names that the core gives its layers', () => {
  const named = (text) => rowsOf(readTree(text)).filter(({ name }) => name).map(({ name }) => name);
  assert.deepEqual(named('c3-8 r p2 c3-16 r p2 f'), ['conv1', 'relu1', 'pool1', 'conv2', 'relu2', 'pool2', 'fc']);
  assert.deepEqual(named('f-300 r6 o50 f'), ['fc1', 'relu1', 'drop1', 'fc2']);
  assert.deepEqual(named('[ d3 b | z2-8 ] a2 g f'), ['conv1', 'bn1', 'shortcut1', 'add1', 'pool1', 'pool2', 'fc']);
});

test('layers are removed, changed, added and moved within their list, blocks as a whole', () => {
  const tree = readTree(RESIDUAL);
  assert.equal(writeTree(removed(tree, [3])), 'c3-16 b r r [ c3-32s2 b | z2-32 ] r g f');
  assert.equal(writeTree(removed(tree, [5, 1, 0])), RESIDUAL.replace(' z2-32', ''));
  assert.equal(writeTree(replaced(tree, [3, 0, 3], 'c5-16')), RESIDUAL.replace('r c3-16 b | ]', 'r c5-16 b | ]'));
  assert.equal(writeTree(insertedAfter(tree, [2], 'o50')), RESIDUAL.replace('b r [', 'b r o50 ['));
  assert.equal(writeTree(insertedAfter(readTree('f'), null, '[ c3-16 | ]')), '[ c3-16 | ] f');
  assert.equal(writeTree(insertedInto(tree, [3], 1, 'c1-16')), RESIDUAL.replace('b | ]', 'b | c1-16 ]'));
  assert.deepEqual(moved(tree, [0], 1), { tree: readTree(RESIDUAL.replace('c3-16 b', 'b c3-16')), path: [1] });
  assert.deepEqual(moved(tree, [3, 0, 0], -1), { tree, path: [3, 0, 0] });
  assert.equal(writeTree(moved(tree, [3], -1).tree), RESIDUAL.replace('r [ c3-16 b r c3-16 b | ]', '[ c3-16 b r c3-16 b | ] r'));
  assert.equal(writeTree(tree), RESIDUAL, 'the tree itself stays');
});

test('widening takes every number of filters, and leaves the classes', () => {
  assert.equal(writeTree(widened(readTree('c3-16 b [ c3-32s2 b | z2-32 ] d3 f-10 f'), 2)), 'c3-32 b [ c3-64s2 b | z2-64 ] d3 f-20 f');
  assert.equal(writeTree(widened(readTree('c3-1 f-3'), 0.5)), 'c3-1 f-2');
});
