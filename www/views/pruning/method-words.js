// A method of ranking and cutting in words.

import { scopeOf, scoresFilters } from '../../model/method.js';

/** @import {Method} from '../../generated/protocol.d.ts' */
/** @import {Translate} from '../kit/view.d.ts' */

/**
 * The score of a unit in a few signs.
 * @param {Method} method
 * @param {Translate} t
 */
export function scoreSymbol({ criterion, granularity }, t) {
  const symbol = t(`symbol-${criterion}`);
  // Of these the scores are those of units already.
  if (scoresFilters(criterion) || criterion === 'random' || criterion === 'synflow') return symbol;
  return granularity === 'weight' ? symbol : t(`symbol-of-${granularity}`, { symbol });
}

/**
 * What is cut, and which scores were compared.
 * @param {Method} method
 * @param {Translate} t
 */
export function rankedWords(method, t) {
  return t('ranked', { granularity: t(`granularity-${method.granularity}`), scope: t(`scope-${scopeOf(method)}`) });
}

/**
 * The title of what a method has made.
 * @param {string} chart
 * @param {{method: Method} | null} ranking
 * @param {Translate} t
 */
export function titleOf(chart, ranking, t) {
  if (!ranking) return chart;
  const { method } = ranking;
  return t('picture-title', { chart, criterion: t(`short-${method.criterion}`), ranked: rankedWords(method, t) });
}
