// A dozen test images with the network's answer, and those that pruning changed.

import { takeFiles } from '../../data/own-drop.js';
import { likeliest } from '../../state/derive.js';
import { classNames } from '../kit/class-names.js';
import { attribute, h, output, show } from '../kit/dom.js';
import { createForgotten } from '../outcome/forgotten.js';
import { createExampleCard } from './example-card.js';
import { createOwn } from './own.js';
import { createPad } from './pad.js';
import { paintImage } from './paint-image.js';

/** @import {DatasetInfo} from '../../generated/protocol.d.ts' */
/** @import {Examples} from '../../state/types.d.ts' */
/** @import {Frame, Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createExamples(view) {
  const { t, session, format } = view;
  const list = h('div', { class: 'examples', 'data-testid': 'examples' });
  const flipped = output('flipped', { class: 'note' });
  const forgotten = createForgotten(view);
  const chooser = fileChooser(view);
  const element = h('section', { class: 'data', 'aria-label': t('data-heading') },
    h('h2', { text: t('data-heading') }), list, flipped, forgotten.element, chooser.element);
  /** @type {import('./example-card.js').ExampleCard[]} */
  let cards = [];
  /** @type {Uint8Array | null} */
  let images = null;
  /** @type {{now: Float32Array, before: Float32Array | null, of: DatasetInfo, labels: number[]} | null} What the cards say. */
  let said = null;
  return {
    element,
    update(frame) {
      const { state, outcome } = frame;
      chooser.update(frame);
      forgotten.update(frame);
      const { examples, dataset, denseProbabilities } = state;
      if (!examples || !dataset) return;
      const { labels } = examples;
      if (cards.length !== labels.length) {
        cards = labels.map((_, i) => createExampleCard(view, () => session.chooseExample(i)));
        list.replaceChildren(...cards.map(({ button }) => button));
      }
      if (images !== examples.images) {
        images = examples.images;
        cards.forEach(({ canvas }, i) => paintImage(canvas, examples, dataset, i));
      }
      cards.forEach(({ button }, i) => attribute(button, 'aria-pressed', String(i === state.chosenExample)));
      const now = outcome?.probabilities ?? examples.probabilities;
      if (said?.now === now && said.before === denseProbabilities && said.of === dataset && said.labels === labels) return;
      said = { now, before: denseProbabilities, of: dataset, labels };
      const row = (/** @type {Float32Array} */ of, /** @type {number} */ i) => likeliest(of.subarray(i * dataset.classes.length, (i + 1) * dataset.classes.length), 3);
      const names = classNames(dataset, t);
      let changed = 0;
      cards.forEach((each, i) => {
        const guesses = row(now, i);
        const before = denseProbabilities ? row(denseProbabilities, i)[0].index : guesses[0].index;
        if (guesses[0].index !== before) changed += 1;
        each.update({ guesses, before, label: labels[i] }, names);
      });
      const count = { changed: format.integer(changed), total: format.integer(labels.length) };
      show(flipped, t(changed > 0 ? 'flipped' : 'none-flipped', count), changed);
    },
  };
}

/** @param {View} view */
function fileChooser(view) {
  const { t, session, format } = view;
  const own = createOwn(view);
  const pad = createPad(view);
  const input = h('input', {
    type: 'file', multiple: true, class: 'visually-hidden', 'data-testid': 'file-input', 'aria-label': t('choose-files'), tabindex: -1,
    onchange: () => {
      takeFiles(session, [...(input.files ?? [])]);
      input.value = '';
    },
  });
  const wanted = h('p', { 'data-testid': 'awaiting-files' });
  const choose = h('button', { type: 'button', text: t('choose-files-short'), title: t('choose-files'), onclick: () => input.click() });
  const offer = h('button', { type: 'button', 'data-testid': 'load-offer', onclick: () => session.loadOffer() });
  const cancel = h('button', { type: 'button', 'data-testid': 'cancel-offer', text: t('own-cancel'), onclick: () => session.cancelOffer() });
  const element = h('div', { class: 'files' }, wanted, own.element, offer, cancel, h('div', { class: 'file-row' }, pad.button, choose, ...own.choose), input, pad.element);
  return {
    element,
    /** @param {Frame} frame */
    update(frame) {
      const { settings, awaitingFiles, offeredBytes } = frame.state;
      own.update(frame);
      pad.update(frame);
      choose.hidden = settings.dataset === 'own';
      element.classList.toggle('awaiting', awaitingFiles !== null);
      wanted.hidden = awaitingFiles === null;
      show(wanted, awaitingFiles ? t(`awaiting-${awaitingFiles}`) : '');
      offer.hidden = offeredBytes === null || session.downloading;
      cancel.hidden = !session.downloading;
      if (offeredBytes !== null) show(offer, t('load-offer', { bytes: format.bytes(offeredBytes) }));
    },
  };
}
