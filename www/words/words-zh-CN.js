// All words in Simplified Chinese: what is loaded of the words where Chinese is read.

import { PARTS } from './index.js';

/** @type {Record<string, string>} */
export default Object.assign({}, ...PARTS.map(({ zh }) => zh));
