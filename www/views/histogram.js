// The scores as a histogram. The line is the threshold: dragging it cuts all scores below.

import { histogram } from '../ranking.js';
import { attribute, h, output, show } from './dom.js';
import { hatchPattern } from './hatch.js';
import { createSurface } from './surface.js';

/** @import {LayeredCut} from '../derive.js' */
/** @import {Scores} from '../types.d.ts' */
/** @import {Theme} from './theme.js' */
/** @import {Frame, Part, View} from './view.d.ts' */

const BINS = 80;

/** Half the slider's thumb: the scales of slider and histogram begin and end there. */
export const INSET = 10;

/** Below the bars: the line from the threshold to the slider's thumb, which stands at the share removed. */
const LINK = 20;
const TOP = 18;

/**
 * @param {View} view
 * @returns {Part}
 */
export function createHistogram({ t, format, session, invalidate }) {
  const surface = createSurface(invalidate, { role: 'img', 'data-testid': 'histogram' });
  const { canvas } = surface;
  const logarithmic = h('input', { type: 'checkbox', 'data-testid': 'log-counts', onchange: () => { painted = ''; invalidate(); } });
  const largestText = output('largest', { class: 'end' });
  const scale = h('div', { class: 'scale-ends' }, h('span', { text: '|w| = 0' }), h('label', {}, logarithmic, h('span', { text: t('log-counts') })), largestText);
  const element = h('div', { class: 'histogram' }, surface.box, scale);
  let painted = '';
  /** @type {{scores: Scores, counts: number[], largest: number} | null} */
  let bins = null;
  let dragging = false;

  /** @param {PointerEvent} event */
  function cutAt({ offsetX }) {
    if (!bins) return;
    const { width } = surface.size();
    const share = Math.min(1, Math.max(0, (offsetX - INSET) / (width - 2 * INSET)));
    session.select({ by: 'threshold', value: share * bins.largest });
  }
  canvas.addEventListener('pointerdown', (event) => {
    dragging = true;
    canvas.setPointerCapture(event.pointerId);
    cutAt(event);
  });
  canvas.addEventListener('pointermove', (event) => { if (dragging) cutAt(event); });
  for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => { dragging = false; });

  return {
    element,
    destroy: surface.destroy,
    update({ state: { scores, selection }, cut, theme }) {
      if (!scores || !cut) return;
      if (bins?.scores !== scores) {
        bins = { scores, ...histogram(scores.sorted, scores.alreadyCut, BINS) };
        painted = '';
      }
      const { width, height, ratio } = surface.size();
      const now = `${cut.threshold} ${cut.pruned} ${selection.value} ${width}x${height}x${ratio} ${theme.panel}`;
      if (now === painted) return;
      const context = surface.prepare();
      if (!context) return;
      painted = now;
      const label = cut.everything ? t('above-largest', { largest: format.small(bins.largest) }) : format.small(cut.threshold);
      paint(context, { ...bins, width, height, cut, log: logarithmic.checked, label: t('threshold-at', { threshold: label }) }, theme);
      show(largestText, t('largest', { largest: format.small(bins.largest) }), bins.largest);
      attribute(canvas, 'aria-label', t('histogram-label', { threshold: label }));
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{counts: number[], largest: number, width: number, height: number, cut: LayeredCut, log: boolean, label: string}} what
 * @param {Theme} theme
 */
function paint(context, what, theme) {
  const { counts, largest, width, height, cut, log } = what;
  const base = height - LINK;
  const size = (/** @type {number} */ count) => (log ? Math.log1p(count) : count);
  const highest = Math.max(1e-9, ...counts.map(size));
  const step = (width - 2 * INSET) / counts.length;
  const share = largest > 0 ? Math.min(1, cut.threshold / largest) : 0;
  const line = INSET + (cut.everything ? 1 : share) * (width - 2 * INSET);
  const hatch = hatchPattern(context, theme.hatch) ?? theme.hatch;
  counts.forEach((count, i) => {
    const tall = count === 0 ? 0 : Math.max(1, (size(count) / highest) * (base - TOP));
    const left = INSET + i * step;
    const right = left + Math.max(1, step - 1);
    const split = Math.min(right, Math.max(left, line));
    context.fillStyle = theme.positive;
    context.fillRect(split, base - tall, right - split, tall);
    if (split <= left || tall === 0) return;
    context.fillStyle = hatch;
    context.fillRect(left, base - tall, split - left, tall);
    context.strokeStyle = theme.mute;
    context.lineWidth = 0.5;
    context.strokeRect(left + 0.25, base - tall + 0.25, Math.max(0, split - left - 0.5), Math.max(0, tall - 0.5));
  });
  context.fillStyle = theme.line;
  context.fillRect(INSET, base, width - 2 * INSET, 1);
  paintThreshold(context, { ...what, line, base }, theme);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{line: number, base: number, width: number, height: number, cut: LayeredCut, label: string}} what
 * @param {Theme} theme
 */
function paintThreshold(context, { line, base, width, height, cut, label }, theme) {
  const thumb = INSET + cut.sparsity * (width - 2 * INSET);
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
