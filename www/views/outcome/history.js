// Loss and accuracy over time.

import { axis, createChart } from '../kit/chart.js';
import { h, output, show } from '../kit/dom.js';
import { pictureOf } from '../network/picture.js';
import { createSheet } from '../kit/sheet.js';

/** @import {History} from '../../state/types.d.ts' */
/** @import {Frame, Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createHistory(view) {
  const { t, format, session, invalidate } = view;
  const readout = output('history-readout', { class: 'note' });
  /** @type {Frame | null} */
  let frame = null;
  /** @type {number | null} */
  let hovered = null;
  const chart = createChart(invalidate, (theme) => ({
    legend: { show: false },
    padding: [8, 0, 0, 0],
    scales: {
      x: { time: false, range: (_, min, max) => [min ?? 0, Math.max(max ?? 0, 10)] },
      y: { range: (_, _min, max) => [0, Math.max(max ?? 0, 0.1)] },
      accuracy: { range: [0, 100] },
    },
    axes: [
      axis(theme, { size: 26, values: (_, ticks) => ticks.map((x) => (Number.isInteger(x) ? format.integer(x) : '')) }),
      axis(theme, { size: 36, space: 26 }),
      axis(theme, { size: 40, side: 1, scale: 'accuracy', grid: { show: false }, splits: () => [0, 50, 100], values: (_, ticks) => ticks.map((y) => `${y}%`) }),
    ],
    cursor: { drag: { x: false, y: false }, points: { size: 6 } },
    series: [
      {},
      { stroke: () => theme().negative, width: 1.5, spanGaps: true, points: { show: false } },
      { stroke: () => theme().positive, width: 2, scale: 'accuracy', spanGaps: true, points: { show: false } },
    ],
    hooks: { setCursor: [(plot) => { hovered = plot.cursor.idx ?? null; describe(); }] },
  }), [[], [], []]);
  chart.element.setAttribute('role', 'img');
  chart.element.setAttribute('aria-label', t('history-label'));
  const legend = h('span', { class: 'keys', 'aria-hidden': 'true' },
    h('i', { class: 'key loss' }), h('span', { text: t('loss-key') }), h('i', { class: 'key accuracy' }), h('span', { text: t('accuracy-key') }));
  const table = createSheet(view, 'history', ({ historySheet }) => historySheet(session.state.history), async () => {
    const canvas = await chart.copy();
    if (!canvas || !frame) return null;
    const { theme } = frame;
    return pictureOf({
      title: t('sheet-history'), parts: [{ canvas }],
      keys: [{ text: t('loss-key'), colour: theme.negative, sign: 'line' }, { text: t('accuracy-key'), colour: theme.positive, sign: 'line' }],
    }, theme);
  });
  const element = h('div', { class: 'history' },
    h('div', { class: 'heading' }, h('h2', { text: t('history-heading') }), legend, readout, table.button), table.panel, chart.element);
  /** @type {History | null} */
  let drawn = null;

  function describe() {
    const history = frame?.state.history;
    if (!history || hovered === null || history.step[hovered] === undefined) return show(readout, '');
    const [loss, accuracy] = [history.loss[hovered], history.accuracy[hovered]];
    const parts = [t('state-step', { step: format.integer(history.step[hovered]) })];
    if (loss !== null) parts.push(t('loss', { loss: format.small(loss) }));
    if (accuracy !== null) parts.push(format.percent(accuracy));
    return show(readout, parts.join(' · '));
  }

  return {
    element,
    destroy: chart.destroy,
    update(next) {
      frame = next;
      const plot = chart.plot(next.theme);
      const { history } = next.state;
      if (!plot || (history === drawn && plot.data[0].length > 0)) return;
      drawn = history;
      plot.setData([history.step, history.loss, history.accuracy.map((share) => (share === null ? null : share * 100))]);
      describe();
    },
  };
}
