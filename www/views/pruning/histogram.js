// The scores as a histogram. Where layers are ranked together the line is the threshold, and dragging
// it cuts all scores below; elsewhere each bar shows how much of it goes.

import { cutInBins, histogramOf } from '../../model/histogram.js';
import { hasThreshold } from '../../model/ranking.js';
import { attribute, h, output, show } from '../kit/dom.js';
import { onDrag } from '../kit/drag.js';
import { hatchPattern } from '../kit/hatch.js';
import { scoreSymbol, titleOf } from './method-words.js';
import { SCALE, pictureOf } from '../network/picture.js';
import { createSheet } from '../kit/sheet.js';
import { createSurface } from '../kit/surface.js';

/** @import {Bins} from '../../model/histogram.js' */
/** @import {Cut} from '../../model/ranking.js' */
/** @import {Scores, State} from '../../state/types.d.ts' */
/** @import {Theme} from '../bar/theme.js' */
/** @import {Frame, Part, View} from '../kit/view.d.ts' */

const BINS = 80;

/** Half the slider's thumb: the scales of slider and histogram begin and end there. */
const INSET = 10;

/** Below the bars: the line from the threshold to the slider's thumb, which stands at the share removed. */
const LINK = 20;
const TOP = 18;

/**
 * @typedef {object} Picture
 * @property {Bins} bins
 * @property {number[]} removed Units that go, in each bin.
 * @property {number} width
 * @property {number} height
 * @property {Cut} cut
 * @property {boolean} log
 * @property {string | null} label Of the threshold; null where there is none.
 */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createHistogram(view) {
  const { t, format, session, invalidate } = view;
  const surface = createSurface(invalidate, { role: 'img', 'data-testid': 'histogram' });
  const { canvas } = surface;
  const logarithmic = h('input', { type: 'checkbox', 'data-testid': 'log-counts', onchange: () => { painted = ''; invalidate(); } });
  const largestText = output('largest', { class: 'end' });
  const table = createSheet(view, 'histogram', ({ histogramSheet }) => {
    const cut = session.cutOf(session.state);
    return counted && cut && histogramSheet(counted.bins, cutInBins(counted.bins, cut));
  }, async () => drawn && copyOf(drawn.what, drawn.theme, counted?.scores ?? null, view));
  const scale = h('div', { class: 'scale-ends' },
    h('div', { class: 'scale-tools' }, h('label', {}, logarithmic, h('span', { text: t('log-counts') })), table.button), largestText);
  const element = h('div', { class: 'histogram' }, surface.box, scale, table.panel);
  /** @type {{what: Picture, theme: Theme} | null} */
  let drawn = null;
  let painted = '';
  /** @type {{scores: Scores, bins: Bins} | null} */
  let counted = null;
  onDrag(canvas, (offsetX) => {
    if (!counted || !hasThreshold(counted.scores) || session.state.selection.by === 'layers') return;
    const { low, high } = counted.bins;
    const share = Math.min(1, Math.max(0, (offsetX - INSET) / (surface.size().width - 2 * INSET)));
    session.select({ by: 'threshold', value: low + share * (high - low) });
  });

  return {
    element,
    destroy: surface.destroy,
    update({ state, cut, theme }) {
      const { scores, selection } = state;
      if (!scores || !cut) return;
      element.classList.toggle('empty', cut.unitsTotal === 0);
      if (counted?.scores !== scores) {
        counted = { scores, bins: histogramOf(scores, cut.unitsHeld, BINS) };
        painted = '';
      }
      const { width, height, ratio } = surface.size();
      const now = `${cut.threshold} ${cut.units} ${selection.by} ${selection.value} ${width}x${height}x${ratio} ${theme.panel}`;
      if (now === painted) return;
      const context = surface.prepare();
      if (!context) return;
      painted = now;
      const { bins } = counted;
      const words = labels(state, cut, bins, view);
      drawn = { what: { bins, removed: cutInBins(bins, cut), width, height, cut, log: logarithmic.checked, label: words.threshold }, theme };
      paint(context, drawn.what, theme);
      canvas.classList.toggle('draggable', cut.threshold !== null);
      show(largestText, words.largest, bins.high);
      attribute(canvas, 'aria-label', words.picture);
    },
  };
}

/**
 * The histogram once more, as a picture to keep.
 * @param {Picture} what
 * @param {Theme} theme
 * @param {Scores | null} scores
 * @param {View} view
 */
