import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseBackend, isSoftware, reasonForCpu } from './backend.js';

const hardware = { api: true, adapter: true, software: false, timestampQuery: true };

const LACKS = [['api', false, 'no-webgpu'], ['adapter', false, 'no-adapter'], ['timestampQuery', false, 'no-timestamps']];

test('left to the page, the CPU begins everywhere, and the reason says whether WebGPU may follow', () => {
  assert.equal(reasonForCpu(hardware), 'hardware');
  for (const [fact, value, reason] of [...LACKS, ['software', true, 'software']]) {
    assert.equal(reasonForCpu({ ...hardware, [fact]: value }), reason);
  }
});

test('asking for WebGPU takes any adapter, and says so of a software one', () => {
  assert.deepEqual(chooseBackend(hardware), { backend: 'webgpu', reason: 'asked' });
  assert.deepEqual(chooseBackend({ ...hardware, software: true }), { backend: 'webgpu', reason: 'asked-software' });
});

test('asking for WebGPU where it can not run falls back with the reason', () => {
  for (const [fact, value, reason] of LACKS) assert.deepEqual(chooseBackend({ ...hardware, [fact]: value }), { backend: 'cpu', reason });
});

test('software rasterisers are known by flag or by name', () => {
  assert.ok(isSoftware({ isFallbackAdapter: true }));
  assert.ok(isSoftware({ vendor: 'google', architecture: 'swiftshader' }));
  assert.ok(isSoftware({ description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }));
  assert.ok(!isSoftware({ vendor: 'nvidia', architecture: 'hopper', description: 'NVIDIA H200' }));
});
