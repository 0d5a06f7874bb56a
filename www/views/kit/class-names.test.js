import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { translate } from '../../words/translate.js';
import en from '../../words/words-en.js';
import zh from '../../words/words-zh-CN.js';
import { areShort, classNames } from './class-names.js';

/** The names that the core has in a source file, in their order. */
function inCore(file, constant) {
  const source = readFileSync(new URL(`../../../src/data/${file}`, import.meta.url), 'utf8');
  const [, list] = new RegExp(`const ${constant}: \\[&str; 10\\] = \\[([^\\]]*)\\]`, 'u').exec(source);
  return [...list.matchAll(/"([^"]*)"/gu)].map(([, name]) => name);
}

const SETS = [['shapes', 'shapes.rs', 'CLASSES'], ['cifar-10', 'cifar.rs', 'CLASSES'], ['fashion-mnist', 'idx.rs', 'FASHION']];

for (const [id, file, constant] of SETS) {
  test(`the classes of ${id} are the core's in English, and all have their own word in Chinese`, () => {
    const dataset = { id, classes: inCore(file, constant) };
    assert.equal(dataset.classes.length, 10);
    assert.deepEqual(classNames(dataset, translate(en)), dataset.classes);
    const chinese = classNames(dataset, translate(zh));
    assert.equal(new Set(chinese).size, 10);
    for (const name of chinese) assert.match(name, /\p{Script=Han}/u);
  });
}

test('numerals and the names of own folders stay as they are', () => {
  for (const id of ['digits', 'mnist', 'own']) assert.deepEqual(classNames({ id, classes: ['0', 'class-own-1'] }, translate(zh)), ['0', 'class-own-1']);
});

test('digits are short; a Chinese sign is as wide as two letters', () => {
  assert.deepEqual([['0', '9'], ['10'], ['鸟'], ['飞机'], ['cat']].map(areShort), [true, true, true, false, false]);
});
