import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { SETTINGS } from '../model/settings.js';
import * as forgotten from './forgotten.js';
import { PARTS } from './index.js';
import * as meterPanel from './meter-panel.js';
import { pickLanguage, translator } from './strings.js';
import english from './words-en.js';
import chinese from './words-zh-CN.js';

const WWW = new URL('../', import.meta.url);
/** Those of the first screen, and those that come with what is folded away. */
const STRINGS = { en: { ...english, ...forgotten.en, ...meterPanel.en }, 'zh-CN': { ...chinese, ...forgotten.zh, ...meterPanel.zh } };

const slots = (sentence) => [...sentence.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name).sort();

test('both languages have the same sentences with the same slots', () => {
  const [en, zh] = [STRINGS.en, STRINGS['zh-CN']];
  assert.deepEqual(Object.keys(zh), Object.keys(en));
  for (const [key, sentence] of Object.entries(en)) {
    assert.ok(sentence.length > 0 && zh[key].length > 0, key);
    assert.deepEqual(slots(zh[key]), slots(sentence), key);
  }
});

test('no sentence takes the place of another part’s', () => {
  for (const language of ['en', 'zh']) {
    const keys = [...PARTS, forgotten, meterPanel].flatMap((part) => Object.keys(part[language]));
    assert.deepEqual(keys.filter((key, i) => keys.indexOf(key) !== i), []);
  }
});

test('every sentence that the page asks for by a fixed key exists', async () => {
  const files = (await readdir(WWW, { recursive: true })).filter((name) => /(?<!\.test)\.js$/u.test(name));
  for (const name of files) {
    const source = await readFile(new URL(name, WWW), 'utf8');
    for (const [, key] of source.matchAll(/(?:\bt|notify)\('([a-z0-9-]+)'/gu)) assert.ok(key in STRINGS.en, `${name}: ${key}`);
  }
});

test('every choice of a control has its word', () => {
  for (const { name, kind, choices } of SETTINGS) {
    if (kind === 'choice' && name !== 'lang') {
      for (const choice of choices) assert.ok(`${name}-${choice}` in STRINGS.en, `${name}-${choice}`);
    }
  }
});

test('every criterion has its sentence, its meaning, its source and its symbol', () => {
  for (const criterion of SETTINGS.find(({ name }) => name === 'criterion').choices) {
    for (const what of ['about', 'meaning', 'source', 'symbol', 'short']) assert.ok(`${what}-${criterion}` in STRINGS.en, `${what}-${criterion}`);
  }
});

test('every error code of the core has its sentence', async () => {
  const types = await readFile(new URL('generated/protocol.d.ts', WWW), 'utf8');
  const codes = /type ErrorCode = ([^;]+);/u.exec(types)[1].match(/[a-z-]+/gu);
  assert.ok(codes.length > 0);
  // That something was given up is told to nobody.
  for (const code of codes.filter((each) => each !== 'cancelled')) assert.ok(`error-${code}` in STRINGS.en, code);
});

test('in Chinese what the core or the browser says in English stands behind a whole sentence, as a detail', () => {
  for (const [key, sentence] of Object.entries(STRINGS['zh-CN'])) {
    if (!sentence.includes('{message}') || key === 'trouble-details') continue;
    assert.match(sentence, /^[^{]*(?:\{(?!message)\w+\}[^{]*)*。（详情：\{message\}）$/u, key);
  }
});

test('any Chinese is read as Simplified Chinese and any unknown language as English', () => {
  assert.equal(pickLanguage(['auto', null, 'zh-TW', 'en']), 'zh-CN');
  assert.equal(pickLanguage(['de', 'fr']), 'en');
  assert.equal(pickLanguage(['en-GB', 'zh-CN']), 'en');
});

test('slots are filled and unknown keys stay readable', async () => {
  const t = await translator('en');
  assert.equal(t('epoch', { epoch: '12' }), 'Epoch 12');
  assert.equal(t('no-such-key'), 'no-such-key');
});
