// Which backend runs, why, and the switch between them.

import { attribute, h, output, show } from '../kit/dom.js';
import { createPopover } from '../kit/popover.js';
import { createSettingControl } from '../kit/setting-control.js';

/** @import {Frame, View} from '../kit/view.d.ts' */

/** @param {View} view */
export function backendPanel(view) {
  const { t, format } = view;
  const name = output('backend');
  const button = h('button', { type: 'button', class: 'chip', 'data-testid': 'backend-chip', title: t('backend-hint') }, name);
  const reason = output('backend-reason', { class: 'reason' });
  const device = output('device');
  const memory = output('memory');
  const control = createSettingControl('backend', view);
  const panel = createPopover(button, t('setting-backend'),
    h('p', {}, reason),
    h('label', { class: 'row' }, h('span', { text: t('setting-backend') }), control.element),
    h('p', { class: 'row' }, h('span', { text: t('device') }), device),
    h('p', { class: 'row' }, h('span', { text: t('memory') }), memory));
  /** @param {NonNullable<Frame['state']['backend']>} backend */
  const why = ({ reason, detail = '', speeds }) => {
    const ms = (/** @type {number | undefined} */ time) => (time === undefined ? '' : format.small(time));
    return t(`reason-${reason}`, { detail, cpu: ms(speeds?.cpuMs), gpu: ms(speeds?.gpuMs) });
  };
  return {
    button,
    panel,
    /** @param {Frame} frame */
    update({ state }) {
      const { backend, settings } = state;
      control.update(settings);
      show(name, backend ? t(label(backend)) : t('backend-loading'), backend?.backend);
      attribute(button, 'data-reason', backend?.reason ?? null);
      show(reason, backend ? why(backend) : t('backend-loading'));
      show(device, backend?.device.name ?? '–');
      show(memory, state.memory === null ? '–' : format.bytes(state.memory), state.memory);
    },
  };
}

/** @param {NonNullable<Frame['state']['backend']>} backend */
function label({ backend, device }) {
  if (backend === 'cpu') return 'backend-cpu-short';
  return device.software ? 'backend-webgpu-software' : 'backend-webgpu-short';
}
