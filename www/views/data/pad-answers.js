// The three likeliest classes of a tried picture, and whether the slider's cut changes the answer.

import { likeliest } from '../../state/derive.js';
import { classNames } from '../kit/class-names.js';
import { attribute, h, output, show } from '../kit/dom.js';

/** @import {Frame, Part, View} from '../kit/view.d.ts' */

const SHOWN = 3;

/**
 * @param {View} view
 * @returns {Part}
 */
export function createPadAnswers({ t, session, format }) {
  const rows = Array.from({ length: SHOWN }, () => {
    const [name, share, bar] = [h('b'), h('span'), h('i')];
    return { name, share, bar, row: h('div', { class: 'pad-answer', 'data-testid': 'pad-answer' }, name, share, h('div', { class: 'meter' }, bar)) };
  });
  const verdict = output('pad-verdict', { class: 'note' });
  const list = h('div', { class: 'pad-answers', role: 'group', 'aria-label': t('pad-answers') }, ...rows.map(({ row }) => row));
  return {
    element: h('div', { class: 'pad-said' }, list, verdict),
    /** @param {Frame} frame */
    update({ state, cut }) {
      const { answer } = session.trial;
      const classes = state.dataset ? classNames(state.dataset, t) : [];
      list.hidden = !answer || answer.now.length !== classes.length;
      if (!answer || list.hidden) {
        show(verdict, '');
        return;
      }
      const order = likeliest(answer.now, SHOWN);
      rows.forEach(({ name, share, bar, row }, i) => {
        row.hidden = i >= order.length;
        if (row.hidden) return;
        const { index, probability } = order[i];
        show(name, classes[index], index);
        show(share, format.wholePercent(probability), probability);
        bar.style.width = `${(100 * probability).toFixed(1)}%`;
      });
      const [now, before] = [classes[order[0].index], classes[likeliest(answer.before, 1)[0].index]];
      const further = cut !== null && cut.pruned > cut.alreadyCut;
      const key = now !== before ? 'pad-flipped' : further ? 'pad-same' : 'pad-uncut';
      show(verdict, t(key, { now, before }));
      attribute(list, 'data-flipped', String(now !== before));
    },
  };
}
