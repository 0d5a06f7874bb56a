import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packed, sizeOf, unpacked } from './checkpoint.js';

test('a small checkpoint stays bytes, a large one becomes a blob of the same bytes', async () => {
  for (const [size, kind] of [[0, Uint8Array], [1024 * 1024, Uint8Array], [1024 * 1024 + 1, Blob]]) {
    const bytes = new Uint8Array(size).map((_, i) => i % 251);
    const made = packed(bytes);
    assert.ok(made instanceof kind, String(size));
    assert.equal(sizeOf(made), size);
    assert.deepEqual(await unpacked(made), bytes);
    assert.equal(packed(made), made);
  }
});
