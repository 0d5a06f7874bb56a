// All words in English: what is loaded of the words where English is read.

import { PARTS } from './index.js';

/** @type {Record<string, string>} */
export default Object.assign({}, ...PARTS.map(({ en }) => en));
