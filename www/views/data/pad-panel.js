// One picture to try, drawn or chosen, with the network's answer while the slider moves.

import { drawnPixels } from '../../data/pad-pixels.js';
import { isDrawn } from '../../data/trial-input.js';
import { h, output, show } from '../kit/dom.js';
import { closePanel } from '../kit/popover.js';
import { createPadAnswers } from './pad-answers.js';
import { createPadSurface } from './pad-surface.js';
import { paintImage } from './paint-image.js';

/** @import {DatasetInfo} from '../../generated/protocol.d.ts' */
/** @import {Inside, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @param {HTMLElement} panel That it is in.
 * @returns {Inside}
 */
export function createPadPanel(view, panel) {
  const { t, session } = view;
  const { trial } = session;
  const surface = createPadSurface(view, (segments) => {
    const { dataset } = session.state;
    if (dataset) trial.show(segments.length > 0 ? drawnPixels(segments, dataset.width) : null, session.state);
  });
  const seen = h('canvas', { class: 'pad-seen', 'data-testid': 'pad-seen', 'aria-hidden': 'true' });
  const size = output('pad-size', { class: 'note' });
  const answers = createPadAnswers(view);
  const heading = h('b');
  const close = h('button', {
    type: 'button', class: 'pad-close', 'data-testid': 'pad-close', 'aria-label': t('pad-close'), title: t('pad-close'), text: '×', onclick: () => closePanel(panel),
  });
  const clear = h('button', { type: 'button', 'data-testid': 'pad-clear', text: t('pad-clear'), onclick: () => { surface.clear(); trial.show(null, session.state); } });
  const actions = h('div', { class: 'pad-actions' }, clear, chooser(view), exampleButton(view));
  return {
    elements: [
      h('div', { class: 'heading' }, heading, close),
      h('div', { class: 'pad-columns' }, surface.element, h('div', { class: 'pad-side' }, h('div', { class: 'pad-view' }, seen, size), answers.element)), actions,
    ],
    update(frame) {
      const { dataset } = frame.state;
      if (!dataset) return;
      const draws = isDrawn(dataset);
      show(heading, t(draws ? 'pad-heading-draw' : 'pad-heading-try'));
      if (!surface.busy() && (trial.pixels === null || trial.from !== 'pad')) surface.clear();
      surface.update(dataset, draws);
      surface.element.hidden = !draws;
      panel.classList.toggle('plain', !draws);
      clear.disabled = trial.pixels === null;
      paint(seen, trial.pixels, dataset);
      seen.hidden = !draws && trial.pixels === null;
      show(size, t(seen.hidden ? 'pad-hint-picture' : 'pad-sees', { width: String(dataset.width), height: String(dataset.height) }));
      answers.update(frame);
    },
  };
}

/** @param {View} view */
function chooser({ t, session }) {
  const input = h('input', {
    type: 'file', accept: 'image/*', class: 'visually-hidden', 'data-testid': 'pad-file', 'aria-label': t('pad-picture'), tabindex: -1,
    onchange: () => {
      const [file] = input.files ?? [];
      if (file) session.trial.tryPicture(file, session.state);
      input.value = '';
    },
  });
  return h('span', {}, h('button', { type: 'button', text: t('pad-picture'), onclick: () => input.click() }), input);
}

/** @param {View} view */
function exampleButton({ t, session }) {
  const take = () => {
    const { examples, dataset, chosenExample } = session.state;
    if (!examples || !dataset) return;
    const length = dataset.channels * dataset.height * dataset.width;
    session.trial.show(examples.images.slice(chosenExample * length, (chosenExample + 1) * length), session.state, 'picture');
  };
  return h('button', { type: 'button', 'data-testid': 'pad-example', text: t('pad-example'), onclick: take });
}

/** @type {WeakMap<HTMLCanvasElement, Uint8Array>} */
const painted = new WeakMap();

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array | null} pixels
 * @param {DatasetInfo} dataset
 */
function paint(canvas, pixels, dataset) {
  const shown = pixels ?? NOTHING;
  if (painted.get(canvas) === shown) return;
  painted.set(canvas, shown);
  const images = pixels ?? new Uint8Array(dataset.channels * dataset.height * dataset.width);
  paintImage(canvas, { images }, dataset, 0);
}

const NOTHING = new Uint8Array();
