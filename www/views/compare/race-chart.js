// Accuracy against sparsity, method by method: the mean over seeds as a line, from the least to the most as a band.

import { meanOf, summarise } from '../../model/race.js';
import { axis, createChart, unitOf } from '../kit/chart.js';
import { drawDenseLine } from '../outcome/curve-marks.js';
import { h, output, show } from '../kit/dom.js';
import { rankedWords } from '../pruning/method-words.js';
import { pictureOf } from '../network/picture.js';
import { LOOKS, RACERS, readColours } from './race-look.js';

/** @import uPlot from '../../../vendor/uplot/uPlot.esm.js' */
/** @import {Criterion} from '../../generated/protocol.d.ts' */
/** @import {Race, Row, Summary} from '../../model/race.js' */
/** @import {Theme} from '../bar/theme.js' */
/** @import {View} from '../kit/view.d.ts' */

const NOTHING = /** @type {uPlot.AlignedData} */ ([[], ...RACERS.flatMap(() => [[], [], []])]);

/** @param {View} view */
export function createRaceChart({ t, format, invalidate }) {
  const readout = output('race-readout', { class: 'note' });
  /** @type {Record<Criterion, string>} */
  let colours = /** @type {any} */ ({});
  /** @type {Summary[]} */
  let lines = [];
  /** @type {number | null} */
  let dense = null;
  /** @type {uPlot | null} */
  let plot = null;
  /** @type {{rows: Row[] | null, tuned: boolean, theme: Theme | null, plot: uPlot | null}} */
  let drawn = { rows: null, tuned: false, theme: null, plot: null };

  const chart = createChart(invalidate, (theme) => ({
    ...look(theme, () => colours),
    hooks: {
      draw: [(now) => {
        if (dense !== null) drawDenseLine(now, dense, t('dense-line', { accuracy: format.percent(dense) }), theme());
        lines.forEach((line) => drawMark(now, line, colours[line.criterion], theme().panel));
      }],
      setCursor: [() => describe()],
    },
  }), NOTHING);
  chart.element.setAttribute('role', 'img');
  chart.element.setAttribute('aria-label', t('race-chart-label'));

  /** Reads out the point nearest to the pointer. */
  function describe() {
    const { left = -1, top = -1 } = plot?.cursor ?? {};
    const near = plot === null || left < 0 ? null : nearest(plot, lines, left, top);
    show(readout, near
      ? t('race-at', { method: t(`short-${near.criterion}`), sparsity: format.percent(near.sparsity), mean: format.percent(near.mean), min: format.percent(near.min), max: format.percent(near.max), seeds: format.integer(near.seeds) })
      : t('race-chart-key'));
  }

  return {
    element: h('div', { class: 'race-chart', 'data-testid': 'race-chart' }, chart.element, readout),
    destroy: chart.destroy,
    async picture() {
      const canvas = await chart.copy();
      const { theme } = drawn;
      if (!canvas || !theme) return null;
      const raced = RACERS.filter((criterion) => lines.some((line) => line.criterion === criterion));
      return pictureOf({
        title: t('picture-raced', { chart: t('sheet-curve'), ranked: [...new Set(drawn.rows?.map(({ method }) => rankedWords(method, t)))].join('; ') }), parts: [{ canvas }],
        keys: raced.map((criterion) => {
          const { dash, mark, hollow } = LOOKS[criterion];
          return { text: t(`short-${criterion}`), colour: colours[criterion], sign: 'dashed', dash, mark: { path: mark, hollow } };
        }),
      }, theme);
    },
    /**
     * @param {Race} race
     * @param {boolean} tuned
     * @param {Theme} theme
     */
    update(race, tuned, theme) {
      if (drawn.theme !== theme) colours = readColours(chart.element);
      plot = chart.plot(theme);
      if (!plot) return;
      const { rows } = race;
      const changed = drawn.rows !== rows || drawn.tuned !== tuned || drawn.plot !== plot;
      drawn = { rows, tuned, theme, plot };
      if (!changed) return;
      lines = summarise(rows, tuned);
      dense = race.dense.length > 0 ? meanOf(race.dense.map(({ test }) => test.accuracy)) : null;
      plot.setData(aligned(lines));
      describe();
    },
  };
}

