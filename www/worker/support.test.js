import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingFeatures } from './support.js';

const simd = { validate: () => true };
const withPopovers = { prototype: { popover: null } };

test('a browser that has everything lacks nothing, and a worker needs no elements', () => {
  assert.deepEqual(missingFeatures({ Worker: {}, WebAssembly: simd, HTMLElement: withPopovers }), []);
  assert.deepEqual(missingFeatures({ Worker: {}, WebAssembly: simd }), []);
});

test('all that is missing is named', () => {
  assert.deepEqual(missingFeatures({ Worker: {}, WebAssembly: simd, HTMLElement: { prototype: {} } }), ['Popover API']);
  assert.deepEqual(missingFeatures({ Worker: {}, WebAssembly: { validate: () => false }, HTMLElement: withPopovers }), ['WebAssembly SIMD']);
  assert.deepEqual(missingFeatures({ HTMLElement: { prototype: {} } }), ['Web Workers', 'WebAssembly', 'Popover API']);
});
