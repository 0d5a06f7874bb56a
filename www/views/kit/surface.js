// A canvas that fills its box and knows its size.

import { h } from './dom.js';

/** @typedef {ReturnType<typeof createSurface>} Surface */

/**
 * @param {() => void} invalidate Asks for a render, when the size changes.
 * @param {import('./dom.js').Properties} properties
 */
export function createSurface(invalidate, properties) {
  const canvas = h('canvas', properties);
  const box = h('div', { class: 'surface' }, canvas);
  let width = 0;
  let height = 0;
  const observer = new ResizeObserver(([entry]) => {
    width = Math.floor(entry.contentRect.width);
    height = Math.floor(entry.contentRect.height);
    invalidate();
  });
  observer.observe(box);
  return {
    box,
    canvas,
    /** Size in CSS pixels and the device's pixels to one of them. */
    size: () => ({ width, height, ratio: Math.max(1, Math.round(window.devicePixelRatio || 1)) }),
    /**
     * A cleared context; one unit is a CSS pixel.
     * @returns {CanvasRenderingContext2D | null} null while there is no room.
     */
    prepare() {
      const ratio = Math.max(1, Math.round(window.devicePixelRatio || 1));
      if (width === 0 || height === 0) return null;
      if (canvas.width !== width * ratio || canvas.height !== height * ratio) {
        canvas.width = width * ratio;
        canvas.height = height * ratio;
        canvas.style.width = `${width}px`;
        canvas.style.height = `${height}px`;
      }
      const context = canvas.getContext('2d');
      context?.setTransform(ratio, 0, 0, ratio, 0, 0);
      context?.clearRect(0, 0, width, height);
      return context;
    },
    destroy: () => observer.disconnect(),
  };
}