/**
 * @param {() => Theme} theme
 * @param {() => Record<Criterion, string>} colours
 * @returns {Omit<uPlot.Options, 'width' | 'height'>}
 */
function look(theme, colours) {
  const edges = RACERS.flatMap((criterion) => [0, 1].map(() => ({ stroke: () => colours()[criterion], width: 0, spanGaps: true, points: { show: false } })));
  const means = RACERS.map((criterion) => ({
    stroke: () => colours()[criterion], width: 2, dash: LOOKS[criterion].dash, spanGaps: true, points: { show: false },
  }));
  const percent = (/** @type {uPlot} */ _, /** @type {number[]} */ splits) => splits.map((split) => `${split}%`);
  return {
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    padding: [12, 20, 0, 0],
    scales: { x: { time: false, range: [0, 100] }, y: { range: [0, 100] } },
    axes: [axis(theme, { values: percent, size: 28 }), axis(theme, { values: percent, size: 44 })],
    series: [{}, ...edges, ...means],
    bands: RACERS.map((criterion, i) => ({ series: /** @type {uPlot.Band.Bounds} */ ([2 * i + 1, 2 * i + 2]), fill: () => `${colours()[criterion]}2e` })),
  };
}

/**
 * The lines over one common axis: highest, lowest and mean of each, in percent.
 * @param {Summary[]} lines
 * @returns {uPlot.AlignedData}
 */
function aligned(lines) {
  const xs = [...new Set(lines.map(({ sparsity }) => sparsity * 100))].sort((a, b) => a - b);
  const place = new Map(xs.map((x, i) => [x, i]));
  const column = (/** @type {Criterion} */ criterion, /** @type {'min' | 'max' | 'mean'} */ of) => {
    /** @type {(number | null)[]} */
    const values = new Array(xs.length).fill(null);
    for (const line of lines) if (line.criterion === criterion) values[place.get(line.sparsity * 100) ?? 0] = line[of] * 100;
    return values;
  };
  return [xs, ...RACERS.flatMap((criterion) => [column(criterion, 'max'), column(criterion, 'min')]), ...RACERS.map((criterion) => column(criterion, 'mean'))];
}

/**
 * @param {uPlot} plot
 * @param {Summary} line
 * @param {string} colour
 * @param {string} ground
 */
function drawMark(plot, { criterion, sparsity, mean }, colour, ground) {
  const { ctx } = plot;
  const ratio = unitOf(plot);
  const { mark, hollow } = LOOKS[criterion];
  ctx.save();
  ctx.translate(plot.valToPos(sparsity * 100, 'x', true), plot.valToPos(mean * 100, 'y', true));
  ctx.scale(ratio, ratio);
  const path = new Path2D(mark);
  ctx.fillStyle = hollow ? ground : colour;
  ctx.strokeStyle = hollow ? colour : ground;
  ctx.lineWidth = hollow ? 1.75 : 1;
  ctx.fill(path);
  ctx.stroke(path);
  ctx.restore();
}

/**
 * @param {uPlot} plot
 * @param {Summary[]} lines
 * @param {number} left
 * @param {number} top
 * @returns {Summary | null}
 */
function nearest(plot, lines, left, top) {
  const away = (/** @type {Summary} */ { sparsity, mean }) => Math.hypot(plot.valToPos(sparsity * 100, 'x') - left, plot.valToPos(mean * 100, 'y') - top);
  return lines.reduce((/** @type {Summary | null} */ best, line) => (best === null || away(line) < away(best) ? line : best), null);
}
