// A line chart that fills its box and follows the theme.

import uPlot from '../../vendor/uplot/uPlot.esm.js';
import { h } from './dom.js';

/** @import {Theme} from './theme.js' */

/**
 * @typedef {object} Chart
 * @property {HTMLElement} element
 * @property {(theme: Theme) => uPlot | null} plot The chart, made when there is room for it; null while there is none.
 * @property {() => void} destroy
 */

/**
 * @param {() => void} invalidate
 * @param {(theme: () => Theme) => Omit<uPlot.Options, 'width' | 'height'>} options
 * @param {uPlot.AlignedData} empty
 * @returns {Chart}
 */
export function createChart(invalidate, options, empty) {
  const element = h('div', { class: 'chart' });
  /** @type {uPlot | null} */
  let plot = null;
  /** @type {Theme | null} */
  let theme = null;
  let size = { width: 0, height: 0 };
  const observer = new ResizeObserver(([{ contentRect }]) => {
    size = { width: Math.floor(contentRect.width), height: Math.floor(contentRect.height) };
    if (plot && size.width > 0 && size.height > 0) plot.setSize(size);
    invalidate();
  });
  observer.observe(element);
  return {
    element,
    plot(now) {
      const changed = theme !== now;
      theme = now;
      if (!plot && size.width > 0 && size.height > 0) {
        plot = new uPlot({ ...size, ...options(() => theme ?? now) }, empty, element);
      } else if (changed) {
        plot?.redraw(false, true);
      }
      return plot;
    },
    destroy() {
      observer.disconnect();
      plot?.destroy();
    },
  };
}

/**
 * The look that all axes share.
 * @param {() => Theme} theme
 * @param {uPlot.Axis} axis
 * @returns {uPlot.Axis}
 */
export function axis(theme, axis) {
  return {
    stroke: () => theme().mute,
    font: '11px system-ui, sans-serif',
    grid: { stroke: () => theme().line, width: 1 },
    ticks: { show: false },
    ...axis,
  };
}
