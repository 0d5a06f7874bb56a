// Sparsity against accuracy: the one-shot curve, the dense line, where the slider stands, and the
// states that one can go back to.

import { curveIsStale, earlierCurves, referenceCurve, shownCurve, uncertainty } from '../../state/derive.js';
import { axis, createChart } from '../kit/chart.js';
import { curveKeys } from './curve-keys.js';
import { drawDenseLine, drawMark, drawNow, drawTrail } from './curve-marks.js';
import { h, output, show } from '../kit/dom.js';
import { titleOf } from '../pruning/method-words.js';
import { pictureOf } from '../network/picture.js';
import { createSheet } from '../kit/sheet.js';

/** @import uPlot from '../../../vendor/uplot/uPlot.esm.js' */
/** @import {CurvePoint, SavedPoint, State} from '../../state/types.d.ts' */
/** @import {Theme} from '../bar/theme.js' */
/** @import {Frame, Part, View} from '../kit/view.d.ts' */

/** How near a click must come to a state, in CSS pixels. */
const REACH = 14;

/**
 * @param {View} view
 * @returns {Part}
 */
export function createCurve(view) {
  const { t, format, session, invalidate } = view;
  const readout = output('curve-readout', { class: 'note' });
  /** @type {Frame | null} */
  let frame = null;
  /** @type {number | null} */
  let hovered = null;
  const chart = createChart(invalidate, (theme) => ({
    ...look(theme, () => (frame ? curveIsStale(frame.state) : false)),
    hooks: {
      drawClear: [(plot) => { if (frame) drawTrail(plot, earlierCurves(frame.state), frame.theme); }],
      draw: [(plot) => { if (frame) drawMarks(plot, frame, view); }],
      setCursor: [(plot) => {
        hovered = plot.cursor.idx ?? null;
        const near = frame && nearest(plot, frame.state.points);
        plot.over.style.cursor = near ? 'pointer' : 'crosshair';
        describe();
      }],
      ready: [(plot) => plot.over.addEventListener('click', () => {
        const near = frame && nearest(plot, frame.state.points);
        if (near) session.goBack(near);
      })],
    },
  }), [[], [], []]);
  chart.element.setAttribute('role', 'img');
  chart.element.setAttribute('aria-label', t('curve-label'));
  const table = createSheet(view, 'curve', ({ curveSheet }) => curveSheet(session.state), async () => {
    const canvas = await chart.copy();
    if (!canvas || !frame) return null;
    const { state, theme } = frame;
    return pictureOf({ title: titleOf(t('sheet-curve'), state.scores, t), keys: curveKeys(state, theme, t), parts: [{ canvas }] }, theme);
  });
  const element = h('div', { class: 'curve', 'data-testid': 'curve' },
    h('div', { class: 'heading' }, h('h2', { text: t('curve-heading') }), table.button), table.panel, chart.element, readout);
  /** @type {CurvePoint[] | null} */
  let drawn = null;
  /** @type {CurvePoint[] | null} */
  let drawnReference = null;
  let marks = '';

  /** Reads out the place under the pointer, else how far the curve has come. */
  function describe() {
    if (!frame) return;
    const { points } = shownCurve(frame.state);
    const point = hovered === null ? null : merged(referenceCurve(frame.state), points)[hovered];
    if (point) {
      const words = t('curve-at', { sparsity: format.percent(point.sparsity), accuracy: format.percent(point.accuracy), samples: format.integer(point.samples) });
      show(readout, words);
    } else {
      show(readout, progressOf(frame.state, view), points.length);
    }
  }

  return {
    element,
    destroy: chart.destroy,
    update(next) {
      frame = next;
      const { state, cut, outcome, theme } = next;
      const plot = chart.plot(theme);
      if (!plot) return;
      const { points, of } = shownCurve(state);
      const reference = referenceCurve(state);
      if (points !== drawn || reference !== drawnReference || plot.data[0].length === 0) {
        drawn = points;
        drawnReference = reference;
        plot.setData(data(reference, points));
      }
      const now = `${cut?.pruned} ${outcome?.test.accuracy} ${outcome?.test.samples} ${outcome?.pending} ${state.dense?.accuracy} ${state.points.map(({ id }) => id)} ${state.currentPoint} ${curveIsStale(state)} ${of} ${state.trail.length}`;
      if (now !== marks) {
        marks = now;
        plot.redraw(false, false);
      }
      describe();
    },
  };
}

