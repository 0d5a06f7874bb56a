import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { en, zh } from '../words/article.js';
import { followTitle } from './title.js';

test('the titles that the pages come with are the English ones', async () => {
  for (const [page, key] of [['index.html', 'page-title'], ['embed.html', 'embed-title']]) {
    const html = await readFile(new URL(`../../${page}`, import.meta.url), 'utf8');
    assert.equal(/<title>(.*)<\/title>/u.exec(html)[1], en[key]);
  }
});

test('the title is in the language of the page, also after that has changed', () => {
  let change = () => {};
  globalThis.MutationObserver = class {
    constructor(told) { change = told; }
    observe() {}
  };
  globalThis.document = { title: 'Pruning', documentElement: { lang: 'en' } };
  followTitle('page-title');
  assert.equal(document.title, en['page-title']);
  document.documentElement.lang = 'zh-CN';
  change();
  assert.equal(document.title, zh['page-title']);
});
