// What an iframe with the widget and the page around it say to each other.

/** From the iframe: `{ type, height }`, in CSS pixels. */
export const HEIGHT = 'pruning-playground:height';

/** To the iframe, which answers with its height: `{ type }`. */
export const MEASURE = 'pruning-playground:measure';

/** Heights that the widget can have; others are somebody's mistake, or worse. */
const LEAST = 100;
const MOST = 20_000;

/**
 * The height in a message, where it is one and comes from whom it should.
 * @param {{origin: string, data: unknown}} message
 * @param {string} origin Of the iframe's address.
 * @returns {number | null}
 */
export function heightIn({ origin: from, data }, origin) {
  if (from !== origin || typeof data !== 'object' || data === null || !('type' in data) || data.type !== HEIGHT) return null;
  const height = 'height' in data ? data.height : undefined;
  return Number.isInteger(height) && Number(height) >= LEAST && Number(height) <= MOST ? Number(height) : null;
}
