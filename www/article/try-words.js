// The words of the buttons in the article, without those of the widget, which come in a file of their own.

import { en, zh } from '../words/article.js';
import { translate } from '../words/translate.js';

/** @param {import('../model/types.d.ts').Language} language */
export function tryWords(language) {
  return translate(language === 'en' ? en : zh);
}
