// How each method is drawn: a dash and a mark beside its colour, so that no two differ by colour alone.

/** @import {Criterion} from '../../generated/protocol.d.ts' */

const SVG = 'http://www.w3.org/2000/svg';

/** Marks about the origin, 4 units from it. */
const MARKS = {
  circle: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z',
  square: 'M-3.5 -3.5h7v7h-7z',
  diamond: 'M0 -5L5 0L0 5L-5 0z',
  up: 'M0 -4.5L4.5 3.5H-4.5z',
  down: 'M0 4.5L4.5 -3.5H-4.5z',
};

/**
 * @typedef {object} Look
 * @property {number[]} dash In CSS pixels; empty for a line without gaps.
 * @property {string} mark A path about the origin.
 * @property {boolean} hollow Whether the mark is filled with the background.
 */

/** @type {Readonly<Record<Criterion, Look>>} */
export const LOOKS = Object.freeze({
  magnitude: { dash: [], mark: MARKS.circle, hollow: false },
  random: { dash: [2, 3], mark: MARKS.diamond, hollow: true },
  gradient: { dash: [8, 4], mark: MARKS.up, hollow: true },
  taylor: { dash: [6, 3], mark: MARKS.square, hollow: false },
  synflow: { dash: [10, 3, 2, 3], mark: MARKS.diamond, hollow: false },
  grasp: { dash: [4, 4], mark: MARKS.down, hollow: true },
  'filter-l1': { dash: [12, 4], mark: MARKS.up, hollow: false },
  'filter-l2': { dash: [6, 2, 2, 2, 2, 2], mark: MARKS.circle, hollow: true },
  fpgm: { dash: [3, 2], mark: MARKS.down, hollow: false },
  activation: { dash: [14, 3, 4, 3], mark: MARKS.square, hollow: true },
});

/** @type {readonly Criterion[]} */
export const RACERS = /** @type {Criterion[]} */ (Object.keys(LOOKS));

/**
 * A piece of a method's line with its mark; the stylesheet gives the colour.
 * @param {Criterion} criterion
 */
export function swatch(criterion) {
  const { dash, mark, hollow } = LOOKS[criterion];
  const svg = document.createElementNS(SVG, 'svg');
  const set = (/** @type {Element} */ element, /** @type {Record<string, string>} */ attributes) => {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  set(svg, { viewBox: '-18 -6 36 12', 'aria-hidden': 'true', class: `swatch of-${criterion}` });
  svg.append(
    set(document.createElementNS(SVG, 'path'), { d: 'M-18 0H18', 'stroke-dasharray': dash.join(' ') }),
    set(document.createElementNS(SVG, 'path'), { d: mark, class: hollow ? 'hollow' : 'full' }),
  );
  return svg;
}

/**
 * The colours of the stylesheet, for the canvas.
 * @param {Element} element
 * @returns {Record<Criterion, string>}
 */
export function readColours(element) {
  const style = getComputedStyle(element);
  return /** @type {any} */ (Object.fromEntries(RACERS.map((criterion) => [criterion, style.getPropertyValue(`--race-${criterion}`).trim()])));
}
