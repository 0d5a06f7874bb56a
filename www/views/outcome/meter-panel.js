// What the cut buys: the same forward pass timed in each way, and the bytes of the network, as two tables.

import { promised, speedUps } from '../../session/meter.js';
import { meterWords } from '../../words/meter-panel.js';
import { attribute, h, show } from '../kit/dom.js';
import { closePanel } from '../kit/popover.js';

/** @import {Measured} from '../../session/meter.js' */
/** @import {Inside, View} from '../kit/view.d.ts' */

/** A speed-up within this share of 1 is none. */
const NONE = 0.15;

/**
 * @param {View} view
 * @param {HTMLElement} panel That it is in.
 * @returns {Inside}
 */
export function createMeterPanel({ t: shared, format, session, language }, panel) {
  const t = meterWords(language);
  const { meter } = session;
  const status = h('p', { class: 'note', role: 'status', 'data-testid': 'meter-status' });
  const promise = h('p', { 'data-testid': 'meter-promise' });
  const times = h('table', { 'data-testid': 'meter-times' });
  const sizes = h('table', { 'data-testid': 'meter-sizes' });
  const verdict = h('p', { class: 'note', 'data-testid': 'meter-verdict' });
  const rebuild = h('button', {
    type: 'button', 'data-testid': 'rebuild', text: t('rebuild'), title: t('rebuild-hint'),
    onclick: () => {
      closePanel(panel);
      session.rebuildSmaller();
    },
  });
  /** @type {Measured | null} */
  let shown = null;
  return {
    elements: [h('h2', { text: shared('meter-title') }), promise, status, times, verdict, rebuild, sizes],
    // Before it opens: figures of another cut are not to be taken for those of this one.
    open() {
      meter.ask(session.state);
      attribute(panel, 'aria-busy', String(meter.pending || !meter.isCurrent(session.state)));
    },
    update({ state, cut }) {
      if (!cut) return;
      // The slider or the weights have moved on while the panel is open.
      if (!meter.pending) meter.ask(state);
      const { left, all, speedUp } = promised(state.layers, cut.kept);
      show(promise, t('meter-promise', {
        kept: format.percent(1 - cut.sparsity), macs: format.percent(all > 0 ? left / all : 0), ratio: speedUp === Infinity ? '∞' : format.ratio(speedUp),
      }), speedUp === Infinity ? null : speedUp);
      const failed = meter.hasFailed(state);
      const busy = !failed && (meter.pending || !meter.isCurrent(state));
      show(status, t(failed ? 'meter-failed' : state.activity === 'idle' ? (busy ? 'meter-measuring' : 'meter-done') : 'meter-waits', {
        images: format.integer(meter.measured?.images ?? 0), backend: shared(`backend-${state.backend?.device.backend ?? 'cpu'}`),
      }));
      attribute(panel, 'aria-busy', String(busy || failed));
      // What is only previewed would have to be pruned first.
      const smaller = !busy && !failed && cut.pruned === cut.alreadyCut && meter.measured?.timings.some(({ way }) => way === 'compacted');
      rebuild.hidden = !smaller;
      if (meter.measured && meter.measured !== shown) {
        shown = meter.measured;
        draw(shown);
      }
    },
  };

  /** @param {Measured} measured */
  function draw({ timings, sizes: files }) {
    const ratios = speedUps(timings);
    const line = (/** @type {Record<string, string | number>} */ data, /** @type {string} */ name, /** @type {[number | null, string][]} */ cells) => h('tr', data,
      h('th', { scope: 'row', text: name }), ...cells.map(([value, text]) => h('td', { 'data-value': value, text })));
    times.replaceChildren(head(['meter-way', 'meter-ms', 'meter-spread', 'meter-speed']),
      h('tbody', {}, ...timings.map(({ way, ms, low, high }, i) => line({ 'data-way': way }, t(`way-${way}`), [
        [ms, format.small(ms)], [null, `${format.small(low)}–${format.small(high)}`], [ratios[i], ratios[i] === null ? '–' : format.ratio(ratios[i])],
      ]))));
    sizes.replaceChildren(head(['meter-file', 'meter-bytes', 'meter-gzip', 'meter-smaller']),
      h('tbody', {}, ...files.map(({ way, encoding, bytes, gzip }) => line({ 'data-way': way, 'data-encoding': encoding }, t(way === 'masked' ? `file-${encoding}` : `way-${way}`), [
        [bytes, format.bytes(bytes)], [gzip, format.bytes(gzip)], [files[0].gzip / gzip, format.ratio(files[0].gzip / gzip)],
      ]))));
    const at = timings.findIndex(({ way }) => way === 'masked');
    const masked = ratios[at] ?? 1;
    show(verdict, t(Math.abs(masked - 1) <= NONE ? 'meter-masked-same' : 'meter-masked-noise', { ratio: format.ratio(masked) }), masked);
  }

  /**
   * @param {string[]} columns
   */
  function head(columns) {
    return h('thead', {}, h('tr', {}, ...columns.map((key) => h('th', { scope: 'col', text: t(key) }))));
  }
}
