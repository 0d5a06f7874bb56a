// The names of a data set's classes in the language of the page. The core knows them in English, and a person's own as they are.

/** @import {DatasetInfo} from '../../generated/protocol.d.ts' */
/** @import {Translate} from './view.d.ts' */

/** @type {ReadonlySet<string>} Data sets whose classes have words; those of others are numerals, or a person's own. */
const NAMED = new Set(['shapes', 'cifar-10', 'fashion-mnist']);

/** @type {WeakMap<Translate, WeakMap<DatasetInfo, string[]>>} Each view asks in each frame. */
const known = new WeakMap();

/**
 * Whether all names are as narrow as two digits, so that there is room for figures beside them.
 * @param {readonly string[]} names
 */
export function areShort(names) {
  return names.every((name) => [...name].reduce((width, sign) => width + (sign > '\u2e7f' ? 2 : 1), 0) <= 2);
}

/**
 * @param {DatasetInfo} dataset
 * @param {Translate} t
 * @returns {string[]}
 */
export function classNames(dataset, t) {
  if (!NAMED.has(dataset.id)) return dataset.classes;
  const names = known.get(t) ?? new WeakMap();
  known.set(t, names);
  const found = names.get(dataset) ?? dataset.classes.map((_, i) => t(`class-${dataset.id}-${i}`));
  names.set(dataset, found);
  return found;
}
