// The bar above: Run, Step, Reset, what the training has come to, the settings that matter most.

import { isMeasured, measured } from '../../state/derive.js';
import { enabled } from '../../state/enabled.js';
import { PANELS } from '../chunks.js';
import { backendPanel } from './backend-panel.js';
import { attribute, h, icon, output, show } from '../kit/dom.js';
import { createNetworkButton } from './network-button.js';
import { createFoldedPopover } from '../kit/folded.js';
import { createSettingControl } from '../kit/setting-control.js';
import { createShare } from './share.js';
import { createWorkers } from './workers.js';

/** @import {Frame, Part, View} from '../kit/view.d.ts' */

const PLAY = 'M4 2.5v11l9-5.5z';
const PAUSE = 'M4 2.5h3v11H4zM9 2.5h3v11H9z';

/**
 * @param {View} view
 * @returns {Part}
 */
export function createBar(view) {
  const { t, session } = view;
  const [play, pause] = [icon(PLAY), icon(PAUSE)];
  const run = h('button', { class: 'run', type: 'button', 'data-testid': 'run', onclick: () => session.toggle() }, play, pause);
  const step = h('button', { type: 'button', 'data-testid': 'step', text: t('step'), title: t('step-hint'), onclick: () => session.step() });
  const reset = h('button', { type: 'button', 'data-testid': 'reset', text: t('reset'), title: t('reset-hint'), onclick: () => session.reset() });
  const workers = createWorkers(view);
  const figures = createFigures(view);
  const dataset = createSettingControl('dataset', view);
  const network = createNetworkButton(view);
  const settingsButton = h('button', { type: 'button', 'data-testid': 'settings', text: t('settings') });
  const settings = createFoldedPopover(view, settingsButton, t('settings'), PANELS, ({ createSettingsPanel }) => createSettingsPanel(view));
  const share = createShare(view);
  const backend = backendPanel(view);
  const lang = h('button', {
    type: 'button', 'data-testid': 'language', lang: t('other-language-code'), text: t('other-language'),
    onclick: () => session.change({ lang: /** @type {'en' | 'zh-CN'} */ (t('other-language-code')) }),
  });
  const element = h('header', { class: 'bar' },
    h('h1', { text: t('title') }), run, step, reset, figures.element, h('span', { class: 'spread' }),
    dataset.element, network.button, backend.button, workers.button, settingsButton, share.button, lang, network.panel, backend.panel, settings.panel, share.panel, workers.panel);
  return {
    element,
    update(frame) {
      const { state } = frame;
      const running = state.activity !== 'idle';
      attribute(run, 'aria-label', t(running ? 'pause' : 'run'));
      attribute(run, 'title', t(running ? 'pause-hint' : 'run-hint'));
      play.toggleAttribute('hidden', running);
      pause.toggleAttribute('hidden', !running);
      const may = enabled(state, null);
      run.disabled = !may.run;
      step.disabled = !may.run;
      reset.disabled = !may.reset;
      figures.update(frame);
      dataset.update(state.settings);
      settings.update(frame);
      network.update(frame);
      share.update(frame);
      backend.update(frame);
      workers.update(frame);
    },
  };
}

/** @param {View} view */
function createFigures({ t, format }) {
  const epoch = output('epoch');
  const steps = output('step-count');
  const speed = output('images-per-second');
  const loss = output('loss');
  const accuracy = output('accuracy');
  const samples = output('accuracy-samples');
  const rest = h('progress', { 'data-testid': 'fine-tune-progress', max: 1, hidden: true, 'aria-label': t('fine-tuning') });
  const element = h('div', { class: 'figures' },
    h('div', { class: 'figure' }, h('b', {}, epoch), h('span', {}, steps, rest)),
    h('div', { class: 'figure' }, h('b', {}, accuracy), h('span', {}, samples)),
    h('div', { class: 'figure' }, h('b', {}, loss), h('span', {}, speed)));
  let planned = 0;
  return {
    element,
    /** @param {Frame} frame */
    update({ state }) {
      const { training, activity, held } = state;
      const test = measured(state);
      show(epoch, t('epoch', { epoch: format.integer(Math.floor(training.epoch)) }), training.epoch);
      show(steps, t('steps', { steps: format.integer(training.step) }), training.step);
      const tuning = activity === 'fine-tuning' && training.remaining !== null;
      planned = tuning ? Math.max(planned, training.remaining ?? 0) : 0;
      rest.hidden = !tuning;
      if (tuning && planned > 0) rest.value = 1 - (training.remaining ?? 0) / planned;
      show(loss, training.loss === null ? t('no-loss') : t('loss', { loss: format.loss(training.loss) }), training.loss);
      // A network that was brought back has been trained, at no speed of this visit.
      const images = training.imagesPerSecond === null ? '–' : format.integer(training.imagesPerSecond);
      const speedText = training.imagesPerSecond === null && training.step === 0 ? t('at-rest') : t('images-per-second', { images });
      show(speed, speedText, training.imagesPerSecond);
      show(accuracy, test ? format.percent(test.accuracy) : '–', test?.accuracy);
      attribute(accuracy, 'aria-busy', String(!isMeasured(state)));
      const key = held > 0 ? 'accuracy-pruned' : 'accuracy-dense';
      show(samples, test ? t(key, { samples: format.integer(test.samples) }) : t('accuracy'), test?.samples);
    },
  };
}
