// Every word that a person reads, by language. A language's words are loaded when they are wanted; they are in words/, a file
// for each part of the page.

import { translate } from './translate.js';

/** @import {Language} from '../model/types.d.ts' */

/** @type {Record<Language, () => Promise<{default: Record<string, string>}>>} */
const WORDS = {
  en: () => import('./words-en.js'),
  'zh-CN': () => import('./words-zh-CN.js'),
};

/**
 * The first language of the wishes that there is, else English. Any Chinese is taken for Simplified Chinese.
 * @param {readonly (string | null)[]} wishes BCP 47 tags, most wanted first.
 * @returns {Language}
 */
export function pickLanguage(wishes) {
  for (const wish of wishes) {
    const primary = wish?.toLowerCase().split('-')[0];
    if (primary === 'en') return 'en';
    if (primary === 'zh') return 'zh-CN';
  }
  return 'en';
}

/**
 * @param {Language} language
 * @returns {Promise<ReturnType<typeof translate>>} Rejects where the words can't be loaded.
 */
export async function translator(language) {
  return translate((await persistently(WORDS[language])).default);
}

let attempts = 0;

/**
 * Loads a module, also where it could not be loaded before: a browser may answer for the same address with the same failure for
 * as long as the page is open, and names the address in its error.
 * @template T
 * @param {() => Promise<T>} load
 * @param {(address: string) => Promise<T>} loadFrom
 * @returns {Promise<T>}
 */
export async function persistently(load, loadFrom = (address) => import(address)) {
  try {
    return await load();
  } catch (error) {
    const [address] = /https?:\S+\.js/u.exec(String(error)) ?? [];
    if (!address) throw error;
    attempts += 1;
    return loadFrom(`${address}?again=${attempts}`);
  }
}
