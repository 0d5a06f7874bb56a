// Where records lie in this browser: a store of IndexedDB.

import { createStore, delMany, getMany, keys, set } from '../../vendor/idb-keyval/index.js';

/** @import {Shelf} from './records.js' */

/** @returns {Shelf} */
export function openShelf() {
  const store = createStore('pruning-playground', 'states');
  return {
    keys: () => keys(store),
    getMany: (of) => getMany(of, store),
    set: (key, value) => set(key, value, store),
    delMany: (of) => delMany(of, store),
  };
}
