// The pruning control: how to cut, the slider over the scores, what it removes, what that costs.

import { h } from '../kit/dom.js';
import { createFacts } from '../outcome/facts.js';
import { createHistogram } from './histogram.js';
import { createMethod } from './method.js';
import { createResult } from '../outcome/result.js';
import { createSlider } from './slider.js';

/** @import {Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createPruning(view) {
  const parts = [createMethod, createHistogram, createSlider, createFacts, createResult].map((create) => create(view));
  const element = h('footer', { class: 'pruning', 'aria-label': view.t('pruning-heading') }, ...parts.map((part) => part.element));
  return {
    element,
    destroy: () => parts.forEach((part) => part.destroy?.()),
    update: (frame) => parts.forEach((part) => part.update(frame)),
  };
}
