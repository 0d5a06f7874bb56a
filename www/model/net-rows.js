// A short text as a tree of layers and blocks, and what can be done to it: adding, removing, moving, widening. Pure.

import { FIELDS, readWord, writeWord } from './net-text.js';

/** A layer, or a block of two branches that are added up. @typedef {string | {branches: [Item[], Item[]]}} Item */

/** Where an item is: its place in the list, and within a block the branch and the place there, and so on. @typedef {number[]} Path */

/**
 * A line of the list: a layer, or where a block begins, goes over to its second branch, and ends.
 * @typedef {object} Row
 * @property {'layer' | 'open' | 'other' | 'close'} type
 * @property {Path} path
 * @property {number} depth
 * @property {string} word
 * @property {string | null} name What the core calls it.
 */

/**
 * @param {string} text Words with one space between.
 * @returns {Item[] | null} null where its brackets don't match.
 */
export function readTree(text) {
  /** @type {Item[]} */
  const top = [];
  /** @type {{block: {branches: [Item[], Item[]]}, list: Item[], second: boolean}[]} */
  const open = [];
  let list = top;
  for (const word of text.split(' ').filter((each) => each !== '')) {
    const last = open.at(-1);
    if (word === '[') {
      const block = { branches: /** @type {[Item[], Item[]]} */ ([[], []]) };
      list.push(block);
      open.push({ block, list, second: false });
      list = block.branches[0];
    } else if (word === '|') {
      if (!last || last.second) return null;
      last.second = true;
      list = last.block.branches[1];
    } else if (word === ']') {
      if (!last?.second) return null;
      list = last.list;
      open.pop();
    } else {
      list.push(word);
    }
  }
  return open.length === 0 ? top : null;
}

/**
 * @param {readonly Item[]} tree
 * @returns {string}
 */
export function writeTree(tree) {
  return tree.map((item) => (typeof item === 'string' ? item : ['[', ...item.branches.map(writeTree).flatMap((branch, i) => (i === 0 ? [branch, '|'] : [branch])), ']'].filter((part) => part !== '').join(' '))).join(' ');
}

/**
 * @param {readonly Item[]} tree
 * @returns {Row[]}
 */
export function rowsOf(tree) {
  /** @type {Row[]} */
  const rows = [];
  /** @type {Record<string, number>} */
  const counts = {};
  const onlyOne = words(tree).filter((word) => word.startsWith('f')).length === 1;
  const name = (/** @type {string} */ prefix) => {
    counts[prefix] = (counts[prefix] ?? 0) + 1;
    return prefix === 'fc' && onlyOne ? 'fc' : `${prefix}${counts[prefix]}`;
  };
  const walk = (/** @type {readonly Item[]} */ list, /** @type {Path} */ at, /** @type {number} */ depth) => list.forEach((item, i) => {
    const path = [...at, i];
    if (typeof item === 'string') {
      const prefix = PREFIXES[readWord(item)?.kind ?? ''];
      rows.push({ type: 'layer', path, depth, word: item, name: prefix ? name(prefix) : null });
      return;
    }
    rows.push({ type: 'open', path, depth, word: '[', name: null });
    walk(item.branches[0], [...path, 0], depth + 1);
    rows.push({ type: 'other', path, depth, word: '|', name: null });
    walk(item.branches[1], [...path, 1], depth + 1);
    rows.push({ type: 'close', path, depth, word: ']', name: name('add') });
  });
  walk(tree, [], 0);
  return rows;
}

/** @type {Record<string, string>} */
const PREFIXES = {
  conv: 'conv', depthwise: 'conv', linear: 'fc', 'batch-norm': 'bn', relu: 'relu', relu6: 'relu', 'slice-pad': 'shortcut', dropout: 'drop',
  'max-pool': 'pool', 'avg-pool': 'pool', 'global-avg-pool': 'pool',
};

/**
 * @param {readonly Item[]} tree
 * @returns {string[]}
 */
function words(tree) {
  return tree.flatMap((item) => (typeof item === 'string' ? [item] : item.branches.flatMap(words)));
}

/**
 * @param {readonly Item[]} tree
 * @param {Path} path
 * @param {(list: Item[], index: number) => void} change
 * @returns {Item[]}
 */
function changed(tree, path, change) {
  const copy = structuredClone([...tree]);
  let list = copy;
  for (let i = 0; i + 2 < path.length; i += 2) {
    const item = list[path[i]];
    if (typeof item === 'string' || !item) return copy;
    list = item.branches[path[i + 1]];
  }
  change(list, path[path.length - 1]);
  return copy;
}

/**
 * @param {readonly Item[]} tree
 * @param {Path} path
 */
export function removed(tree, path) {
  return changed(tree, path, (list, i) => list.splice(i, 1));
}

/**
 * @param {readonly Item[]} tree
 * @param {Path} path
 * @param {string} text A word, or a whole block.
 */
export function replaced(tree, path, text) {
  return changed(tree, path, (list, i) => list.splice(i, 1, ...readTree(text) ?? []));
}

/**
 * @param {readonly Item[]} tree
 * @param {Path | null} path null: at the beginning.
 * @param {string} text
 */
export function insertedAfter(tree, path, text) {
  const added = readTree(text) ?? [];
  return path ? changed(tree, path, (list, i) => list.splice(i + 1, 0, ...added)) : [...added, ...tree];
}

/**
 * Into the empty branch of a block.
 * @param {readonly Item[]} tree
 * @param {Path} path Of the block.
 * @param {0 | 1} branch
 * @param {string} text
 */
export function insertedInto(tree, path, branch, text) {
  const added = readTree(text) ?? [];
  return changed(tree, path, (list, i) => {
    const item = list[i];
    if (typeof item !== 'string') item.branches[branch].unshift(...added);
  });
}

/**
 * The same where it can go no further within its list.
 * @param {readonly Item[]} tree
 * @param {Path} path
 * @param {1 | -1} by
 * @returns {{tree: Item[], path: Path}}
 */
export function moved(tree, path, by) {
  let to = path[path.length - 1];
  const next = changed(tree, path, (list, i) => {
    to = Math.max(0, Math.min(list.length - 1, i + by));
    const [item] = list.splice(i, 1);
    list.splice(to, 0, item);
  });
  return { tree: next, path: [...path.slice(0, -1), to] };
}

/**
 * Filters, channels and outputs times a factor, of every layer that has a number of them.
 * @param {readonly Item[]} tree
 * @param {number} factor
 * @returns {Item[]}
 */
export function widened(tree, factor) {
  return tree.map((item) => (typeof item === 'string'
    ? widenedWord(item, factor)
    : { branches: /** @type {[Item[], Item[]]} */ (item.branches.map((branch) => widened(branch, factor))) }));
}

/**
 * @param {string} word
 * @param {number} factor
 */
export function widenedWord(word, factor) {
  const read = readWord(word);
  if (!read) return word;
  const values = { ...read.values };
  for (const { name, most } of FIELDS[read.kind]) {
    // A linear layer of none has as many as there are classes.
    if (WIDTHS.has(name) && values[name] > 0) values[name] = Math.max(1, Math.min(most, Math.round(values[name] * factor)));
  }
  return writeWord(read.kind, values);
}

const WIDTHS = new Set(['out', 'channels']);

/**
 * Whether a word has filters or outputs of its own to widen.
 * @param {string} word
 */
export function mayWiden(word) {
  return widenedWord(word, 2) !== word;
}
