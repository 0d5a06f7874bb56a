// Every word that a person reads, by language. A language's words are loaded when they are wanted; they are in words/, a file
// for each part of the page.

import { translate } from './translate.js';

/** @import {Language} from '../model/types.d.ts' */

/** @type {Record<Language, () => Promise<Words>>} */
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

/** @typedef {{default: Record<string, string>}} Words */

/**
 * @param {Language} language
 * @param {(load: () => Promise<Words>) => Promise<Words>} loaded How a module is loaded, where not just so.
 * @returns {Promise<ReturnType<typeof translate>>} Rejects where the words can't be loaded.
 */
export async function translator(language, loaded = (load) => load()) {
  return translate((await loaded(WORDS[language])).default);
}
