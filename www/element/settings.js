// The settings as the element's attributes and properties; all of it follows from the one table.

import { SETTINGS, format, parse, setting } from '../model/settings.js';

/** @import {Settings, SettingName} from '../model/types.d.ts' */

/**
 * Names that mean something else on every element: reading gives that. Assigned, `dataset` is the setting all the same,
 * as `style` can be assigned; `lang` is the attribute's.
 */
const TAKEN = new Set(['dataset', 'lang']);

/**
 * The property of a setting: `learning-rate` is `learningRate`.
 * @param {string} name
 */
export function propertyOf(name) {
  return name.replace(/-(\w)/gu, (_, letter) => letter.toUpperCase());
}

/** The settings that can be assigned. */
export const PROPERTIES = SETTINGS.filter(({ name }) => name !== 'lang')
  .map(({ name }) => ({ name, property: propertyOf(name), readable: !TAKEN.has(name) }));

/**
 * A value that a script gives, checked. Text is read as in an attribute; null and undefined mean the default.
 * @param {string} name
 * @param {unknown} value
 * @throws {TypeError} where it is no setting, or not of its type.
 * @throws {RangeError} where it is no such choice, or out of range.
 */
export function checked(name, value) {
  const row = setting(name);
  if (!row) throw new TypeError(`"${name}" is no setting`);
  if (value === null || value === undefined) return row.initial;
  if (!isOfType(row, value)) {
    throw new TypeError(`${name}: ${row.kind} expected, not ${String(value)}`);
  }
  const read = parse(row, format(/** @type {any} */ (value)));
  if (read === undefined) throw new RangeError(`${name}: ${format(/** @type {any} */ (value))} is not possible`);
  return read;
}

/**
 * @param {import('../model/settings.js').Setting} row
 * @param {unknown} value
 */
function isOfType({ kind, initial }, value) {
  if (typeof value === 'string') return true;
  if (kind === 'widths' || kind === 'shares' || kind === 'steps') return Array.isArray(value) || (kind === 'shares' && typeof value === 'number');
  return typeof value === typeof initial || (kind === 'choice' && typeof value === 'number');
}

/**
 * Several at once; nothing is changed where one of them is wrong.
 * @param {Record<string, unknown>} changes
 * @returns {Partial<Settings>}
 */
export function checkedAll(changes) {
  return Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, checked(name, value)]));
}

/**
 * An attribute's text as a setting.
 * @param {string} name
 * @param {string | null} text null where the attribute is gone.
 * @returns {{value: Settings[SettingName], rejected: boolean}} What is rejected comes with the default.
 */
export function fromAttribute(name, text) {
  const row = setting(name);
  const initial = /** @type {any} */ (row?.initial);
  const value = row && text !== null ? /** @type {any} */ (parse(row, text)) : initial;
  // Pages are in more languages than this one speaks.
  return { value: value ?? initial, rejected: value === undefined && name !== 'lang' };
}

/**
 * Gives an element's class a property for each setting.
 * @param {{readonly settings: Settings, configure(changes: Record<string, unknown>): unknown}} prototype
 */
export function defineProperties(prototype) {
  for (const { name, property, readable } of PROPERTIES) {
    Object.defineProperty(prototype, property, {
      configurable: true,
      enumerable: true,
      /** @this {typeof prototype} */
      get() {
        return readable ? this.settings[name] : Reflect.get(Object.getPrototypeOf(prototype), property, this);
      },
      /** @this {typeof prototype} */
      set(value) {
        this.configure({ [name]: value });
      },
    });
  }
}

/**
 * Properties that were set before the class was there hide those of the class: they are set once more.
 * @param {any} element
 */
export function takeUpEarlyProperties(element) {
  for (const { property } of PROPERTIES) {
    if (!Object.hasOwn(element, property)) continue;
    const value = element[property];
    delete element[property];
    element[property] = value;
  }
}
