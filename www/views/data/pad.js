// The button behind which one picture is tried. Its panel stays while the slider is moved, unlike the others.

import { isDrawn } from '../../data/trial-input.js';
import { PANELS } from '../chunks.js';
import { attribute, h, show } from '../kit/dom.js';
import { createFoldedPopover } from '../kit/folded.js';
import { closePanel, openPanel } from '../kit/popover.js';

/** @import {Frame, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {{button: HTMLButtonElement, element: HTMLElement, update: (frame: Frame) => void}}
 */
export function createPad(view) {
  const { t, session: { trial } } = view;
  const button = h('button', { type: 'button', 'data-testid': 'pad-open', text: t('pad-draw') });
  const folded = createFoldedPopover(view, button, t('pad-heading-try'), PANELS, ({ createPadPanel }, box) => createPadPanel(view, box));
  const { panel } = folded;
  panel.classList.add('pad-panel');
  panel.dataset.testid = 'pad-panel';
  panel.setAttribute('popover', 'manual');
  panel.addEventListener('beforetoggle', () => {
    panel.style.left = `${Math.max(8, button.getBoundingClientRect().left - 12)}px`;
    panel.style.right = 'auto';
  });
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    closePanel(panel);
    button.focus();
  });
  let { pictures } = trial;
  return {
    button,
    element: panel,
    update(frame) {
      const { dataset } = frame.state;
      button.hidden = frame.state.awaitingFiles !== null;
      button.disabled = dataset === null;
      folded.update(frame);
      if (!dataset) return;
      const draws = isDrawn(dataset);
      show(button, t(draws ? 'pad-draw' : 'pad-try'));
      attribute(panel, 'aria-label', t(draws ? 'pad-heading-draw' : 'pad-heading-try'));
      if (pictures === trial.pictures) return;
      pictures = trial.pictures;
      openPanel(panel);
    },
  };
}
