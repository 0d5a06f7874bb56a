// A chart as a picture to keep: its name and its key above it, on the ground of the page, two pixels to each of the page's.

import { hatchPattern } from '../kit/hatch.js';

/** @import {Theme} from '../bar/theme.js' */

/** Pixels of a picture to a CSS pixel, whatever the screen has. */
export const SCALE = 2;

const MARGIN = 16;
const TITLE = 24;
const KEYS = 20;
const LINE = 24;
const SIGN = LINE + 8;

/** @typedef {'line' | 'dashed' | 'box' | 'hatched' | 'circle' | 'diamond'} Sign */

/** @typedef {{text: string, colour: string, sign: Sign, pale?: number, dash?: number[], mark?: {path: string, hollow: boolean}}} Key `mark` stands on a line, about the origin; `pale` is how much of the colour is seen. */

/**
 * @typedef {object} Drawing
 * @property {string} title
 * @property {Key[]} keys
 * @property {{canvas: HTMLCanvasElement, caption?: string}[]} parts Side by side, each at `SCALE`.
 */

/**
 * @param {Drawing} drawing
 * @param {Theme} theme
 * @returns {Promise<Blob | null>} A PNG; null where the browser can make none of this size.
 */
export function pictureOf({ title, keys, parts }, theme) {
  const captions = parts.some(({ caption }) => caption) ? KEYS : 0;
  const top = MARGIN + TITLE + (keys.length > 0 ? KEYS : 0);
  const height = top + captions + Math.max(...parts.map(({ canvas }) => canvas.height / SCALE)) + MARGIN;
  const sheet = document.createElement('canvas');
  const context = sheet.getContext('2d');
  if (!context) return Promise.resolve(null);
  const width = Math.max(widthOfKeys(context, keys, theme), parts.reduce((sum, { canvas }) => sum + canvas.width / SCALE + MARGIN, MARGIN));
  sheet.width = Math.ceil(width * SCALE);
  sheet.height = Math.ceil(height * SCALE);
  context.fillStyle = theme.panel;
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.scale(SCALE, SCALE);
  context.textBaseline = 'middle';
  context.fillStyle = theme.ink;
  context.font = `600 14px ${theme.font}`;
  context.fillText(title, MARGIN, MARGIN + TITLE / 2 - 4, width - 2 * MARGIN);
  drawKeys(context, keys, MARGIN + TITLE + KEYS / 2 - 4, theme);
  let left = MARGIN;
  for (const { canvas, caption } of parts) {
    context.fillStyle = theme.mute;
    context.font = `12px ${theme.font}`;
    if (caption) context.fillText(caption, left, top + captions / 2);
    context.drawImage(canvas, left, top + captions, canvas.width / SCALE, canvas.height / SCALE);
    left += canvas.width / SCALE + MARGIN;
  }
  return new Promise((resolve) => { sheet.toBlob(resolve, 'image/png'); });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Key[]} keys
 * @param {Theme} theme
 */
function widthOfKeys(context, keys, { font }) {
  context.font = `12px ${font}`;
  return keys.reduce((sum, { text }) => sum + SIGN + context.measureText(text).width + MARGIN, MARGIN);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Key[]} keys
 * @param {number} y
 * @param {Theme} theme
 */
function drawKeys(context, keys, y, theme) {
  context.font = `12px ${theme.font}`;
  let x = MARGIN;
  for (const key of keys) {
    const { text } = key;
    context.globalAlpha = key.pale ?? 1;
    drawSign(context, key, x, y, theme);
    context.globalAlpha = 1;
    context.fillStyle = theme.mute;
    context.fillText(text, x + SIGN, y);
    x += SIGN + context.measureText(text).width + MARGIN;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Key} key
 * @param {number} x
 * @param {number} y
 * @param {Theme} theme
 */
function drawSign(context, { colour, sign, dash = [4, 3], mark }, x, y, theme) {
  context.fillStyle = sign === 'hatched' ? hatchPattern(context, theme.hatch) ?? theme.hatch : colour;
  context.strokeStyle = sign === 'hatched' ? theme.mute : colour;
  context.lineWidth = sign === 'hatched' ? 0.5 : 2;
  context.setLineDash(sign === 'dashed' ? dash : []);
  context.beginPath();
  if (sign === 'line' || sign === 'dashed') {
    context.moveTo(x, y);
    context.lineTo(x + LINE, y);
  } else if (sign === 'circle') {
    context.arc(x + LINE / 2, y, 4, 0, 2 * Math.PI);
  } else if (sign === 'diamond') {
    for (const [dx, dy] of [[LINE / 2, -5], [LINE / 2 + 5, 0], [LINE / 2, 5], [LINE / 2 - 5, 0]]) context.lineTo(x + dx, y + dy);
    context.closePath();
  } else {
    context.rect(x + LINE / 2 - 5, y - 5, 10, 10);
  }
  if (sign === 'box' || sign === 'diamond' || sign === 'hatched') context.fill();
  if (sign !== 'box' && sign !== 'diamond') context.stroke();
  context.setLineDash([]);
  if (mark) drawMark(context, mark, { x: x + LINE / 2, y }, { colour, ground: theme.panel });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {NonNullable<Key['mark']>} mark
 * @param {{x: number, y: number}} place
 * @param {{colour: string, ground: string}} colours
 */
function drawMark(context, { path, hollow }, { x, y }, { colour, ground }) {
  const shape = new Path2D(path);
  context.save();
  context.translate(x, y);
  context.fillStyle = hollow ? ground : colour;
  context.strokeStyle = colour;
  context.lineWidth = 1.75;
  context.fill(shape);
  if (hollow) context.stroke(shape);
  context.restore();
}
