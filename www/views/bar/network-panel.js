// Choosing a network and changing it: presets with what they come to, the layers one by one, and what it would be with the images
// at hand, or why it can't work. Nothing is begun before it is asked for.

import { DIVISORS, PRESETS, TWO_CONV, paperChanges, presetOf, writtenOf } from '../../model/presets.js';
import { format as written, setting } from '../../model/settings.js';
import { layerName } from '../kit/layer-name.js';
import { attribute, h, output, show } from '../kit/dom.js';
import { createSettingControl } from '../kit/setting-control.js';
import { createNetworkEditor } from './network-editor.js';

/** @import {NetworkInfo} from '../../generated/protocol.d.ts' */
/** @import {Preset} from '../../model/presets.js' */
/** @import {SettingName} from '../../model/types.d.ts' */
/** @import {State} from '../../state/types.d.ts' */
/** @import {Frame, Inside, View} from '../kit/view.d.ts' */

/**
 * @param {View} view
 * @param {() => void} close
 * @returns {Inside}
 */
export function createNetworkPanel(view, close) {
  const { t, format, session, invalidate } = view;
  /** The network that is thought of. */
  let draft = session.state.settings.network;
  const think = (/** @type {string} */ network) => {
    draft = network;
    invalidate();
  };
  const choice = createChoice(view, think);
  const editor = createNetworkEditor(view, think);
  const words = output('draft-words', { role: 'status', 'aria-live': 'polite' });
  const paper = h('input', { type: 'checkbox', checked: true, 'data-testid': 'paper-settings' });
  const paperWords = h('span', { 'data-testid': 'paper-words' });
  const paperRow = h('label', { class: 'check' }, paper, paperWords);
  const paperNote = h('p', { class: 'note', text: t('paper-settings-note') });
  const apply = h('button', { type: 'button', class: 'primary', 'data-testid': 'network-apply', text: t('network-apply'), title: t('network-apply-note'), onclick: begin });
  const back = h('button', { type: 'button', 'data-testid': 'network-revert', text: t('network-revert'), onclick: () => think(session.state.settings.network) });
  const foot = h('div', { class: 'draft' }, words, paperRow, paperNote, h('div', { class: 'buttons' }, apply, back, h('span', { class: 'note', text: t('network-apply-note') })));
  const head = h('div', { class: 'heading' }, h('h2', { text: t('network-panel') }),
    h('button', { type: 'button', class: 'pad-close', 'data-testid': 'network-close', 'aria-label': t('network-close'), text: '×', onclick: close }));

  function begin() {
    const preset = presetOf(draft)?.preset;
    const { settings } = session.state;
    session.change({ network: draft, ...(preset && paper.checked ? paperChanges(settings, preset) : {}) });
    close();
  }

  return {
    elements: [head, h('div', { class: 'network-body' }, choice.element, editor.element), foot],
    /** It opens with the network in hand. */
    open() {
      draft = session.state.settings.network;
    },
    update(frame) {
      const { state } = frame;
      const { settings } = state;
      session.drafter.ask(settings, draft);
      const drafted = session.drafter.of(draft);
      choice.update(frame, draft);
      editor.update(draft, drafted);
      show(words, sentence(state, drafted), drafted?.info?.parameters ?? null);
      foot.classList.toggle('bad', typeof drafted?.problem === 'string');
      const changes = changesOf(state, draft);
      paperRow.hidden = paperNote.hidden = changes === null;
      if (changes) show(paperWords, changes);
      apply.disabled = draft === settings.network || !drafted?.info;
      back.disabled = draft === settings.network;
    },
  };

  /**
   * @param {State} state
   * @param {ReturnType<View['session']['drafter']['of']>} drafted
   */
  function sentence({ dataset, phase }, drafted) {
    if (!drafted) return t(phase === 'ready' ? 'draft-asking' : 'draft-waits');
    if (!drafted.info) return t('draft-cannot', { message: named(drafted.problem ?? '') });
    const { layers } = drafted.info;
    const sum = (/** @type {'weights' | 'macs'} */ what) => format.integer(layers.reduce((all, layer) => all + layer[what], 0));
    const input = dataset ? `${dataset.width}×${dataset.height}${dataset.channels > 1 ? `×${dataset.channels}` : ''}` : '–';
    return t('draft-fits', { weights: sum('weights'), macs: sum('macs'), layers: format.integer(layers.length), input });
  }

  /**
   * The core's sentence without a full stop of its own; in it layers have the core's names.
   * @param {string} message
   */
  function named(message) {
    return message.replace(/\.$/u, '').replace(/\blayer (\w+)/u, (_, name) => (layerName(name, t) === name ? `layer ${name}` : layerName(name, t)));
  }

  /**
   * The settings of the paper that are not in hand, as a sentence.
   * @param {State} state
   * @param {string} network
   */
  function changesOf({ settings }, network) {
    const preset = presetOf(network)?.preset;
    if (!preset || network === settings.network) return null;
    const changes = Object.entries(paperChanges(settings, preset));
    if (changes.length === 0) return null;
    const list = changes.map(([name, value]) => t('paper-is', { name: t(`setting-${name}`), value: valueWords(/** @type {SettingName} */ (name), value) }));
    return t(preset.published ? 'paper-settings' : 'own-settings', { source: preset.trained ?? preset.source, settings: list.join(t('list-comma')) });
  }

  /**
   * @param {SettingName} name
   * @param {any} value
   */
  function valueWords(name, value) {
    if (typeof value === 'boolean') return t(value ? 'is-on' : 'is-off');
    if (Array.isArray(value)) return value.map((step) => format.integer(step)).join(' / ');
    return setting(name)?.kind === 'choice' && name !== 'batch' ? t(`${name}-${value}`) : written(value);
  }
}

