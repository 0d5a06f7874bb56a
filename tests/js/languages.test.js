// What a browser says of its languages must not end the page, whatever it is.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'bundle-'));
after(() => rmSync(out, { recursive: true }));

test('the charts can be loaded where the browser names a language that does not exist', async () => {
  const order = { out, modules: ['views/kit/chart.js'], workers: [], styles: [], glue: {} };
  execFileSync('node', ['scripts/bundle.mjs', JSON.stringify(order)], { cwd: root });
  assert.throws(() => new Intl.NumberFormat('C'), RangeError);
  Object.defineProperty(globalThis, 'navigator', { value: { language: 'C', languages: ['C'] }, configurable: true });
  const events = { addEventListener() {}, removeEventListener() {}, dispatchEvent() {} };
  Object.assign(globalThis, { ...events, window: globalThis, document: { ...events }, devicePixelRatio: 1, CustomEvent: Event, matchMedia: () => events });
  const { createChart } = await import(pathToFileURL(join(out, 'www/chart.js')).href);
  assert.equal(typeof createChart, 'function');
});
