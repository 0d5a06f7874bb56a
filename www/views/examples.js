// A dozen test images with the network's answer, and those that pruning changed.

import { predictions } from '../derive.js';
import { attribute, h, output, show } from './dom.js';

/** @import {DatasetInfo} from '../generated/protocol.d.ts' */
/** @import {Examples} from '../types.d.ts' */
/** @import {Frame, Part, View} from './view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createExamples(view) {
  const { t, session, format } = view;
  const list = h('div', { class: 'examples', 'data-testid': 'examples' });
  const flipped = output('flipped', { class: 'note' });
  const chooser = fileChooser(view);
  const element = h('section', { class: 'data', 'aria-label': t('data-heading') },
    h('h2', { text: t('data-heading') }), list, flipped, chooser.element);
  /** @type {ReturnType<typeof card>[]} */
  let cards = [];
  /** @type {Uint8Array | null} */
  let images = null;
  return {
    element,
    update(frame) {
      const { state, outcome } = frame;
      chooser.update(frame);
      const { examples, dataset, denseProbabilities } = state;
      if (!examples || !dataset) return;
      const { labels } = examples;
      if (cards.length !== labels.length) {
        cards = labels.map((_, i) => card(() => session.chooseExample(i)));
        list.replaceChildren(...cards.map(({ button }) => button));
      }
      if (images !== examples.images) {
        images = examples.images;
        cards.forEach(({ canvas }, i) => paintImage(canvas, examples, dataset, i));
      }
      const classes = dataset.classes.length;
      const now = predictions(outcome?.probabilities ?? examples.probabilities, classes);
      const before = denseProbabilities ? predictions(denseProbabilities, classes) : now;
      let changed = 0;
      cards.forEach((each, i) => {
        const flip = now[i].index !== before[i].index;
        if (flip) changed += 1;
        caption(each, { now: now[i], before: before[i], flip, label: labels[i] }, dataset.classes, view);
        attribute(each.button, 'aria-pressed', String(i === state.chosenExample));
      });
      const count = { changed: format.integer(changed), total: format.integer(labels.length) };
      show(flipped, t(changed > 0 ? 'flipped' : 'none-flipped', count), changed);
    },
  };
}

/**
 * Says what the network says of an image.
 * @param {ReturnType<typeof card>} card
 * @param {{now: {index: number, probability: number}, before: {index: number}, flip: boolean, label: number}} answer
 * @param {string[]} classes
 * @param {View} view
 */
function caption({ button, first, second }, { now, before, flip, label }, classes, { t, format }) {
  const right = now.index === label;
  const said = classes[now.index];
  const short = classes.every((name) => name.length <= 2);
  const from = short ? `${classes[before.index]} → ` : '→ ';
  show(first, `${flip ? from : ''}${said}${right ? '' : ' ✗'}`);
  show(second, flip ? t('flipped-word') : format.wholePercent(now.probability));
  button.classList.toggle('flip', flip);
  attribute(button, 'data-flipped', String(flip));
  const key = flip ? 'example-flipped' : 'example';
  // The name begins with the words that are seen, so that they can be spoken to choose the image.
  attribute(button, 'aria-label', t(key, {
    shown: `${first.textContent} ${second.textContent}`, label: classes[label], said, before: classes[before.index], share: format.percent(now.probability),
  }));
  attribute(button, 'title', button.getAttribute('aria-label'));
}
/** @param {() => void} choose */
function card(choose) {
  const canvas = h('canvas', { 'aria-hidden': 'true' });
  const first = h('b');
  const second = h('span');
  const button = h('button', { type: 'button', class: 'example', onclick: choose }, canvas, first, document.createTextNode(' '), second);
  return { button, canvas, first, second };
}

/**
 * Paints an image of the set, pixel for pixel; the stylesheet enlarges it.
 * @param {HTMLCanvasElement} canvas
 * @param {Examples} examples
 * @param {DatasetInfo} dataset
 * @param {number} index
 */
export function paintImage(canvas, { images }, { channels, height, width }, index) {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(width, height);
  const plane = width * height;
  const start = index * channels * plane;
  for (let i = 0; i < plane; i += 1) {
    for (let c = 0; c < 3; c += 1) image.data[i * 4 + c] = images[start + Math.min(c, channels - 1) * plane + i];
    image.data[i * 4 + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** @param {View} view */
function fileChooser({ t, session, format }) {
  const input = h('input', {
    type: 'file', multiple: true, class: 'visually-hidden', 'data-testid': 'file-input', 'aria-label': t('choose-files'), tabindex: -1,
    onchange: () => {
      session.loadFiles([...(input.files ?? [])]);
      input.value = '';
    },
  });
  const wanted = h('p', { 'data-testid': 'awaiting-files' });
  const choose = h('button', { type: 'button', text: t('choose-files'), onclick: () => input.click() });
  const offer = h('button', { type: 'button', 'data-testid': 'load-offer', onclick: () => session.loadOffer() });
  const element = h('div', { class: 'files' }, wanted, choose, offer, input);
  return {
    element,
    /** @param {Frame} frame */
    update({ state: { awaitingFiles, offeredBytes } }) {
      element.classList.toggle('awaiting', awaitingFiles !== null);
      wanted.hidden = awaitingFiles === null;
      show(wanted, awaitingFiles ? t(`awaiting-${awaitingFiles}`) : '');
      offer.hidden = offeredBytes === null;
      if (offeredBytes !== null) show(offer, t('load-offer', { bytes: format.bytes(offeredBytes) }));
    },
  };
}