/**
 * Axes and lines.
 * @param {() => Theme} theme
 * @param {() => boolean} stale Whether the curve is that of an earlier network.
 * @returns {Omit<uPlot.Options, 'width' | 'height'>}
 */
function look(theme, stale) {
  const ticks = () => [0, 25, 50, 75, 100];
  const labels = (/** @type {unknown} */ _, /** @type {number[]} */ values) => values.map((value) => `${value}%`);
  return {
    legend: { show: false },
    // Room above 100% for the label of the dense line.
    padding: [20, 16, 0, 0],
    scales: { x: { time: false, range: [0, 100] }, y: { range: [0, 100] } },
    axes: [axis(theme, { size: 28, splits: ticks, values: labels }), axis(theme, { size: 40, splits: ticks, values: labels })],
    // Near an edge uPlot moves the cursor on to it, takes that for a drag, and would swallow the click.
    cursor: { drag: { x: false, y: false, click: () => {} }, points: { size: 7 }, bind: { dblclick: () => null } },
    series: [
      {},
      { stroke: () => theme().mute, width: 1.5, dash: [4, 4], spanGaps: true, points: { show: false } },
      { stroke: () => (stale() ? theme().mute : theme().positive), width: 2, spanGaps: true, points: { show: false } },
    ],
  };
}

/**
 * How far the curve has come.
 * @param {State} state
 * @param {View} view
 */
function progressOf(state, { t, format }) {
  const { points, remaining } = shownCurve(state);
  const samples = format.integer(points[0]?.samples ?? 0);
  if (curveIsStale(state)) return t(points.length > 0 ? 'curve-stale' : 'curve-none');
  if (remaining > 0) return t('curve-growing', { remaining: format.integer(remaining) });
  return t(state.held > 0 ? 'curve-whole-pruned' : 'curve-whole', { samples });
}

/**
 * @param {uPlot} plot
 * @param {Frame} frame
 * @param {View} view
 */
function drawMarks(plot, { state, cut, outcome, theme }, { t, format }) {
  const { dense } = state;
  if (dense) drawDenseLine(plot, dense.accuracy, t('dense-line', { accuracy: format.percent(dense.accuracy) }), theme);
  for (const point of state.points) drawMark(plot, point, point.id === state.currentPoint, theme);
  if (cut) drawNow(plot, cut.sparsity, outcome && !outcome.pending ? outcome.test.accuracy : null, uncertainty(state, outcome), theme);
}

/**
 * The saved state under the pointer.
 * @param {uPlot} plot
 * @param {SavedPoint[]} points
 */
function nearest(plot, points) {
  const { left = -100, top = -100 } = plot.cursor;
  let best = null;
  let reach = REACH;
  for (const point of points) {
    const distance = Math.hypot(plot.valToPos(point.sparsity * 100, 'x') - left, plot.valToPos(point.test.accuracy * 100, 'y') - top);
    if (distance <= reach) {
      reach = distance;
      best = point;
    }
  }
  return best;
}

/**
 * @param {CurvePoint[]} before
 * @param {CurvePoint[]} points
 */
function merged(before, points) {
  return [...points, ...before].sort((a, b) => a.sparsity - b.sparsity);
}

/**
 * @param {CurvePoint[]} before
 * @param {CurvePoint[]} points
 * @returns {uPlot.AlignedData}
 */
function data(before, points) {
  const all = merged(before, points);
  const old = new Set(before);
  return [
    all.map(({ sparsity }) => sparsity * 100),
    all.map((point) => (old.has(point) ? point.accuracy * 100 : null)),
    all.map((point) => (old.has(point) ? null : point.accuracy * 100)),
  ];
}
