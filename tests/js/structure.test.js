// Where things may lie in www/, and what may import what. Imports of types alone are free.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { test } from 'node:test';

const WWW = new URL('../../www/', import.meta.url);

/** What each folder may import from, beside itself. Files right in www/ may import everything. */
const MAY = {
  model: [],
  state: ['model'],
  worker: ['model', 'place.js'],
  data: ['model', 'place.js'],
  session: ['model', 'state', 'worker', 'data', 'place.js'],
  visit: ['model', 'state', 'data', 'session', 'place.js'],
  element: ['model', 'state', 'data', 'session', 'visit', 'place.js'],
  words: [],
  views: ['model', 'state', 'data', 'session', 'words', 'place.js'],
  article: ['model', 'state', 'words', 'views', 'place.js'],
};
const ENTRIES = [
  'article.js', 'bench-worker.js', 'bench.js', 'embed-height.js', 'embed.js', 'offline.js', 'own-worker.js', 'pruning-playground.js', 'service-worker-end.js',
  'service-worker.js', 'worker.js', 'embed-height.d.ts', 'pruning-playground.d.ts', 'article.css', 'bench.css', 'embed.css', 'page.css', 'widget.css',
];

const names = readdirSync(WWW, { recursive: true }).map(String);
/** Sources without their comments, by their paths from www/. */
const sources = new Map(names.filter((name) => /(?<!\.test)\.js$/u.test(name)).map((name) => (
  [name, readFileSync(new URL(name, WWW), 'utf8').replace(/\/\*\*[^]*?\*\/|^\s*\/\/.*$/gmu, '')])));
const importsOf = (name) => [...sources.get(name).matchAll(/(?:\bfrom|\bimport)\s*\(?'(\.[^']+)'/gu)]
  .map(([, path]) => posix.join(posix.dirname(name), path)).filter((path) => !path.startsWith('..'));
const folderOf = (name) => name.split('/')[0];

test('right in www/ lie what pages, workers and other sites load, the types of that, and place.js', () => {
  const files = names.filter((name) => /^[^/]+\.[^/]+$/u.test(name) && !name.endsWith('.test.js'));
  assert.deepEqual(files.sort(), [...ENTRIES, 'place.js'].sort());
});

test('a folder imports only from those below it', () => {
  for (const name of sources.keys()) {
    const [folder, may] = [folderOf(name), MAY[folderOf(name)]];
    assert.ok(may || !name.includes('/'), `${folder}/ has no rule`);
    const wrong = may ? importsOf(name).filter((path) => folderOf(path) !== folder && !may.includes(folderOf(path))) : [];
    assert.deepEqual(wrong, [], name);
  }
});

test('no file leads back to itself', () => {
  const [open, done] = [new Set(), new Set()];
  const visit = (name) => {
    if (done.has(name)) return;
    assert.ok(!open.has(name), `a cycle: ${[...open, name].join(' > ')}`);
    open.add(name);
    importsOf(name).forEach(visit);
    open.delete(name);
    done.add(name);
  };
  [...sources.keys()].forEach(visit);
});

test('only place.js asks for its own address: bundled, all modules lie in its folder', () => {
  assert.deepEqual([...sources.keys()].filter((name) => sources.get(name).includes('import.meta.url')), ['place.js']);
});
