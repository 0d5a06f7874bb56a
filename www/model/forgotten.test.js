import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { byClass, confusion, lost, pointAt, unequal } from './forgotten.js';

const CLASSES = 3;
const anything = fc.integer({ min: 1, max: 40 }).chain((images) => fc.integer({ min: 1, max: 9 }).chain((points) => fc.record({
  labels: fc.array(fc.integer({ min: 0, max: CLASSES - 1 }), { minLength: images, maxLength: images }),
  answers: fc.uint8Array({ min: 0, max: CLASSES - 1, minLength: images * points, maxLength: images * points }),
  sparsities: fc.constant(Array.from({ length: points }, (_, i) => i / points)),
  breaking: fc.array(fc.integer({ min: 0, max: points }), { minLength: images, maxLength: images }),
})));

test('figures by class add up to the total, and confusions to the images', () => {
  fc.assert(fc.property(anything, fc.nat(8), (of, at) => {
    const point = at % of.sparsities.length;
    const right = (p) => of.labels.filter((label, i) => of.answers[p * of.labels.length + i] === label).length;
    const classes = byClass(confusion(of, 0, CLASSES), confusion(of, point, CLASSES));
    const sum = (key) => classes.reduce((all, each) => all + each[key], 0);
    assert.deepEqual([sum('images'), sum('dense'), sum('pruned')], [of.labels.length, right(0), right(point)]);
    assert.equal(confusion(of, point, CLASSES).flat().reduce((a, b) => a + b, 0), of.labels.length);
  }));
});

test('more is lost the more is cut, and all that has a breaking point in the end', () => {
  fc.assert(fc.property(anything, (of) => {
    const counts = of.sparsities.map((_, point) => lost(of, point).lost);
    assert.deepEqual(counts, [...counts].sort((a, b) => a - b));
    assert.equal(counts[0], 0);
  }));
});

test('a point is reached at its own sparsity', () => {
  const of = { sparsities: [0, 0.5, 0.5, 0.9], labels: [], answers: new Uint8Array(), breaking: [] };
  assert.deepEqual([-1, 0, 0.49, 0.5, 0.89, 1].map((sparsity) => pointAt(of, sparsity)), [0, 0, 0, 2, 2, 3]);
});

test('classes lose unequally where one loses ten points more than another, of enough images', () => {
  const of = (...pruned) => pruned.map((each) => ({ images: 20, dense: 20, pruned: each }));
  assert.deepEqual(unequal(of(20, 19, 10)), { worst: 2, best: 0, most: 0.5, least: 0 });
  assert.equal(unequal(of(20, 19, 19)), 'even');
  assert.equal(unequal([{ images: 9, dense: 9, pruned: 0 }, ...of(20)]), 'few');
});
