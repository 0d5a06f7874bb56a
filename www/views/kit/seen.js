// What the filter that is pointed at sees in the chosen image, under the image itself.

import { createActivations } from '../../data/activation.js';
import { h, output, show } from './dom.js';

/** @import {Theme} from '../bar/theme.js' */
/** @import {Frame, View} from './view.d.ts' */

/** The filter that is pointed at. @typedef {{layer: number, filter: number}} Place */

/** @param {View} view */
export function createSeen({ t, format }) {
  const activationOf = createActivations();
  const canvas = h('canvas', { class: 'seen-map', 'data-testid': 'activation', 'aria-hidden': 'true' });
  const words = output('activation-words', { class: 'note' });
  const element = h('div', { class: 'seen', hidden: true }, canvas, words);
  /** @type {Float32Array | null} */
  let painted = null;
  /** @type {Theme | null} */
  let themed = null;
  return {
    element,
    /**
     * @param {Frame} frame
     * @param {Place | null} place
     */
    update({ state: { scores, layers, dataset, examples, chosenExample }, cut, theme }, place) {
      element.hidden = !(place && scores && cut && dataset && examples);
      if (!(place && scores && cut && dataset && examples)) return;
      const of = { scores, gone: cut.gone, layers, dataset, images: examples.images, example: chosenExample };
      const { map, width, height } = activationOf(of, place.layer, place.filter);
      if (map === painted && theme === themed) return;
      [painted, themed] = [map, theme];
      const most = map.reduce((largest, value) => Math.max(largest, value), 0);
      paint(canvas, { map, width, height, most }, theme);
      const named = { filter: format.integer(place.filter + 1), most: format.small(most) };
      show(words, t(most > 0 ? 'filter-sees' : 'filter-sees-nothing', named), most);
    },
  };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{map: Float32Array, width: number, height: number, most: number}} what
 * @param {Theme} theme
 */
function paint(canvas, { map, width, height, most }, { glow }) {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  map.forEach((value, i) => { pixels[i] = glow[most > 0 ? Math.round((value / most) * (glow.length - 1)) : 0]; });
  context.putImageData(image, 0, 0);
}
