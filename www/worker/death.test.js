import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causeOfDeath, isOutOfMemory, watchDevices } from './death.js';
import { missingFeatures } from './support.js';

const trap = new WebAssembly.RuntimeError('unreachable');

test('a trap is a lack of memory only where the memory can not grow', () => {
  assert.equal(causeOfDeath(trap, new WebAssembly.Memory({ initial: 1, maximum: 2 })), 'out-of-memory');
  assert.equal(causeOfDeath(trap, new WebAssembly.Memory({ initial: 1, maximum: 4096 })), 'failed');
});

test('what fails before a bundle is loaded is a failure to load, unless memory ran out', () => {
  assert.equal(causeOfDeath(new TypeError('Failed to fetch'), null), 'load-failed');
  assert.equal(causeOfDeath(new RangeError('WebAssembly.Memory(): could not allocate memory'), null), 'out-of-memory');
  assert.equal(isOutOfMemory(new RangeError('Array buffer allocation failed'), null), true);
});

test('a device that is lost is told of, one that is let go is not', async () => {
  const told = [];
  class GPUAdapter {
    async requestDevice({ reason }) {
      return { lost: Promise.resolve({ reason, message: 'reset' }) };
    }
  }
  globalThis.GPUAdapter = GPUAdapter;
  watchDevices((message) => told.push(message));
  await new GPUAdapter().requestDevice({ reason: 'destroyed' });
  await new GPUAdapter().requestDevice({ reason: 'unknown' });
  await Promise.resolve();
  delete globalThis.GPUAdapter;
  assert.deepEqual(told, ['reset']);
});

test('what a browser lacks is named', () => {
  assert.deepEqual(missingFeatures({ Worker: class {}, WebAssembly }), []);
  assert.deepEqual(missingFeatures({ WebAssembly }), ['Web Workers']);
  assert.deepEqual(missingFeatures({ Worker: class {} }), ['WebAssembly']);
  assert.deepEqual(missingFeatures({ Worker: class {}, WebAssembly: { validate: () => false } }), ['WebAssembly SIMD']);
});
