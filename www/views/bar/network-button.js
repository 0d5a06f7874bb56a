// The network in hand by its name, and behind it the panel in which another is chosen or this one changed.

import { networkName } from '../kit/layer-name.js';
import { attribute, h, show } from '../kit/dom.js';
import { closePanel, createPopover, isOpen } from '../kit/popover.js';
import createNetworkPanel from './network-panel.js';

/** @import {Frame, View} from '../kit/view.d.ts' */

/** @param {View} view */
export function createNetworkButton(view) {
  const { t, format, invalidate } = view;
  const button = h('button', { type: 'button', class: 'network-button', 'data-testid': 'network' });
  const panel = createPopover(button, t('network-panel'));
  panel.classList.add('network-panel');
  /** @type {ReturnType<typeof createNetworkPanel> | null} */
  let content = null;
  panel.addEventListener('beforetoggle', ({ newState }) => {
    if (newState !== 'open') return;
    if (!content) {
      content = createNetworkPanel(view, () => closePanel(panel));
      panel.append(...content.elements);
    }
    content.opened();
  });
  panel.addEventListener('toggle', invalidate);
  return {
    button,
    panel,
    /** @param {Frame} frame */
    update(frame) {
      const { network, widths } = frame.state.settings;
      const name = networkName({ network, widths }, { t, format });
      show(button, name, network);
      attribute(button, 'aria-label', t('network-choose', { name }));
      attribute(button, 'title', t('network-choose', { name }));
      if (isOpen(panel)) content?.update(frame);
    },
  };
}
