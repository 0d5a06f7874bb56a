import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isReplaced } from './version.js';

const [OWN, NEXT] = ['0123456789abcdef', 'fedcba9876543210'];
const address = `https://example.org/v/${OWN}/www/`;
const entry = (version) => async () => new Response(`export * from '../v/${version}/www/pruning-playground.js';\n`);

test('the site is another one where its entry leads to another version', async () => {
  assert.equal(await isReplaced(address, entry(NEXT)), true);
  assert.equal(await isReplaced(address, entry(OWN)), false);
});

test('what can not be found out is no new version', async () => {
  assert.equal(await isReplaced(address, async () => { throw new TypeError('offline'); }), false);
  assert.equal(await isReplaced(address, async () => new Response('', { status: 404 })), false);
  assert.equal(await isReplaced(address, async () => new Response('<!doctype html>')), false);
  assert.equal(await isReplaced('http://localhost/www/', entry(NEXT)), false);
});
