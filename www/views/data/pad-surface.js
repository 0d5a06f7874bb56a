// The surface of the drawing pad: strokes of mouse, pen or finger.

import { attribute, h, show } from '../kit/dom.js';
import { isPress } from '../kit/drag.js';

/** @import {Segment} from '../../data/pad-pixels.js' */
/** @import {DatasetInfo} from '../../generated/protocol.d.ts' */
/** @import {Trial} from '../../session/trial.js' */
/** @import {View} from '../kit/view.d.ts' */

const SIDE = 256;
/** Points that are closer than this to the one before say nothing new. */
const STEP = 4;
const PEN = 22;

/** @type {WeakMap<Trial, Segment[]>} What is drawn, which is to be there still when the widget is built in another language. */
const drawn = new WeakMap();

/**
 * @param {View} view
 * @param {(segments: Segment[]) => void} onDraw Told at most once a frame.
 */
export function createPadSurface({ t, session: { trial } }, onDraw) {
  const canvas = h('canvas', { class: 'pad', 'data-testid': 'pad', role: 'img', 'aria-label': t('pad-surface') });
  const hint = h('span', { class: 'pad-hint note' });
  const element = h('div', { class: 'pad-box' }, canvas, hint);
  /** @type {Segment[]} */
  let segments = drawn.get(trial) ?? [];
  /** Whether what was drawn before is still to be painted. */
  let blank = segments.length > 0;
  /** @type {[number, number] | null} Where the pen is, while it is down. */
  let pen = null;
  let frame = 0;
  let usable = false;
  canvas.width = SIDE;
  canvas.height = SIDE;

  /** @param {PointerEvent} event */
  const point = (event) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return /** @type {[number, number]} */ ([(event.clientX - left) * SIDE / width, (event.clientY - top) * SIDE / height]);
  };
  /** @param {[number, number]} to */
  const drawTo = (to) => {
    const from = pen ?? to;
    pen = to;
    segments.push([...from, ...to]);
    drawn.set(trial, segments);
    hint.hidden = true;
    ink(canvas, [...from, ...to]);
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      if (segments.length > 0) onDraw(segments);
    });
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (!usable || !isPress(event)) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    drawTo(point(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!pen || !event.isPrimary) return;
    const to = point(event);
    if (Math.hypot(to[0] - pen[0], to[1] - pen[1]) >= STEP) drawTo(to);
  });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) canvas.addEventListener(end, () => { pen = null; });
  return {
    element,
    /** Whether a stroke is under way, or not yet told of. */
    busy: () => pen !== null || frame !== 0,
    clear() {
      if (segments.length === 0) return;
      segments = [];
      drawn.delete(trial);
      hint.hidden = false;
      canvas.getContext('2d')?.clearRect(0, 0, SIDE, SIDE);
    },
    /**
     * @param {DatasetInfo} dataset
     * @param {boolean} draws Whether its images can be drawn.
     */
    update(dataset, draws) {
      usable = draws;
      attribute(canvas, 'data-usable', String(draws));
      if (blank) {
        segments.forEach((segment) => ink(canvas, segment));
        hint.hidden = true;
        blank = false;
      }
      show(hint, draws ? t(`pad-hint-${dataset.id}`) : '');
    },
  };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Segment} segment
 */
function ink(canvas, [a, b, c, d]) {
  const context = canvas.getContext('2d');
  if (!context) return;
  context.strokeStyle = getComputedStyle(canvas).color;
  context.lineWidth = PEN;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(a, b);
  context.lineTo(c, d);
  context.stroke();
}
