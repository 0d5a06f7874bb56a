// The words of the pages around the widget, without those of the widget, which come in a file of their own.

import { en, zh } from '../words/article.js';
import { translate } from '../words/translate.js';

/** @import {Language} from '../model/types.d.ts' */

/** @returns {Language} The language that the widget has given the page. */
export function pageLanguage() {
  return document.documentElement.lang === 'zh-CN' ? 'zh-CN' : 'en';
}

/** @param {Language} language */
export function tryWords(language) {
  return translate(language === 'en' ? en : zh);
}
