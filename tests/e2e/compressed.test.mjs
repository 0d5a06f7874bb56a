// What goes over the wire: the site as a host sends it that takes the compressed copies in place of the files.

import assert from 'node:assert/strict';
import { get } from 'node:http';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { SITE } from './browser.mjs';

/** @returns {Promise<{type: string, coding: string | undefined, bytes: Buffer}>} */
function fetched(path, accepted) {
  return new Promise((resolve, reject) => {
    get(new URL(path, SITE), { headers: { 'accept-encoding': accepted } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ type: response.headers['content-type'], coding: response.headers['content-encoding'], bytes: Buffer.concat(chunks) }));
    }).on('error', reject);
  });
}

test('bundle, scripts, styles and pages come compressed with their media type, and unpack to the files', async () => {
  const page = (await fetched('index.html', 'identity')).bytes.toString();
  const folder = /v\/[0-9a-f]{16}\//u.exec(page)[0];
  for (const [path, type] of [
    ['index.html', 'text/html'], [`${folder}www/worker.js`, 'text/javascript'], [`${folder}www/widget.css`, 'text/css'],
    [`${folder}pkg/cpu/playground_bg.wasm`, 'application/wasm'],
  ]) {
    const plain = await fetched(path, 'identity');
    assert.equal(plain.coding, undefined, path);
    for (const [accepted, coding, unpack] of [['gzip, deflate, br', 'br', brotliDecompressSync], ['gzip', 'gzip', gunzipSync]]) {
      const sent = await fetched(path, accepted);
      assert.equal(sent.coding, coding, path);
      assert.ok(sent.type.startsWith(type), `${path} is ${sent.type}`);
      assert.ok(sent.bytes.length < plain.bytes.length / 2, `${path}: ${sent.bytes.length} of ${plain.bytes.length} bytes`);
      assert.ok(unpack(sent.bytes).equals(plain.bytes), path);
    }
  }
});

test('the service worker keeps no compressed copy of its own', async () => {
  const script = (await fetched('service-worker.js', 'identity')).bytes.toString();
  const site = JSON.parse(/^const SITE=(.*);$/mu.exec(script)[1]);
  const copies = [...Object.keys(site.files), ...Object.keys(site.pages)].filter((path) => /\.(js|css|html|json|svg|wasm)\.(br|gz)$/u.test(path));
  assert.deepEqual(copies, []);
});
