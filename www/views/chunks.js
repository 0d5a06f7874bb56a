// What is folded away at first: none of it is loaded with the first screen. Small panels come together, which compresses better than a
// chunk each.

import { Chunk } from './kit/chunk.js';
// What several chunks use and the first screen does not would be a chunk more.
import './kit/save.js';
import '../model/csv.js';

export const PANELS = new Chunk(() => import('./panels.js'));
export const COMPARE = new Chunk(() => import('./compare/compare-tabs.js'));

/** The most likely to be opened first. */
export const CHUNKS = [PANELS, COMPARE];
