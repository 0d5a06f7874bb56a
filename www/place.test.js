import assert from 'node:assert/strict';
import { test } from 'node:test';
import { siteOf } from './place.js';

test('the site is the same for a script of any version and for one without', () => {
  for (const script of ['www/pruning-playground.js', 'www/share-HASH.js', 'v/0123456789abcdef/www/pruning-playground.js']) {
    assert.equal(siteOf(`https://example.org/v/lesson/${script}`), 'https://example.org/v/lesson/');
  }
});