/**
 * The arrows go from preset to preset; elsewhere they move the slider.
 * @param {KeyboardEvent} event
 */
function keep(event) {
  if (event.key.startsWith('Arrow')) event.stopPropagation();
}

/**
 * The presets, and how wide.
 * @param {View} view
 * @param {(network: string) => void} think
 */
function createChoice(view, think) {
  const { t, format } = view;
  const radios = PRESETS.map(({ name }) => h('input', { type: 'radio', name: 'preset', value: name, 'data-testid': `preset-${name}`, onchange: choose }));
  const own = h('input', { type: 'radio', name: 'preset', value: '', 'data-testid': 'preset-own', disabled: true });
  const ownRow = h('label', { class: 'preset' }, own, h('b', { text: t('network-own') }), h('span', { class: 'source', text: t('network-written') }));
  const rows = PRESETS.map((preset, i) => h('label', { class: 'preset' }, radios[i], h('b', { text: preset.title }), ...factsOf(preset)));
  const width = h('select', { 'data-testid': 'network-width', 'aria-label': t('network-width'), onchange: choose },
    ...DIVISORS.map((divisor) => h('option', { value: divisor, text: t(`network-width-${divisor}`) })));
  const filters = createSettingControl('widths', view);
  const widthRow = h('div', { class: 'row' }, h('span', { text: t('network-width') }), width, filters.element);

  function choose() {
    const name = radios.find(({ checked }) => checked)?.value;
    if (name !== undefined) think(writtenOf(name, Number(width.value)));
  }

  /** @param {Preset} preset */
  function factsOf({ name, source, weights, on }) {
    if (name === TWO_CONV) return [h('span', { class: 'source', text: t('preset-two-conv') })];
    return [
      h('span', { class: 'source', text: t('preset-from', { source }) }),
      h('span', { class: 'weights', text: t('preset-weights', { weights: format.integer(weights), data: on }) }),
    ];
  }

  return {
    element: h('fieldset', { class: 'presets', onkeydown: keep }, h('legend', { class: 'visually-hidden', text: t('network-presets') }), ...rows, ownRow, widthRow),
    /**
     * @param {Frame} frame
     * @param {string} draft
     */
    update({ state: { settings } }, draft) {
      const known = presetOf(draft);
      radios.forEach((radio) => { radio.checked = radio.value === known?.preset.name; });
      own.checked = known === null;
      ownRow.hidden = known !== null;
      [...rows, ownRow].forEach((row) => row.classList.toggle('chosen', row.querySelector('input')?.checked ?? false));
      const two = known?.preset.name === TWO_CONV;
      if (known && !two) width.value = String(known.divisor);
      width.hidden = two || known === null;
      // The filters are a setting of their own, and change the network in hand at once.
      filters.element.hidden = !two || settings.network !== TWO_CONV;
      widthRow.hidden = width.hidden && filters.element.hidden;
      filters.update(settings);
    },
  };
}
