// The title of a page follows the language that the widget has given it.

import { pageLanguage, tryWords } from './try-words.js';

/** @param {'page-title' | 'embed-title'} key */
export function followTitle(key) {
  const follow = () => { document.title = tryWords(pageLanguage())(key); };
  new MutationObserver(follow).observe(document.documentElement, { attributeFilter: ['lang'] });
  follow();
}
