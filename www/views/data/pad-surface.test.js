import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useFakeDocument } from '../../../tests/support/dom.mjs';
import { createPadSurface } from './pad-surface.js';

useFakeDocument();
globalThis.requestAnimationFrame = (draw) => { draw(); return 0; };
globalThis.getComputedStyle = () => ({ color: 'black' });

/** A pad whose canvas notes the lines that are drawn on it. */
function padOf(session) {
  const pad = createPadSurface({ t: (key) => key, session }, () => {});
  const [canvas] = pad.element.children;
  const lines = [];
  canvas.getContext = () => ({ beginPath() {}, stroke() {}, clearRect: () => { lines.length = 0; }, moveTo: (x, y) => lines.push([x, y]), lineTo: (x, y) => lines.at(-1).push(x, y) });
  canvas.getBoundingClientRect = () => ({ left: 0, top: 0, width: 256, height: 256 });
  canvas.setPointerCapture = () => {};
  const tell = (type, x, y, more = {}) => canvas.dispatchEvent(Object.assign(new Event(type), { button: 0, isPrimary: true, pointerId: 1, clientX: x, clientY: y, ...more }));
  pad.update({ id: 'digits' }, true);
  return { pad, lines, tell };
}

function draw({ tell }) {
  tell('pointerdown', 10, 10);
  tell('pointermove', 30, 40);
  tell('pointerup', 30, 40);
}

test('what is drawn is there again when the pad is built in another language, until it is cleared', () => {
  const session = { trial: {} };
  const first = padOf(session);
  draw(first);
  assert.deepEqual(first.lines, [[10, 10, 10, 10], [10, 10, 30, 40]]);
  const second = padOf(session);
  assert.deepEqual(second.lines, first.lines);
  second.pad.update({ id: 'digits' }, true);
  assert.equal(second.lines.length, 2);
  second.pad.clear();
  assert.deepEqual(padOf(session).lines, []);
});

test('another widget has a pad of its own, and other buttons draw nothing', () => {
  draw(padOf({ trial: {} }));
  const other = padOf({ trial: {} });
  other.tell('pointerdown', 10, 10, { button: 2 });
  assert.deepEqual(other.lines, []);
});
