// Networks as short texts, as the core reads them (src/net/text.rs): how they stand in an address, and layer by layer. Pure.

/**
 * As it stands in an address: nothing in it that is written there as a percent sign and two digits.
 * @param {string} text
 */
export function inAddress(text) {
  if (isJson(text)) return text;
  return text.replaceAll(' ', '_').replaceAll('[', '(').replaceAll('|', '~').replaceAll(']', ')');
}

/**
 * As the page has it, words with one space between, from an address or from what somebody has written.
 * @param {string} text
 */
export function fromAddress(text) {
  if (isJson(text)) return text;
  return text.replaceAll('(', '[').replaceAll('~', '|').replaceAll(')', ']').replaceAll(/([[\]|])/gu, ' $1 ').replaceAll(/[\s_+,]+/gu, ' ').trim();
}

/** @param {string} text */
function isJson(text) {
  return text.startsWith('{');
}

/** Kinds of layers by their letters. @type {Record<string, string>} */
const KINDS = {
  c: 'conv', d: 'depthwise', b: 'batch-norm', r: 'relu', p: 'max-pool', a: 'avg-pool', g: 'global-avg-pool', f: 'linear', o: 'dropout', z: 'slice-pad',
};

/**
 * A number of a layer: `mark` comes before it, `usual` is what it is where none is written.
 * @typedef {{name: string, mark: string, usual?: (kernel: number) => number, least: number, most: number}} Field
 */

const MOST_CHANNELS = 4096;
/** @type {Field} */
const STRIDE = { name: 'stride', mark: 's', usual: () => 1, least: 1, most: 4 };
/** @type {Field} */
const PADDING = { name: 'padding', mark: 'p', usual: (kernel) => Math.floor(kernel / 2), least: 0, most: 8 };
/** @type {Field} */
const KERNEL = { name: 'kernel', mark: '', least: 1, most: 11 };
/** @type {Field} */
const OUT = { name: 'out', mark: '-', least: 1, most: MOST_CHANNELS };
/** @type {Field[]} */
const POOL = [{ ...KERNEL, name: 'window' }, { ...STRIDE, usual: (window) => window }];

/** The numbers of each kind. A linear layer without one has as many outputs as there are classes. @type {Record<string, Field[]>} */
export const FIELDS = {
  conv: [OUT, KERNEL, STRIDE, PADDING], depthwise: [KERNEL, STRIDE, PADDING], 'batch-norm': [], relu: [], relu6: [], 'max-pool': POOL, 'avg-pool': POOL,
  'global-avg-pool': [], linear: [{ ...OUT, usual: () => 0, least: 0 }], dropout: [{ name: 'percent', mark: '', least: 0, most: 95 }],
  'slice-pad': [{ ...STRIDE, mark: '', usual: undefined }, { ...OUT, name: 'channels' }],
};

/** What a layer of each kind is when it is added. @type {Record<string, string>} */
export const NEW_WORDS = {
  conv: 'c3-16', depthwise: 'd3', 'batch-norm': 'b', relu: 'r', relu6: 'r6', 'max-pool': 'p2', 'avg-pool': 'a2', 'global-avg-pool': 'g', linear: 'f-100', dropout: 'o50', 'slice-pad': 'z2-32', block: '[ c3-16 | ]',
};

/**
 * A word's kind and numbers.
 * @param {string} word
 * @returns {{kind: string, values: Record<string, number>} | null} null where it can't be read.
 */
export function readWord(word) {
  const [, letter, main, rest] = /^([a-z])(\d*)((?:[-sp]\d+)*)$/u.exec(word) ?? [];
  const kind = word === 'r6' ? 'relu6' : KINDS[letter];
  if (!kind) return null;
  const written = new Map([...(rest ?? '').matchAll(/([-sp])(\d+)/gu)].map(([, mark, number]) => [mark, Number(number)]));
  if (main !== '' && kind !== 'relu6') written.set('', Number(main));
  /** @type {Record<string, number>} */
  const values = {};
  // The kernel first: padding goes by it.
  for (const { name, mark, usual } of FIELDS[kind].toSorted((a, b) => a.mark.length - b.mark.length)) {
    const value = written.get(mark) ?? usual?.(values.kernel ?? values.window ?? 0);
    if (value === undefined) return null;
    values[name] = value;
    written.delete(mark);
  }
  return written.size === 0 ? { kind, values } : null;
}

/**
 * The word for a kind and its numbers; what is usual is not written.
 * @param {string} kind
 * @param {Record<string, number>} values
 */
export function writeWord(kind, values) {
  if (kind === 'relu6') return 'r6';
  const letter = Object.keys(KINDS).find((each) => KINDS[each] === kind) ?? '';
  const kernel = values.kernel ?? values.window ?? 0;
  const parts = FIELDS[kind].map(({ name, mark, usual }) => (mark !== '' && values[name] === usual?.(kernel) ? ['', ''] : [mark, `${mark}${values[name]}`]));
  return letter + parts.sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b)).map(([, text]) => text).join('');
}

const ORDER = ['', '-', 's', 'p'];
