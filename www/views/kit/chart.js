// A line chart that fills its box and follows the theme.

import uPlot from '../../../vendor/uplot/uPlot.esm.js';
import { h } from './dom.js';
import { SCALE } from '../network/picture.js';

/** @import {Theme} from '../bar/theme.js' */

/** @typedef {Omit<uPlot.Options, 'width' | 'height'>} Look */

/**
 * @typedef {object} Chart
 * @property {HTMLElement} element
 * @property {(theme: Theme) => uPlot | null} plot The chart, made when there is room for it; null while there is none.
 * @property {() => Promise<HTMLCanvasElement | null>} copy The chart as it is, at the scale of a picture; null while there is none.
 * @property {() => void} destroy
 */

/** @type {WeakMap<uPlot, number>} How much larger than on the page a chart is drawn. */
const magnified = new WeakMap();

/**
 * @param {() => void} invalidate
 * @param {(theme: () => Theme) => Look} options
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
    copy: () => (plot && theme ? copyOf(plot, options(() => /** @type {Theme} */ (theme))) : Promise.resolve(null)),
    destroy() {
      observer.disconnect();
      plot?.destroy();
    },
  };
}

/**
 * Device pixels to a CSS pixel of the page.
 * @param {uPlot} plot
 */
export function unitOf(plot) {
  return (window.devicePixelRatio || 1) * (magnified.get(plot) ?? 1);
}

/**
 * The same chart drawn once more, magnified, since a screen may have too few pixels for a picture.
 * @param {uPlot} plot
 * @param {Look} look
 * @returns {Promise<HTMLCanvasElement>}
 */
function copyOf(plot, look) {
  const times = SCALE / (window.devicePixelRatio || 1);
  return new Promise((resolve) => {
    const copy = new uPlot({
      ...magnify(look, times), width: plot.width * times, height: plot.height * times,
      hooks: {
        init: [(self) => magnified.set(self, times)],
        draw: [...look.hooks?.draw ?? [], (self) => {
          resolve(self.ctx.canvas);
          // It is in the middle of drawing.
          queueMicrotask(() => self.destroy());
        }],
      },
    }, plot.data, document.createElement('div'));
    copy.root.setAttribute('aria-hidden', 'true');
  });
}

/**
 * @param {Look} look
 * @param {number} times
 * @returns {Look}
 */
function magnify(look, times) {
  const { series, axes = [], padding } = look;
  return {
    ...look,
    cursor: { show: false },
    padding: /** @type {uPlot.Padding | undefined} */ (padding?.map((side) => Number(side) * times)),
    series: series.map((line) => ({ ...line, width: (line.width ?? 0) * times, dash: line.dash?.map((length) => length * times) })),
    axes: axes.map((axis) => ({
      ...axis, size: Number(axis.size) * times, font: enlarged(axis.font, times), gap: 5 * times,
      space: typeof axis.space === 'number' ? axis.space * times : 50 * times, grid: { ...axis.grid, width: times },
    })),
  };
}

/**
 * @param {uPlot.Axis['font']} font
 * @param {number} times
 */
function enlarged(font, times) {
  return font?.replace(/^(\d+)px/u, (_, pixels) => `${pixels * times}px`);
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
