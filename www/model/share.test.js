import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileName, networkName } from './file-names.js';
import { defaults, fromHash, fromPairs } from './settings.js';
import { embedCode, linkTo, settingsNow } from './share.js';

const SCRIPT = 'https://example.org/a/www/pruning-playground.js';

/** The attributes of the element in the markup. */
function attributesOf(code) {
  const tag = /<pruning-playground([^>]*)>/u.exec(code)[1];
  return [...tag.matchAll(/ ([a-z-]+)="([^"]*)"/gu)].map(([, name, value]) => [name, value]);
}

test('a link holds every setting and where the slider stands, on the page that it is given', () => {
  const settings = { ...defaults(), seed: 42, widths: [12, 34], criterion: 'synflow' };
  const now = settingsNow({ settings, selection: { by: 'fraction', value: 0.6 } }, null);
  const url = new URL(linkTo(now, 'https://example.org/a/?x=1&backend=cpu#old'));
  assert.equal(url.origin + url.pathname + url.search, 'https://example.org/a/?x=1');
  assert.deepEqual(fromHash(url.hash), { settings: { ...settings, sparsity: [0.6] }, rejected: [] });
});

test('a threshold is passed on as the share that it cuts, and sliders by hand one by one', () => {
  const settings = defaults();
  const cut = { units: 1, unitsTotal: 3 };
  assert.deepEqual(settingsNow({ settings, selection: { by: 'threshold', value: 0.1 } }, cut).sparsity, [0.3333333]);
  assert.equal(Math.round(0.3333333 * 300_000), 100_000);
  assert.deepEqual(settingsNow({ settings, selection: { by: 'layers', value: [0, 0.25, 1] } }, cut).sparsity, [0, 0.25, 1]);
  assert.deepEqual(settingsNow({ settings: { ...settings, granularity: '2:4' }, selection: { by: 'fraction', value: 0.5 } }, cut).sparsity, [0.5]);
});

test('the embed code names only what differs from the defaults, and read back gives the same settings', () => {
  assert.equal(embedCode(defaults(), SCRIPT), `<script type="module" src="${SCRIPT}"></script>\n<pruning-playground></pruning-playground>`);
  const settings = { ...defaults(), dataset: 'shapes', widths: [16, 32], granularity: '2:4', 'never-empty': true, sparsity: [0.5] };
  const pairs = attributesOf(embedCode(settings, SCRIPT));
  assert.deepEqual(pairs.map(([name]) => name), ['dataset', 'widths', 'granularity', 'never-empty', 'sparsity']);
  assert.deepEqual(fromPairs(pairs), { settings, rejected: [] });
});

test('an address can not break out of the embed code', () => {
  const code = embedCode(defaults(), 'https://example.org/?a=1&b="><script>alert(1)</script>');
  assert.equal(code.split('\n').length, 2);
  assert.equal(code.match(/<script/gu).length, 1);
});

test('the names of files say what they hold', () => {
  const state = { settings: { ...defaults(), seed: 7 }, training: { step: 300 } };
  assert.equal(fileName(state, 'curve', 'csv'), 'pruning-playground-digits-seed7-step300-curve.csv');
  const exported = { sparsity: 0.79989, step: 300, network: 'masked', format: 'safetensors' };
  assert.equal(networkName('digits', exported), 'pruning-playground-digits-step300-sparsity0.7999.safetensors');
  assert.equal(networkName('digits', { ...exported, network: 'compacted', format: 'onnx' }), 'pruning-playground-digits-step300-sparsity0.7999-compacted.onnx');
});
