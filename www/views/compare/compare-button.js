// The button that opens the comparison of methods, and tells how far it has come while it is closed.

import { attribute, h, show } from '../kit/dom.js';

/** @import {Part, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @returns {Part}
 */
export function createCompareButton({ t, format, session }) {
  const { comparison } = session;
  const element = h('button', {
    type: 'button', 'data-testid': 'compare', 'aria-haspopup': 'dialog', text: t('compare'), title: t('compare-hint'),
    onclick: () => comparison.setOpen(true),
  });
  return {
    element,
    update() {
      const { race } = comparison;
      const running = race.stage === 'running';
      const share = running ? race.done / race.tasks.length : null;
      show(element, share === null ? t('compare') : t('comparing', { share: format.wholePercent(share) }), share);
      attribute(element, 'data-stage', race.stage);
    },
  };
}
