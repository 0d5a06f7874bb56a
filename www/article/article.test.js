// The article of index.html: the same in both languages, and true to what was measured.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import english from '../words/words-en.js';
import { SCENARIOS } from './scenarios.js';

const ROOT = new URL('../../', import.meta.url);
const read = (path) => readFile(new URL(path, ROOT), 'utf8');
const shell = await read('index.html');
const parts = await Promise.all([...shell.matchAll(/<!--\+ (\S+) -->\n/gu)].map(([, path]) => read(path)));
const page = [shell, ...parts].join('');
const measured = await readFile(new URL('../../docs/methods.md', import.meta.url), 'utf8');
const [en, zh] = ['en', 'zh-CN'].map((lang) => new RegExp(`<article lang="${lang}"[^]*?</article>`, 'u').exec(page)?.[0] ?? '');
const all = (pattern, text) => [...text.matchAll(pattern)].map(([, found]) => found);

/** The sections of an article, by their names. */
function sections(article) {
  const found = all(/(<section id="[^]*?<\/section>)/gu, article);
  return Object.fromEntries(found.map((text) => [/id="(?:zh-)?([a-z]+)"/u.exec(text)[1], text]));
}

test('both languages have the same sections, formulas, figures, buttons and sources', () => {
  const [english, chinese] = [sections(en), sections(zh)];
  assert.ok(Object.keys(english).length >= 9);
  assert.deepEqual(Object.keys(chinese), Object.keys(english));
  for (const [name, section] of Object.entries(english)) {
    for (const pattern of [/data-try="([^"]+)"/gu, /href="#(ref-[^"]+)"/gu, /(<math display="block">.*?<\/math>)/gu, /<(table|svg|pattern|circle|rect)\b/gu]) {
      assert.deepEqual(all(pattern, chinese[name]), all(pattern, section), `${name}: ${pattern}`);
    }
  }
});

test('both languages quote the same numbers', () => {
  const numbers = (text) => [...new Set(text.replaceAll(/<[^>]*>/gu, ' ').match(/\d[\d,]*(?:\.\d+)?\d/gu))].sort();
  const [english, chinese] = [sections(en), sections(zh)];
  for (const [name, section] of Object.entries(english)) assert.deepEqual(numbers(chinese[name]), numbers(section), name);
});

test('every section has a button, every button a scenario, and every scenario a button', () => {
  for (const [name, section] of Object.entries(sections(en))) assert.match(section, /data-try=/u, name);
  assert.deepEqual(all(/data-try="([^"]+)"/gu, en).sort(), Object.keys(SCENARIOS).sort());
});

test('every link within the page has its place, and every place one name', () => {
  const ids = all(/\sid="([^"]+)"/gu, page);
  assert.equal(new Set(ids).size, ids.length);
  for (const target of all(/href="#([^"]+)"/gu, page)) assert.ok(ids.includes(target), target);
});

test('every source is cited, with its authors, year and address', () => {
  const cited = new Set(all(/href="#(ref-[^"]+)"/gu, page));
  const sources = [...page.matchAll(/<li id="(ref-[^"]+)">(.*?)<\/li>/gu)];
  assert.ok(sources.length > 10);
  for (const [, id, text] of sources) {
    assert.ok(cited.has(id), `${id} is cited`);
    assert.match(text, /^\S.+ \((?:19|20)\d\d\)\. <a href="https:\/\/[^"]+"[^>]*>[^<]+<\/a>\. [^<]+\.$/u, id);
    assert.ok(text.includes(`(${id.slice(-4)})`), `${id} has its year`);
  }
});

test('every measured figure is in docs/methods.md', () => {
  for (const table of all(/<table class="measured">([^]*?)<\/table>/gu, page)) {
    const cells = all(/<td>([\d.]+)<\/td>/gu, table);
    assert.ok(cells.length > 0);
    for (const cell of cells) assert.ok(measured.includes(cell), cell);
  }
  const inText = all(/<p>(.*?)<\/p>/gu, Object.values(sections(en)).join('')).flatMap((text) => text.replaceAll(/<[^>]*>/gu, '').match(/\b\d\d\.\d\b/gu) ?? []);
  assert.ok(inText.length > 10);
  for (const figure of inText) assert.ok(measured.includes(figure), figure);
});

test('what a button does has its words', () => {
  for (const what of ['waiting', 'configure', 'until', 'restore', 'setSparsity', 'prune', 'fineTune', 'follow', 'done', 'done-macs', 'taken-over', 'stopped', 'failed']) {
    assert.ok(`try-${what}` in english, what);
  }
});

test('the markup holds no inline style or script, which the content security policy would refuse', () => {
  assert.doesNotMatch(page, /\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)/u);
});
