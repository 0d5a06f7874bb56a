// Every word that a person reads, by language; the words themselves are in words/, a file for each part of the page.

import { translate } from './translate.js';
import * as article from './words/article.js';
import * as backend from './words/backend.js';
import * as bar from './words/bar.js';
import * as comparison from './words/comparison.js';
import * as firstContact from './words/first-contact.js';
import * as meter from './words/meter.js';
import * as network from './words/network.js';
import * as notices from './words/notices.js';
import * as outcome from './words/outcome.js';
import * as own from './words/own.js';
import * as pruning from './words/pruning.js';
import * as recipes from './words/recipes.js';
import * as settings from './words/settings.js';
import * as sharing from './words/sharing.js';
import * as states from './words/states.js';
import * as takeHome from './words/take-home.js';

/** @import {Language} from './types.d.ts' */

/** The parts of the page, each with its words. */
export const PARTS = [
  article, bar, settings, backend, network, meter, outcome, pruning, recipes, comparison, notices, states, own, firstContact, sharing, takeHome,
];

/** @type {Record<Language, Record<string, string>>} */
export const STRINGS = {
  en: Object.assign({}, ...PARTS.map(({ en }) => en)),
  'zh-CN': Object.assign({}, ...PARTS.map(({ zh }) => zh)),
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

/** @param {Language} language */
export function translator(language) {
  return translate(STRINGS[language]);
}
