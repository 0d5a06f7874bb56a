import assert from 'node:assert/strict';
import { test } from 'node:test';
import { persistently } from './persistently.js';

test('what could not be loaded is asked for under another address, since browsers remember the failure', async () => {
  const failing = async () => { throw new TypeError('Failed to fetch dynamically imported module: https://example.org/v/1/www/words-en-X.js'); };
  const asked = [];
  const loadFrom = async (address) => { asked.push(address); return 'words'; };
  assert.equal(await persistently(failing, loadFrom), 'words');
  assert.equal(await persistently(failing, loadFrom), 'words');
  assert.match(asked.join(' '), /^https:\/\/example\.org\/v\/1\/www\/words-en-X\.js\?again=(\d+) https:\/\/example\.org\/v\/1\/www\/words-en-X\.js\?again=(?!\1)\d+$/u);
  await assert.rejects(persistently(async () => { throw new Error('no address'); }, loadFrom), /no address/u);
});
