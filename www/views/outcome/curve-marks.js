// What is drawn over the curve: the dense line, the saved states, the place of the slider.

import { unitOf } from '../kit/chart.js';
import { STRONGEST } from './curve-keys.js';

/** @import uPlot from '../../../vendor/uplot/uPlot.esm.js' */
/** @import {PastCurve, SavedPoint} from '../../state/types.d.ts' */
/** @import {Theme} from '../bar/theme.js' */

/** How palely the oldest of the curves before the present one is drawn. */
const PALEST = 0.05;

/**
 * @param {uPlot} plot
 * @param {number} share 0 to 1.
 * @param {'x' | 'y'} scale
 */
function place(plot, share, scale) {
  return Math.round(plot.valToPos(share * 100, scale, true));
}

/**
 * The curves before the present one, each paler than the one after it: so the knee is seen to move.
 * @param {uPlot} plot
 * @param {PastCurve[]} curves The latest last.
 * @param {Theme} theme
 */
export function drawTrail(plot, curves, theme) {
  const { ctx } = plot;
  ctx.save();
  ctx.strokeStyle = theme.positive;
  ctx.lineWidth = 1.5 * unitOf(plot);
  ctx.lineJoin = 'round';
  curves.forEach(({ points }, i) => {
    ctx.globalAlpha = PALEST + (STRONGEST - PALEST) * ((i + 1) / curves.length);
    ctx.beginPath();
    for (const { sparsity, accuracy } of points) ctx.lineTo(place(plot, sparsity, 'x'), place(plot, accuracy, 'y'));
    ctx.stroke();
  });
  ctx.restore();
}

/**
 * @param {uPlot} plot
 * @param {number} accuracy
 * @param {string} label
 * @param {Theme} theme
 */
export function drawDenseLine(plot, accuracy, label, theme) {
  const { ctx, bbox } = plot;
  const ratio = unitOf(plot);
  const y = place(plot, accuracy, 'y');
  ctx.save();
  ctx.strokeStyle = theme.tuned;
  ctx.lineWidth = ratio;
  ctx.setLineDash([6 * ratio, 4 * ratio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.fillStyle = theme.tuned;
  ctx.font = `${11 * ratio}px ${theme.font}`;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'bottom';
  ctx.fillText(label, bbox.left + bbox.width, y - 3 * ratio);
  ctx.restore();
}

/**
 * A square for a dense state, a circle for a pruned one, a diamond for a fine-tuned one.
 * @param {uPlot} plot
 * @param {SavedPoint} point
 * @param {boolean} current
 * @param {Theme} theme
 */
export function drawMark(plot, { kind, sparsity, test }, current, theme) {
  const { ctx } = plot;
  const ratio = unitOf(plot);
  const [x, y] = [place(plot, sparsity, 'x'), place(plot, test.accuracy, 'y')];
  const size = 5 * ratio;
  ctx.save();
  ctx.beginPath();
  if (kind === 'dense') ctx.rect(x - size * 0.8, y - size * 0.8, size * 1.6, size * 1.6);
  else if (kind === 'pruned') ctx.arc(x, y, size * 0.9, 0, 2 * Math.PI);
  else diamond(ctx, x, y, size * 1.2);
  ctx.fillStyle = kind === 'pruned' ? theme.panel : theme.tuned;
  ctx.strokeStyle = kind === 'pruned' ? theme.ink : theme.panel;
  ctx.lineWidth = (kind === 'pruned' ? 1.5 : 1) * ratio;
  ctx.fill();
  ctx.stroke();
  if (current) {
    ctx.beginPath();
    ctx.arc(x, y, size * 1.8, 0, 2 * Math.PI);
    ctx.strokeStyle = theme.ink;
    ctx.lineWidth = ratio;
    ctx.stroke();
  }
  ctx.restore();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
function diamond(ctx, x, y, size) {
  ctx.moveTo(x, y - size);
  ctx.lineTo(x + size, y);
  ctx.lineTo(x, y + size);
  ctx.lineTo(x - size, y);
  ctx.closePath();
}

/**
 * The slider's place, and the accuracy there once it is known, as a bar while it is an estimate.
 * @param {uPlot} plot
 * @param {number} sparsity
 * @param {number | null} accuracy
 * @param {{low: number, high: number} | null} interval
 * @param {Theme} theme
 */
export function drawNow(plot, sparsity, accuracy, interval, theme) {
  const { ctx, bbox } = plot;
  const ratio = unitOf(plot);
  const x = place(plot, sparsity, 'x');
  ctx.save();
  ctx.strokeStyle = theme.accent;
  ctx.fillStyle = theme.accent;
  ctx.lineWidth = ratio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  if (accuracy !== null && interval) {
    ctx.lineWidth = 4 * ratio;
    ctx.beginPath();
    ctx.moveTo(x, place(plot, interval.low, 'y'));
    ctx.lineTo(x, place(plot, interval.high, 'y'));
    ctx.stroke();
  }
  if (accuracy !== null) {
    ctx.beginPath();
    ctx.arc(x, place(plot, accuracy, 'y'), 4.5 * ratio, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.restore();
}
