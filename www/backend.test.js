import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseBackend, isSoftware } from './backend.js';

const hardware = { api: true, adapter: true, software: false, timestampQuery: true };

test('auto takes WebGPU only on a usable hardware adapter', () => {
  assert.deepEqual(chooseBackend('auto', hardware), { backend: 'webgpu', reason: 'hardware' });
  for (const [fact, value, reason] of [
    ['api', false, 'no-webgpu'], ['adapter', false, 'no-adapter'],
    ['software', true, 'software'], ['timestampQuery', false, 'no-timestamps'],
  ]) {
    assert.deepEqual(chooseBackend('auto', { ...hardware, [fact]: value }), { backend: 'cpu', reason });
  }
});

test('asking for the CPU gives the CPU on every machine', () => {
  assert.deepEqual(chooseBackend('cpu', hardware), { backend: 'cpu', reason: 'asked' });
});

test('asking for WebGPU takes a software adapter and says so', () => {
  assert.deepEqual(chooseBackend('webgpu', { ...hardware, software: true }), { backend: 'webgpu', reason: 'asked-software' });
});

test('asking for WebGPU where it can not run falls back with the reason', () => {
  assert.deepEqual(chooseBackend('webgpu', { ...hardware, adapter: false }), { backend: 'cpu', reason: 'no-adapter' });
});

test('software rasterisers are known by flag or by name', () => {
  assert.ok(isSoftware({ isFallbackAdapter: true }));
  assert.ok(isSoftware({ vendor: 'google', architecture: 'swiftshader' }));
  assert.ok(isSoftware({ description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }));
  assert.ok(!isSoftware({ vendor: 'nvidia', architecture: 'hopper', description: 'NVIDIA H200' }));
});
