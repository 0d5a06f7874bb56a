// The network in hand by its name, and behind it the panel in which another is chosen or this one changed.

import { PANELS } from '../chunks.js';
import { attribute, h, show } from '../kit/dom.js';
import { createFoldedPopover } from '../kit/folded.js';
import { networkName } from '../kit/layer-name.js';
import { closePanel } from '../kit/popover.js';

/** @import {Frame, View} from '../kit/view.d.ts' */

/** @param {View} view */
export function createNetworkButton(view) {
  const { t, format } = view;
  const button = h('button', { type: 'button', class: 'network-button', 'data-testid': 'network' });
  const folded = createFoldedPopover(view, button, t('network-panel'), PANELS, ({ createNetworkPanel }, panel) => createNetworkPanel(view, () => closePanel(panel)));
  folded.panel.classList.add('network-panel');
  return {
    button,
    panel: folded.panel,
    /** @param {Frame} frame */
    update(frame) {
      const { network, widths } = frame.state.settings;
      const name = networkName({ network, widths }, { t, format });
      show(button, name, network);
      attribute(button, 'aria-label', t('network-choose', { name }));
      attribute(button, 'title', t('network-choose', { name }));
      folded.update(frame);
    },
  };
}
