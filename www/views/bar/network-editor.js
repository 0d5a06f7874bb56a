// A network layer by layer: a row for each, its numbers, what comes out of it; and the same as a text.

import { readTree, rowsOf, widened, writeTree } from '../../model/net-rows.js';
import { fromAddress } from '../../model/net-text.js';
import { presetOf } from '../../model/presets.js';
import { attribute, h, output, show } from '../kit/dom.js';
import { createNetworkRow } from './network-row.js';

/** @import {NodeInfo} from '../../generated/protocol.d.ts' */
/** @import {Item, Path, Row} from '../../model/net-rows.js' */
/** @import {Drafted} from '../../session/drafter.js' */
/** @import {View} from '../kit/view.d.ts' */

/**
 * What a row does to the whole.
 * @typedef {object} Edit
 * @property {() => Item[]} tree
 * @property {(tree: Item[], focus?: {path: Path, control: string}) => void} change
 */

/**
 * @param {View} view
 * @param {(network: string) => void} think
 */
export function createNetworkEditor(view, think) {
  const { t } = view;
  /** @type {Item[]} */
  let tree = [];
  /** What the rows are of. */
  let text = '';
  /** @type {ReturnType<typeof createNetworkRow>[]} */
  let rows = [];
  let shape = '';
  /** @type {{path: Path, control: string} | null} */
  let focus = null;
  /** @type {Edit} */
  const edit = {
    tree: () => tree,
    change(next, wanted) {
      focus = wanted ?? null;
      tree = next;
      text = writeTree(next);
      think(text);
    },
  };
  const field = h('textarea', {
    rows: 2, spellcheck: 'false', 'data-testid': 'network-text', 'aria-label': t('network-text'),
    oninput: () => think(fromAddress(field.value)),
  });
  const note = output('network-text-note', { class: 'note' });
  const list = h('ol', { class: 'net-rows', 'aria-label': t('network-rows'), 'data-testid': 'net-rows' });
  const scale = (/** @type {string} */ name, /** @type {number} */ factor) => h('button', {
    type: 'button', 'data-testid': name, text: t(name), onclick: () => edit.change(widened(tree, factor)),
  });
  const first = h('button', { type: 'button', 'data-testid': 'row-first', text: t('row-first'), onclick: () => edit.change(['c3-16', ...tree], { path: [0], control: 'kind' }) });
  const element = h('details', { class: 'network-change', 'data-testid': 'network-change', ontoggle: view.invalidate },
    h('summary', { text: t('network-change') }),
    h('label', { class: 'net-text' }, h('span', { text: t('network-text') }), field), note,
    h('div', { class: 'buttons' }, first, scale('network-wider', 2), scale('network-narrower', 0.5)), list);

  return {
    element,
    /**
     * @param {string} draft
     * @param {Drafted | null} drafted
     */
    update(draft, drafted) {
      if (!element.open) return;
      const now = draft.startsWith('{') ? '' : presetOf(draft) ? drafted?.text ?? null : draft;
      // What a preset consists of is not known yet.
      if (now === null) return;
      // Who writes is not written over.
      if (now !== fromAddress(field.value)) field.value = now;
      const read = readTree(now);
      show(note, t(draft.startsWith('{') ? 'network-json' : read === null ? 'network-brackets' : 'network-text-note'));
      if (read === null) return;
      if (now !== text || shape === '') {
        text = now;
        tree = read;
      }
      draw(rowsOf(tree), drafted);
    },
  };

  /**
   * @param {Row[]} all
   * @param {Drafted | null} drafted
   */
  function draw(all, drafted) {
    const next = all.map(({ type, depth, word }) => `${type}${depth}${type === 'layer' ? /^[a-z]6?/u.exec(word)?.[0] : ''}`).join(' ');
    if (next !== shape) {
      shape = next;
      rows = all.map((row) => createNetworkRow(row, edit, view));
      list.replaceChildren(...rows.map((row) => row.element));
    }
    const nodes = new Map((drafted?.info?.nodes ?? []).map((node) => [node.name, node]));
    const weights = (/** @type {NodeInfo | undefined} */ node) => (node?.layer === undefined ? node?.parameters : drafted?.info?.layers[node.layer]?.weights) ?? 0;
    const culprit = /\blayer (\w+)/u.exec(drafted?.problem ?? '')?.[1];
    rows.forEach((row, i) => {
      const node = nodes.get(all[i].name ?? '');
      row.update(all[i], { node, weights: weights(node), problem: culprit !== undefined && culprit === all[i].name ? drafted?.problem ?? null : null });
      attribute(row.element, 'data-name', all[i].name);
    });
    if (!focus) return;
    const [path, { control }] = [String(focus.path), focus];
    const at = all.findIndex((row) => row.type !== 'other' && row.type !== 'close' && String(row.path) === path);
    focus = null;
    rows[at]?.focus(control);
  }
}
