// A wall of test images, the first to be lost by pruning first; accuracy by class and confusions, before the cut and after.

import { byClass, confusion, lost, pointAt, unequal } from '../../model/forgotten.js';
import { curveName } from '../../state/derive.js';
import { forgottenWords } from '../../words/forgotten.js';
import { paintImage } from '../data/paint-image.js';
import { classNames } from '../kit/class-names.js';
import { attribute, h, show } from '../kit/dom.js';
import { closePanel } from '../kit/popover.js';

/** @import {Forgotten} from '../../state/types.d.ts' */
/** @import {Frame, Inside, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @param {HTMLElement} panel That it is in.
 * @returns {Inside}
 */
export function createForgottenPanel({ t: shared, format, language }, panel) {
  const t = forgottenWords(language);
  const close = h('button', {
    type: 'button', class: 'pad-close', 'data-testid': 'forgotten-close', 'aria-label': shared('pad-close'), title: shared('pad-close'), text: '×', onclick: () => closePanel(panel),
  });
  const note = h('p', { class: 'note', role: 'status', 'data-testid': 'forgotten-note' });
  const wall = h('ul', { class: 'wall', 'data-testid': 'wall' });
  const count = h('p', { 'data-testid': 'forgotten-lost' });
  const verdict = h('p', { 'data-testid': 'forgotten-verdict' });
  const table = h('table', { 'data-testid': 'forgotten-classes' });
  const confusions = h('div', { class: 'sheet-rows' });
  const details = h('details', {}, h('summary', { text: t('forgotten-confusion') }), confusions);
  const body = [count, verdict, wall, table, details];
  /** @type {Forgotten | null} */
  let walled = null;
  let drawn = -1;
  return {
    elements: [h('div', { class: 'heading' }, h('h2', { text: t('forgotten-heading') }), close), count, verdict, note, wall, table, details],
    update({ state, cut }) {
      const { forgotten, dataset } = state;
      const there = forgotten !== null && dataset !== null && cut !== null;
      for (const part of body) part.hidden = !there;
      if (!there) {
        show(note, t('forgotten-none'));
        return;
      }
      const stale = forgotten.of !== curveName(state);
      show(note, t(stale ? 'forgotten-stale' : 'forgotten-now', {
        points: format.integer(forgotten.sparsities.length), samples: format.integer(forgotten.labels.length), step: format.integer(forgotten.step),
      }));
      const names = classNames(dataset, shared);
      if (walled !== forgotten) {
        walled = forgotten;
        drawn = -1;
        wall.replaceChildren(...forgotten.fragile.map((_, i) => {
          const canvas = h('canvas', { 'aria-hidden': 'true' });
          paintImage(canvas, forgotten, dataset, i);
          return h('li', {}, h('span', { class: 'shot' }, canvas), h('small'));
        }));
      }
      const point = pointAt(forgotten, cut.sparsity);
      if (drawn === point) return;
      drawn = point;
      mark(forgotten, point, names);
      tell(forgotten, point, names);
    },
  };

  /**
   * @param {Forgotten} of
   * @param {number} point
   * @param {string[]} names
   */
  function mark({ fragile, breaking, sparsities, labels }, point, names) {
    fragile.forEach((image, i) => {
      const from = breaking[image];
      const item = /** @type {HTMLElement} */ (wall.children[i]);
      const isLost = from <= point;
      const sparsity = from < sparsities.length ? format.wholePercent(sparsities[from]) : '';
      const label = t(sparsity === '' ? 'forgotten-holds' : isLost ? 'forgotten-is-lost' : 'forgotten-breaks', { label: names[labels[image]], sparsity });
      show(/** @type {HTMLElement} */ (item.lastElementChild), `${isLost ? '✗' : ''}${sparsity || '✓'}`);
      attribute(item, 'title', label);
      attribute(item, 'aria-label', label);
      attribute(item, 'data-lost', String(isLost));
    });
  }

  /**
   * @param {Forgotten} of
   * @param {number} point
   * @param {string[]} names
   */
  function tell(of, point, names) {
    const at = (/** @type {number} */ each) => format.percent(of.sparsities[each]);
    const gone = lost(of, point);
    show(count, t('forgotten-lost', { sparsity: at(point), lost: format.integer(gone.lost), of: format.integer(gone.of) }), gone.lost);
    const points = [0, point].map((each) => ({ sparsity: at(each), counts: confusion(of, each, names.length) }));
    const classes = byClass(points[0].counts, points[1].counts);
    const found = unequal(classes);
    const hundredths = (/** @type {number} */ share) => format.integer(Math.round(Math.abs(share) * 100));
    show(verdict, typeof found === 'string' ? t(`forgotten-${found}`)
      : t(found.least < 0 ? 'forgotten-gains' : 'forgotten-uneven', { worst: names[found.worst], best: names[found.best], most: hundredths(found.most), least: hundredths(found.least) }));
    const row = (/** @type {string} */ name, /** @type {number[]} */ values) => h('tr', {}, h('th', { scope: 'row', text: name }),
      ...values.map((value, i) => h('td', { 'data-value': value, text: i === 0 || values[0] === 0 ? format.integer(value) : format.wholePercent(value / values[0]) })));
    const cells = classes.map(({ images, dense, pruned }) => [images, dense, pruned]);
    const total = cells.reduce((all, each) => all.map((value, i) => value + each[i]), [0, 0, 0]);
    const heads = [t('forgotten-class'), t('forgotten-images'), t('forgotten-dense', { sparsity: at(0) }), t('forgotten-dense', { sparsity: at(point) })];
    table.replaceChildren(head(heads), h('tbody', {}, ...cells.map((each, i) => row(names[i], each)), row(t('forgotten-total'), total)));
    confusions.replaceChildren(...points.flatMap(({ sparsity, counts }) => [
      h('p', { class: 'note', text: t('forgotten-confusion-at', { sparsity }) }), matrix(counts, names),
    ]));
  }

  /**
   * @param {number[][]} counts
   * @param {string[]} names
   */
  function matrix(counts, names) {
    const lines = counts.map((row, i) => h('tr', {}, h('th', { scope: 'row', text: names[i] }),
      ...row.map((value, j) => h('td', { 'data-value': value }, i === j ? h('b', { text: format.integer(value) }) : document.createTextNode(value === 0 ? '·' : format.integer(value))))));
    return h('table', { 'data-testid': 'confusion' }, head(['', ...names]), h('tbody', {}, ...lines));
  }

  /** @param {string[]} columns */
  function head(columns) {
    return h('thead', {}, h('tr', {}, ...columns.map((text) => h('th', { scope: 'col', text }))));
  }
}
