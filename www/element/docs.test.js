// What is written for those who embed the element says what the table of settings says. UPDATE_DOCS=1 writes it anew.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { SETTINGS, format } from '../model/settings.js';
import { translator } from '../words/strings.js';
import { propertyOf } from './settings.js';

const words = await translator('en');

/** Settings that the page shows without a label of this name. */
const MEANINGS = {
  sparsity: 'Place of the slider',
  distil: 'Fine-tune against the dense network',
  alpha: 'Weight of the labels in distillation',
  temperature: 'Temperature of the distillation',
  lang: 'Language; `auto` takes that of the text around, else the browser\'s',
};

const meaning = (name) => (words(`setting-${name}`) === `setting-${name}` ? MEANINGS[name] : words(`setting-${name}`));

function typeOf({ kind, choices }) {
  const types = { number: 'number', integer: 'number', flag: 'boolean', text: 'string', widths: '[number, number]', shares: 'number[]', steps: 'number[]' };
  return types[kind] ?? choices.map((choice) => (typeof choice === 'number' ? String(choice) : `'${choice}'`)).join(' | ');
}

function rangeOf({ kind, choices, min, max, above }) {
  if (kind === 'choice') return choices.map((choice) => `\`${choice}\``).join(', ');
  if (kind === 'flag') return '`true`, `false`; without a value: `true`';
  if (kind === 'text') return `a preset (\`lenet-5\`, \`conv-4/2\`), or layer by layer (\`c3-8_r_p2_f\`), at most ${max} letters`;
  const range = `${above ? 'above ' : ''}${min} to ${max}`;
  if (kind === 'shares') return `a number, or by hand one for each layer, ${range}`;
  if (kind === 'steps') return `at most 16 training steps, each later than the one before, ${range}`;
  if (kind === 'widths') return `two whole numbers, ${range}`;
  return kind === 'integer' ? `whole number, ${range}` : range;
}

const key = (name) => (name.includes('-') ? `'${name}'` : name);

function typesText() {
  const line = (name, row) => `  /** ${meaning(row.name).replaceAll('`', '')}. */\n  ${name}: ${typeOf(row)};\n`;
  const settings = SETTINGS.map((row) => line(key(row.name), row)).join('');
  const properties = SETTINGS.filter(({ name }) => name !== 'lang').map((row) => line(propertyOf(row.name), row)).join('');
  return `
/** The settings by the names that they have as attributes and in addresses. */
export interface PlaygroundSettings {
${settings}}

/** The settings as properties of the element. */
export interface PlaygroundProperties {
${properties}}
`;
}

function tableText() {
  const rows = SETTINGS.map((row) => `| \`${row.name}\` | \`${propertyOf(row.name)}\` | ${rangeOf(row)} | \`${format(row.initial)}\` | ${meaning(row.name)} |`);
  return ['', '', '| attribute | property | values | default | |', '| --- | --- | --- | --- | --- |', ...rows, '', ''].join('\n');
}

/** What stands in a file between two marks, and what should. */
async function check(path, [start, end], wanted) {
  const url = new URL(path, import.meta.url);
  const text = await readFile(url, 'utf8');
  const from = text.indexOf(start) + start.length;
  const to = text.indexOf(end);
  assert.ok(from >= start.length && to >= from, `${path} has its marks`);
  if (process.env.UPDATE_DOCS) return writeFile(url, text.slice(0, from) + wanted + text.slice(to));
  return assert.equal(text.slice(from, to), wanted, `${path} is stale: run UPDATE_DOCS=1 npm test`);
}

test('every setting has a sentence that says what it is', () => {
  for (const { name } of SETTINGS) assert.ok(meaning(name), name);
});

test('the published types have each setting, as an attribute and as a property, with its values', () => (
  check('../pruning-playground.d.ts', ['// settings\n', '// end of settings'], typesText())
));

test('the table of attributes and properties is that of the settings', () => (
  check('../../docs/embedding.md', ['<!-- settings -->', '<!-- end of settings -->'], tableText())
));
