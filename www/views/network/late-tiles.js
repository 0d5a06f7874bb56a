// The picture of a layer of a large network. Its code comes when the first of them is looked at.

import { PANELS } from '../chunks.js';
import { h } from '../kit/dom.js';
import { createFolded } from '../kit/folded.js';

/** @import {LayerInfo} from '../../generated/protocol.d.ts' */
/** @import {Frame, View} from '../kit/view.d.ts' */

/**
 * @param {LayerInfo} layer
 * @param {number} index Of the layer.
 * @param {View} view
 * @param {(text: string | null, filter: number | null) => void} tell Where the weight that is pointed at is read out.
 */
export function createLateTiles(layer, index, view, tell) {
  const element = h('div', { class: 'late' });
  const life = new AbortController();
  /** @type {ReturnType<typeof import('./tiled-picture.js').createTiledPicture> | null} */
  let picture = null;
  let end = 1;
  const folded = createFolded({ ...view, signal: life.signal }, element, PANELS, ({ createTiledPicture }) => {
    const made = createTiledPicture(layer, index, view, tell);
    picture = made;
    return { elements: [made.element], update: (frame) => made.update(frame, end), destroy: made.destroy };
  });
  folded.open();
  return {
    element,
    destroy: () => life.abort(),
    /** The picture once more, at the scale of one to keep; null while there is none. */
    copy: () => picture?.copy() ?? null,
    /**
     * @param {Frame} frame
     * @param {number} limit The weight at the end of the colour scale.
     */
    update(frame, limit) {
      end = limit;
      folded.update(frame, true);
    },
  };
}
