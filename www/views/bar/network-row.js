// One row of a network: what kind of layer it is, its numbers, what comes out of it, and the buttons that change its place.

import { insertedAfter, insertedInto, mayWiden, moved, removed, replaced, widenedWord } from '../../model/net-rows.js';
import { FIELDS, NEW_WORDS, readWord, writeWord } from '../../model/net-text.js';
import { layerName } from '../kit/layer-name.js';
import { attribute, h, show } from '../kit/dom.js';

/** @import {NodeInfo} from '../../generated/protocol.d.ts' */
/** @import {Row} from '../../model/net-rows.js' */
/** @import {View} from '../kit/view.d.ts' */
/** @import {Edit} from './network-editor.js' */

/** @typedef {{node: NodeInfo | undefined, weights: number, problem: string | null}} Facts */

/**
 * @param {Row} first
 * @param {Edit} edit
 * @param {View} view
 */
export function createNetworkRow(first, edit, { t, format }) {
  let row = first;
  const words = readWord(first.word);
  const title = () => (row.type === 'layer' ? (row.name ? layerName(row.name, t) : row.word) : t(`row-${row.type}`));
  const kind = h('select', { 'data-control': 'kind', 'data-testid': 'row-kind', onchange: turn },
    ...Object.keys(NEW_WORDS).map((name) => h('option', { value: name, text: t(`kind-${name}`) })));
  const fields = (words ? FIELDS[words.kind] : []).map((field) => {
    const label = t(`field-${words?.kind === 'linear' ? 'outputs' : field.name}`);
    const input = h('input', { type: 'number', min: field.least, max: field.most, 'data-control': field.name, 'data-field': field.name, oninput: renumber });
    return { ...field, label, input, element: h('label', {}, input, h('span', { text: label })) };
  });
  const figures = { shape: h('span', { class: 'shape' }), weights: h('span'), macs: h('span') };
  const problem = h('p', { class: 'row-problem', hidden: true });
  const name = h('b');
  const buttons = [
    button('up', '↑', () => move(-1)), button('down', '↓', () => move(1)), button('wider', '×2', widen), button('add', '+', add), button('remove', '✕', remove),
  ];
  const has = { layer: ['up', 'down', 'wider', 'add', 'remove'], open: ['up', 'down', 'add', 'remove'], other: ['add'], close: ['add'] }[first.type];
  const element = h('li', { class: `net-row of-${first.type}`, 'data-depth': first.depth },
    name, first.type === 'layer' && words ? h('span', { class: 'net-numbers' }, kind, ...fields.map((field) => field.element)) : h('span'),
    h('span', { class: 'net-figures' }, figures.shape, figures.weights, figures.macs),
    h('span', { class: 'net-buttons' }, ...buttons.filter(({ control }) => has.includes(control)).map((each) => each.element)), problem);

  element.style.setProperty('--depth', String(first.depth));

  /**
   * @param {string} control
   * @param {string} text
   * @param {() => void} onclick
   */
  function button(control, text, onclick) {
    return { control, element: h('button', { type: 'button', text, 'data-control': control, 'data-testid': `row-${control}`, onclick }) };
  }

  function turn() {
    const text = kind.value === 'block' ? `[ ${row.word} | ]` : NEW_WORDS[kind.value];
    edit.change(replaced(edit.tree(), row.path, text), { path: row.path, control: 'kind' });
  }

  function renumber() {
    const read = readWord(row.word);
    if (!read) return;
    const values = { ...read.values };
    for (const { name: field, input, least, most } of fields) {
      // Without a number, a linear layer has one output a class.
      const value = Number(input.value);
      const usable = (input.value.trim() !== '' || read.kind === 'linear') && Number.isInteger(value) && value >= least && value <= most;
      attribute(input, 'aria-invalid', usable ? null : 'true');
      if (usable) values[field] = value;
    }
    edit.change(replaced(edit.tree(), row.path, writeWord(read.kind, values)));
  }

  function widen() {
    edit.change(replaced(edit.tree(), row.path, widenedWord(row.word, 2)));
  }

  /** @param {1 | -1} by */
  function move(by) {
    const { tree, path } = moved(edit.tree(), row.path, by);
    edit.change(tree, { path, control: by < 0 ? 'up' : 'down' });
  }

  function add() {
    const { type, path } = row;
    if (type === 'open' || type === 'other') {
      const branch = type === 'open' ? 0 : 1;
      edit.change(insertedInto(edit.tree(), path, branch, 'c3-16'), { path: [...path, branch, 0], control: 'kind' });
    } else {
      const after = [...path.slice(0, -1), path[path.length - 1] + 1];
      edit.change(insertedAfter(edit.tree(), path, type === 'layer' ? row.word : 'r'), { path: after, control: 'kind' });
    }
  }

  function remove() {
    const { path } = row;
    edit.change(removed(edit.tree(), path), { path: [...path.slice(0, -1), Math.max(0, path[path.length - 1] - 1)], control: 'remove' });
  }

  return {
    element,
    /** @param {string} control */
    focus(control) {
      const wanted = element.querySelector(`[data-control="${control}"]:not(:disabled)`) ?? element.querySelector('button:not(:disabled), select');
      if (wanted instanceof HTMLElement) wanted.focus();
    },
    /**
     * @param {Row} now
     * @param {Facts} facts
     */
    update(now, { node, weights, problem: why }) {
      row = now;
      show(name, title());
      const read = readWord(row.word);
      if (row.type === 'layer' && read) {
        if (kind.value !== read.kind) kind.value = read.kind;
        attribute(kind, 'aria-label', t('row-kind', { row: title() }));
        for (const { name: field, label, input } of fields) {
          attribute(input, 'aria-label', t('row-number', { row: title(), what: label }));
          // A linear layer without a number has one output a class.
          const text = read.kind === 'linear' && read.values[field] === 0 ? '' : String(read.values[field]);
          if (input.value !== text && !input.matches(':focus')) input.value = text;
          attribute(input, 'placeholder', read.kind === 'linear' ? t('field-classes') : null);
        }
      } else if (row.type === 'layer') {
        show(name, t('row-unread', { word: row.word }));
      }
      for (const { control, element: each } of buttons) {
        const said = control === 'add' && row.type !== 'layer' && row.type !== 'close' ? t('row-add-inside') : t(`row-${control}`, { row: title() });
        attribute(each, 'aria-label', said);
        attribute(each, 'title', said);
        if (control === 'wider') each.hidden = !mayWiden(row.word);
      }
      show(figures.shape, node ? node.shape.join('×') : '');
      show(figures.weights, weights > 0 ? t('row-weights', { weights: format.integer(weights) }) : '');
      show(figures.macs, node && node.macs > 0 ? t('row-macs', { macs: format.integer(node.macs) }) : '');
      problem.hidden = why === null;
      if (why !== null) show(problem, t('draft-cannot', { message: why.replace(/\.$/u, '') }));
      element.classList.toggle('bad', why !== null);
    },
  };
}
