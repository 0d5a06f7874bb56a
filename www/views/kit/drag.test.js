import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onDrag } from './drag.js';

/** An element as far as dragging goes. */
class Surface extends EventTarget {
  captured = [];
  setPointerCapture(id) { this.captured.push(id); }
  tell(type, properties = {}) {
    this.dispatchEvent(Object.assign(new Event(type), { button: 0, isPrimary: true, pointerId: 7, offsetX: 0, ...properties }));
  }
}

test('the primary button drags from its press to its release', () => {
  const [surface, places] = [new Surface(), []];
  onDrag(surface, (x) => places.push(x));
  surface.tell('pointermove', { offsetX: 1 });
  surface.tell('pointerdown', { offsetX: 2 });
  surface.tell('pointermove', { button: -1, offsetX: 3 });
  surface.tell('pointerup');
  surface.tell('pointermove', { button: -1, offsetX: 4 });
  assert.deepEqual(places, [2, 3]);
  assert.deepEqual(surface.captured, [7]);
});

test('no other button drags, and no second finger', () => {
  const [surface, places] = [new Surface(), []];
  onDrag(surface, (x) => places.push(x));
  for (const press of [{ button: 1 }, { button: 2 }, { button: 5 }, { isPrimary: false }]) {
    surface.tell('pointerdown', press);
    surface.tell('pointermove', { button: -1, offsetX: 9 });
  }
  assert.deepEqual([places, surface.captured], [[], []]);
});