function copyOf(what, theme, scores, { t }) {
  const canvas = h('canvas', { width: what.width * SCALE, height: what.height * SCALE });
  const context = canvas.getContext('2d');
  context?.scale(SCALE, SCALE);
  if (context) paint(context, what, theme);
  return pictureOf({
    title: titleOf(t('sheet-histogram'), scores, t), parts: [{ canvas }],
    keys: [{ text: t('column-kept'), colour: theme.positive, sign: 'box' }, { text: t('column-removed'), colour: theme.hatch, sign: 'hatched' }],
  }, theme);
}

/**
 * @param {State} state
 * @param {Cut} cut
 * @param {Bins} bins
 * @param {View} view
 */
function labels({ scores }, cut, { high }, { t, format }) {
  const symbol = scores ? scoreSymbol(scores.method, t) : '';
  const largest = t('largest', { symbol, largest: format.small(high) });
  if (cut.threshold === null) return { threshold: null, largest, picture: t('histogram-label-layers') };
  const threshold = cut.everything ? t('above-largest', { largest: format.small(high) }) : format.small(cut.threshold);
  return { threshold: t('threshold-at', { threshold }), largest, picture: t('histogram-label', { threshold }) };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Picture} what
 * @param {Theme} theme
 */
function paint(context, what, theme) {
  const { bins: { counts, low, high }, removed, width, height, cut, log, label } = what;
  const base = height - LINK;
  const size = (/** @type {number} */ count) => (log ? Math.log1p(count) : count);
  const highest = Math.max(1e-9, ...counts.map(size));
  const step = (width - 2 * INSET) / counts.length;
  const at = high > low ? Math.min(1, Math.max(0, ((cut.threshold ?? low) - low) / (high - low))) : 0;
  const line = INSET + (cut.everything ? 1 : at) * (width - 2 * INSET);
  const hatch = hatchPattern(context, theme.hatch) ?? theme.hatch;
  counts.forEach((count, i) => {
    if (count === 0) return;
    const tall = Math.max(1, (size(count) / highest) * (base - TOP));
    const left = INSET + i * step;
    const right = left + Math.max(1, step - 1);
    const top = base - tall;
    context.fillStyle = theme.positive;
    if (label === null) {
      // Layers differ in where they are cut, so that a bar is part gone, part kept.
      const gone = tall * (removed[i] / count);
      context.fillRect(left, top, right - left, tall - gone);
      hatched(context, left, base - gone, right - left, gone, hatch, theme);
    } else {
      const split = Math.min(right, Math.max(left, line));
      context.fillRect(split, top, right - split, tall);
      hatched(context, left, top, split - left, tall, hatch, theme);
    }
  });
  context.fillStyle = theme.line;
  context.fillRect(INSET, base, width - 2 * INSET, 1);
  if (label !== null) paintThreshold(context, { width, height, cut, label, line, base }, theme);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {CanvasPattern | string} hatch
 * @param {Theme} theme
 */
function hatched(context, x, y, width, height, hatch, theme) {
  if (width <= 0 || height <= 0) return;
  context.fillStyle = hatch;
  context.fillRect(x, y, width, height);
  context.strokeStyle = theme.mute;
  context.lineWidth = 0.5;
  context.strokeRect(x + 0.25, y + 0.25, Math.max(0, width - 0.5), Math.max(0, height - 0.5));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{line: number, base: number, width: number, height: number, cut: Cut, label: string}} what
 * @param {Theme} theme
 */
function paintThreshold(context, { line, base, width, height, cut, label }, theme) {
  const thumb = INSET + (cut.unitsTotal === 0 ? 0 : cut.units / cut.unitsTotal) * (width - 2 * INSET);
  context.strokeStyle = theme.accent;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(line, 4);
  context.lineTo(line, base);
  context.stroke();
  context.lineWidth = 1;
  context.setLineDash([3, 3]);
  context.beginPath();
  context.moveTo(line, base);
  context.lineTo(thumb, height);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = theme.accent;
  context.beginPath();
  context.arc(line, 8, 5, 0, 2 * Math.PI);
  context.fill();
  context.font = `600 12px ${theme.font}`;
  context.textBaseline = 'middle';
  const right = line + 12 + context.measureText(label).width < width;
  context.textAlign = right ? 'left' : 'right';
  context.fillText(label, right ? line + 10 : line - 10, 9);
}
