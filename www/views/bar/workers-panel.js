// The workers that training is spread over: their settings, a lane for each, what was sent and how late it was.

import { sharesOf, shownTime } from '../../model/parallel.js';
import { attribute, h, output, show } from '../kit/dom.js';
import { createSettingControl } from '../kit/setting-control.js';
import { createSurface } from '../kit/surface.js';

/** @import {Workers} from '../../generated/protocol.d.ts' */
/** @import {Theme} from './theme.js' */
/** @import {Inside, View} from '../kit/view.d.ts' */

const LANE = 20;
/** Left of the lanes their numbers; right of them the versions that their last updates made, and how late these were. */
const MARGIN = 26;
const VERSION = 84;
/** Below the lanes, how many updates were how late. */
const BARS = 48;

/**
 * @param {View} view
 * @returns {Inside}
 */
export function createWorkersPanel(view) {
  const { t, format, invalidate } = view;
  const names = /** @type {const} */ (['workers', 'exchange', 'staleness', 'gradient-share', 'straggler', 'link']);
  const controls = names.map((name) => createSettingControl(name, view));
  const rows = names.map((name, i) => h('label', { class: 'row' }, h('span', { text: t(`setting-${name}`) }), controls[i].element));
  const status = output('workers-status', { class: 'note' });
  const speed = output('workers-speed');
  const bytes = output('workers-bytes', { class: 'note' });
  const lost = output('workers-lost', { class: 'note' });
  const hint = h('span', { class: 'late', text: t('workers-bars') });
  const surface = createSurface(invalidate, { role: 'img', 'data-testid': 'lanes' });
  const lanes = h('div', { class: 'lanes' }, surface.box, h('p', { class: 'lane-key note' },
    ...['compute', 'send', 'wait'].map((kind) => h('span', { class: kind, text: t(`workers-${kind}`) })), hint));
  /** @type {Workers | null} */
  let drawn = null;
  /** @type {Theme | null} */
  let look = null;
  return {
    elements: [h('h2', { text: t('workers-title') }), ...rows, h('p', {}, status, speed), lanes, h('p', {}, bytes, lost)],
    destroy: () => surface.destroy(),
    update({ state, theme }) {
      const { settings, workers } = state;
      const onGpu = state.backend?.device.backend === 'webgpu';
      controls.forEach((control) => control.update(settings));
      rows[2].hidden = settings.exchange !== 'asynchronous';
      rows.forEach((row, i) => { if (i > 0) row.classList.toggle('disabled', settings.workers === 1); });
      lanes.hidden = !workers;
      hint.hidden = !workers?.asynchronous;
      show(status, workers ? '' : t(onGpu ? 'workers-gpu' : settings.workers === 1 ? 'workers-one' : 'workers-rest'));
      for (const [line, text] of [[speed, workers ? speedText(workers) : ''], [bytes, workers ? bytesText(workers) : ''],
        [lost, workers?.lost ? t('workers-lost', { count: format.integer(workers.lost) }) : '']]) {
        show(/** @type {HTMLElement} */ (line), /** @type {string} */ (text));
      }
      attribute(speed, 'data-value', workers && workers.alone > 0 ? String(workers.imagesPerSecond / workers.alone) : null);
      attribute(bytes, 'data-value', workers ? String(workers.stepBytes / workers.denseStepBytes) : null);
      if (workers && (workers !== drawn || look !== theme)) draw(workers, theme);
    },
  };

  /** @param {Workers} workers */
  function speedText({ imagesPerSecond, alone, tried, simulated }) {
    const ratio = alone > 0 ? format.ratio(imagesPerSecond / alone) : '–';
    const text = t(simulated ? 'workers-simulated' : 'workers-speed', { images: format.integer(imagesPerSecond), ratio });
    const all = tried.map(([count, speed]) => `${count}: ${format.integer(speed)}`).join(', ');
    return tried.length > 0 ? `${text} ${t('workers-tried', { all })}` : text;
  }

  /** @param {Workers} workers */
  function bytesText({ stepBytes, denseStepBytes, bytes: all }) {
    return t('workers-bytes', { step: format.bytes(stepBytes), share: format.percent(stepBytes / denseStepBytes), all: format.bytes(all) });
  }

  /** @param {Workers} workers */
  function lateText({ asynchronous, staleness }) {
    if (!asynchronous) return '';
    const sum = Math.max(1, staleness.reduce((a, b) => a + b, 0));
    return t('workers-late', { all: staleness.map((count, late_) => `${late_}: ${format.percent(count / sum)}`).join(', ') });
  }

  /**
   * @param {Workers} workers
   * @param {Theme} theme
   */
  function draw(workers, theme) {
    const { lanes: all, asynchronous, staleness } = workers;
    const bottom = all.length * LANE;
    surface.box.style.blockSize = `${bottom + (asynchronous ? BARS : 0)}px`;
    const context = surface.prepare();
    if (!context) return;
    [drawn, look] = [workers, theme];
    const { from, to } = shownTime(workers);
    const width = surface.size().width - MARGIN - VERSION;
    const x = (/** @type {number} */ time) => MARGIN + (to > from ? Math.max(0, (time - from) / (to - from)) * width : 0);
    context.font = `11px ${theme.font}`;
    context.textBaseline = 'middle';
    all.forEach(({ spans, version, staleness: late }, i) => {
      const top = i * LANE + 3;
      context.fillStyle = theme.line;
      context.fillRect(MARGIN, top, width, LANE - 6);
      for (const span of spans) {
        if (span.to <= from) continue;
        context.fillStyle = span.kind === 'compute' ? theme.positive : theme.negative;
        context.fillRect(x(span.from), top, Math.max(0.5, x(span.to) - x(span.from)), LANE - 6);
      }
      context.fillStyle = theme.ink;
      context.fillText(String(i + 1), 4, top + (LANE - 6) / 2);
      const label = `v${format.integer(version)}`;
      context.fillText(asynchronous ? `${label} −${late}` : label, width + MARGIN + 4, top + (LANE - 6) / 2);
    });
    if (asynchronous) {
      context.textAlign = 'center';
      const most = Math.max(...staleness, 1);
      const wide = width / Math.max(8, staleness.length);
      staleness.forEach((count, late) => {
        const tall = count / most * (BARS - 22);
        const left = MARGIN + late * wide;
        context.fillStyle = theme.positive;
        context.fillRect(left + 1, bottom + BARS - 14 - tall, wide - 2, tall);
        context.fillStyle = theme.mute;
        if (staleness.length < 10 || late % 2 === 0) context.fillText(String(late), left + wide / 2, bottom + BARS - 7);
      });
      context.textAlign = 'start';
    }
    attribute(surface.canvas, 'data-staleness', staleness.join(' '));
    attribute(surface.canvas, 'aria-label', all.map((_, i) => {
      const { compute, send, wait } = sharesOf(workers, i);
      return t('workers-lane', { worker: String(i + 1), compute: format.percent(compute), send: format.percent(send), wait: format.percent(wait) });
    }).concat(lateText(workers)).join(' '));
  }
}
