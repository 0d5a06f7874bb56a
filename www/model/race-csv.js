// The measurements of a race as comma-separated values (RFC 4180).

import { csv } from './csv.js';
import { scopeOf } from './method.js';

/** @import {Row} from './race.js' */

const COLUMNS = ['criterion', 'granularity', 'scope', 'seed', 'sparsity_requested', 'sparsity', 'accuracy', 'loss', 'samples', 'fine_tune_steps'];

/**
 * One line a measurement, below a line of names; `fine_tune_steps` is 0 right after the cut.
 * @param {Row[]} rows
 */
export function raceCsv(rows) {
  const lines = rows.map(({ method, seed, requested, sparsity, test, tuned }) => [
    method.criterion, method.granularity, scopeOf(method), seed, requested, sparsity, test.accuracy, test.loss, test.samples, tuned,
  ]);
  return csv([COLUMNS, ...lines]);
}
