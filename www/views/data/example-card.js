// One test image with the three likeliest answers; what pruning changed is marked in words and in shape.

import { areShort } from '../kit/class-names.js';
import { attribute, h, show } from '../kit/dom.js';

/** @import {View} from '../kit/view.d.ts' */

/** @typedef {{index: number, probability: number}} Guess */

/** @typedef {ReturnType<typeof createExampleCard>} ExampleCard */

const SHOWN = 3;

/**
 * @param {View} view
 * @param {() => void} choose
 */
export function createExampleCard({ t, format }, choose) {
  const canvas = h('canvas', { 'aria-hidden': 'true' });
  const cross = h('i', { class: 'cross', text: '✗' });
  const lines = Array.from({ length: SHOWN }, () => {
    const [bar, name, share] = [h('i'), h('b'), h('span')];
    return { bar, name, share, line: h('span', { class: 'guess', 'data-testid': 'guess' }, bar, name, document.createTextNode(' '), share) };
  });
  const was = h('span', { class: 'was' });
  const change = h('span', { class: 'flip-line' }, was, document.createTextNode(' '));
  const flippedWord = h('span', { text: t('flipped-word') });
  change.append(flippedWord);
  const button = h('button', { type: 'button', class: 'example', onclick: choose },
    h('span', { class: 'shot' }, canvas, cross), h('span', { class: 'guesses' }, ...lines.map(({ line }) => line)), change);

  /**
   * What is seen, as one line.
   * @param {{wrong: boolean, flip: boolean, short: boolean, guesses: number}} what
   */
  function seen({ wrong, flip, short, guesses }) {
    const said = lines.slice(0, guesses).map(({ name, share }) => (short ? `${name.textContent} ${share.textContent}` : name.textContent));
    return [wrong ? '✗' : '', ...said, flip ? `${was.textContent} ${t('flipped-word')}` : ''].filter(Boolean).join(' ');
  }

  return {
    button,
    canvas,
    /**
     * @param {{guesses: Guess[], before: number, label: number}} answer The likeliest first; what the network said before pruning.
     * @param {string[]} classes
     */
    update({ guesses, before, label }, classes) {
      const short = areShort(classes);
      const [{ index: said }] = guesses;
      const [flip, wrong] = [said !== before, said !== label];
      lines.forEach(({ line, bar, name, share }, i) => {
        line.hidden = i >= guesses.length;
        if (line.hidden) return;
        const { index, probability } = guesses[i];
        show(name, classes[index]);
        show(share, format.wholePercent(probability), probability);
        share.hidden = !short;
        line.classList.toggle('true', index === label);
        bar.style.inlineSize = `${(100 * probability).toFixed(0)}%`;
      });
      cross.hidden = !wrong;
      show(was, short ? `${classes[before]} → ${classes[said]}` : `${classes[before]} →`);
      change.hidden = !flip;
      button.classList.toggle('flip', flip);
      attribute(button, 'data-flipped', String(flip));
      // The name begins with the words that are seen, so that they can be spoken to choose the image.
      attribute(button, 'aria-label', t(flip ? 'example-flipped' : 'example', {
        shown: seen({ wrong, flip, short, guesses: guesses.length }), label: classes[label], before: classes[before],
        said: guesses.slice(0, SHOWN).map(({ index, probability }) => t('said-with', { said: classes[index], share: format.percent(probability) })).join(t('and-then')),
      }));
      attribute(button, 'title', button.getAttribute('aria-label'));
    },
  };
}
