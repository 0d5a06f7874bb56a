// The custom element: settings in, an app in its shadow tree, keys while it has the focus.

import { fromHash, fromPairs, setting, toHash } from './settings.js';
import { Session } from './session.js';
import { pickLanguage } from './strings.js';
import { createApp } from './views/app.js';

/** @import {Language, Settings} from './types.d.ts' */

const STYLES = ['../vendor/uplot/uPlot.min.css', './pruning-playground.css', './compare.css'].map((path) => new URL(path, import.meta.url).href);

/**
 * `<pruning-playground>`: trains a small network, prunes it, shows what it cost.
 *
 * Attributes are the names of the settings (see settings.js). With the attribute `hash` the page's
 * URL is where settings are read from and kept; give it to at most one element of a page.
 */
export class PruningPlayground extends HTMLElement {
  /** @type {Session | null} */
  #session = null;
  /** @type {ReturnType<typeof createApp> | null} */
  #app = null;
  /** @type {Language | null} */
  #language = null;
  /** @type {AbortController | null} */
  #listening = null;

  connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const { settings, rejected } = this.#readSettings();
    const session = new Session(settings, (changed) => this.#onSettings(changed));
    this.#session = session;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.addEventListener('keydown', (event) => this.#onKey(event), { signal });
    this.addEventListener('dragover', (event) => event.preventDefault(), { signal });
    this.addEventListener('drop', (event) => {
      event.preventDefault();
      session.loadFiles([...(event.dataTransfer?.files ?? [])]);
    }, { signal });
    if (this.hasAttribute('hash')) window.addEventListener('hashchange', () => this.#onHash(), { signal });
    this.#build(root, settings);
    if (rejected.length > 0) this.#reject(rejected);
    session.start();
  }

  disconnectedCallback() {
    this.#listening?.abort();
    this.#session?.destroy();
    this.#app?.destroy();
    this.shadowRoot?.replaceChildren();
    this.#session = null;
    this.#app = null;
    this.#language = null;
  }

  /** Trains until paused. */
  run() {
    if (this.#session?.state.activity === 'idle') this.#session.toggle();
  }

  /** Stops after the step in hand. */
  pause() {
    this.#session?.pause();
  }

  /** Does exactly one training step. */
  step() {
    this.#session?.step();
  }

  /** Begins anew from the seed. */
  reset() {
    this.#session?.reset();
  }

  /**
   * Moves the slider.
   * @param {number} fraction Of all weights (or filters) that may be cut, 0 to 1.
   */
  setSparsity(fraction) {
    if (fraction >= 0 && fraction <= 1) this.#session?.selectShare(fraction);
  }

  #readSettings() {
    if (this.hasAttribute('hash')) {
      const read = fromHash(location.hash);
      const backend = new URLSearchParams(location.search).get('backend');
      if (backend === null) return read;
      const asked = fromPairs([['backend', backend]]);
      if (asked.rejected.length === 0) read.settings.backend = asked.settings.backend;
      return { settings: read.settings, rejected: [...read.rejected, ...asked.rejected] };
    }
    const pairs = [...this.attributes].filter(({ name }) => name !== 'lang' && setting(name));
    return fromPairs(pairs.map(({ name, value }) => /** @type {[string, string]} */ ([name, value])));
  }

  /**
   * Builds the app in the language of the settings.
   * @param {ShadowRoot} root
   * @param {Settings} settings
   */
  #build(root, settings) {
    const owner = this.hasAttribute('hash');
    const around = owner ? null : this.closest('[lang]')?.getAttribute('lang') ?? null;
    const language = pickLanguage([settings.lang, around, ...navigator.languages]);
    const session = this.#session;
    if (!session || language === this.#language) return;
    this.#language = language;
    this.#app?.destroy();
    const app = createApp(session, language);
    this.#app = app;
    const links = STYLES.map((href) => Object.assign(document.createElement('link'), { rel: 'stylesheet', href }));
    // Unstyled, the parts would be seen in a heap, and be measured so.
    app.element.hidden = true;
    Promise.all(links.map(loaded)).then(() => {
      app.element.hidden = false;
      session.store.invalidate();
    });
    root.replaceChildren(...links, app.element);
    session.store.subscribe((state) => app.render(state));
    if (owner) document.documentElement.lang = language;
  }

  /** @param {Settings} settings */
  #onSettings(settings) {
    if (this.hasAttribute('hash')) {
      const url = new URL(location.href);
      url.hash = toHash(settings);
      // The choice made on the page wins over the one that the address came with.
      const asked = url.searchParams.get('backend');
      if (asked !== null && asked !== settings.backend) url.searchParams.delete('backend');
      history.replaceState(history.state, '', url);
    }
    if (this.shadowRoot) this.#build(this.shadowRoot, settings);
  }

  /** A person wrote another hash. */
  #onHash() {
    const session = this.#session;
    if (!session || location.hash === toHash(session.state.settings)) return;
    const { settings, rejected } = fromHash(location.hash);
    session.change(settings);
    if (rejected.length > 0) this.#reject(rejected);
  }

  /** @param {{name: string, value: string}[]} rejected */
  #reject(rejected) {
    const settings = rejected.map(({ name, value }) => `${name}=${value}`).join(', ');
    this.#session?.notify('setting-rejected', { settings });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const session = this.#session;
    const target = event.composedPath()[0];
    if (!session || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(target instanceof HTMLElement) || writes(target)) return;
    const step = event.shiftKey ? 0.05 : 0.01;
    /** @type {Record<string, () => void>} */
    const keys = {
      '.': () => session.step(),
      r: () => session.reset(),
      R: () => session.reset(),
      ArrowLeft: () => session.nudge(-step),
      ArrowDown: () => session.nudge(-step),
      ArrowRight: () => session.nudge(step),
      ArrowUp: () => session.nudge(step),
    };
    // Space presses the button and ticks the box that has the focus, as everywhere.
    const pressed = target instanceof HTMLButtonElement || (target instanceof HTMLInputElement && target.type === 'checkbox');
    if (!pressed) keys[' '] = () => session.toggle();
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}

/**
 * Whether keys mean text or a choice to this element.
 * @param {HTMLElement} element
 */
function writes(element) {
  if (element instanceof HTMLInputElement) return element.type === 'number';
  return element instanceof HTMLSelectElement;
}

/** @param {HTMLLinkElement} link */
function loaded(link) {
  return new Promise((resolve) => {
    link.addEventListener('load', resolve);
    link.addEventListener('error', resolve);
  });
}

customElements.define('pruning-playground', PruningPlayground);
