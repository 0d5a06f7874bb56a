// The custom element: settings in, an app in its shadow tree, keys while it has the focus.

import { takeDrop } from './data/own-drop.js';
import { persistently } from './data/persistently.js';
import { isPlace, settingsHash } from './element/anchor.js';
import { Control } from './element/control.js';
import { onKey } from './element/keys.js';
import { checkedAll, defineProperties, fromAttribute, takeUpEarlyProperties } from './element/settings.js';
import { SETTINGS, defaults, fromHash, fromPairs, toHash } from './model/settings.js';
import { place } from './place.js';
import { Session } from './session/session.js';
import { createApp } from './views/app.js';
import { createLost } from './views/bar/lost.js';
import { rememberPlaces } from './views/kit/places.js';
import { isPlainlySeen } from './visit/attention.js';
import { meet } from './visit/first-contact.js';
import { LOST } from './words/lost.js';
import { pickLanguage, translator } from './words/strings.js';

/** @import {Language, RecipeFile, RecipeId, Settings} from './model/types.d.ts' */
/** @import {ElementEvent, Snapshot} from './pruning-playground.d.ts' */

const STYLE = place('widget.css').href;

/**
 * `<pruning-playground>`: trains a small network, prunes it, shows what it cost.
 *
 * Attributes are the names of the settings (see settings.js), properties the same in camel case; docs/embedding.md has
 * all of it. With the attribute `hash` the page's URL is where settings are read from and kept; give it to at most one
 * element of a page.
 */
export class PruningPlayground extends HTMLElement {
  static observedAttributes = SETTINGS.map(({ name }) => name);

  /** While there is no session: what the next one begins with. */
  #settings = defaults();
  /** @type {Map<string, string>} Attributes that could not be read. */
  #rejected = new Map();
  /** @type {Partial<Settings> | null} Said to the session once for all changes that come together: each may begin a run. */
  #changes = null;
  #control = new Control((event) => this.#tell(event));
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
    if (this.#session) return this.#build(root, this.#session.state.settings);
    takeUpEarlyProperties(this);
    const { settings, rejected } = this.#readSettings();
    const session = new Session(settings, (changed) => this.#onSettings(changed));
    this.#session = session;
    this.#control.attach(session);
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.addEventListener('keydown', (event) => onKey(session, event), { signal });
    this.addEventListener('dragover', (event) => event.preventDefault(), { signal });
    this.addEventListener('drop', (event) => {
      event.preventDefault();
      takeDrop(session, event.dataTransfer);
    }, { signal });
    if (this.hasAttribute('hash')) window.addEventListener('hashchange', () => this.#onHash(), { signal });
    if (this.hasAttribute('hash')) this.#themePage(settings);
    // Before the app is built, so that the worker starts meanwhile.
    if (isPlainlySeen(this)) session.start();
    this.#build(root, settings);
    if (rejected.length > 0) this.#reject(rejected);
    meet(this, session, signal);
    return undefined;
  }

  /** An element that is moved goes on; it is out of the document for as long as the script that moves it runs. */
  disconnectedCallback() {
    queueMicrotask(() => { if (!this.isConnected) this.#end(); });
  }

  #end() {
    if (!this.#session) return;
    this.#settings = this.settings;
    this.#changes = null;
    this.#control.detach();
    this.#listening?.abort();
    this.#session.destroy();
    this.#app?.destroy();
    this.shadowRoot?.replaceChildren();
    this.#session = null;
    this.#app = null;
    this.#language = null;
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} text
   */
  attributeChangedCallback(name, before, text) {
    if (before === text) return;
    const { value, rejected } = fromAttribute(name, text);
    if (rejected) this.#rejected.set(name, text ?? '');
    else this.#rejected.delete(name);
    this.#change({ [name]: value });
    if (rejected && this.#session) this.#reject([{ name, value: text ?? '' }]);
    // The words around the element may be in another language than those of the setting's default.
    if (name === 'lang' && this.#session && this.shadowRoot) this.#build(this.shadowRoot, this.settings);
  }

  /** All settings as they are now, by the names of the attributes. A copy. */
  get settings() {
    const { widths, ...others } = { ...(this.#session?.state.settings ?? this.#settings), ...this.#changes };
    return { ...others, widths: /** @type {Settings['widths']} */ ([...widths]) };
  }

  /** @returns {Promise<Snapshot>} Resolves once there is a network that can be trained and pruned. */
  get ready() {
    return this.#control.ready();
  }

  /**
   * Changes settings. Throws where one is unknown (TypeError) or not possible (RangeError), and then changes none.
   * @param {Record<string, unknown>} changes By the names of the attributes.
   * @returns {Promise<Snapshot>} Resolves once the network is that of the settings.
   */
  configure(changes) {
    this.#change(checkedAll(changes));
    return this.#control.settled();
  }

  /** Trains until paused; resolves when training has begun. */
  run() {
    return this.#control.run();
  }

  /** Stops after the step in hand; resolves when all is measured. */
  pause() {
    return this.#control.pause();
  }

  /** Does exactly one training step. */
  step() {
    return this.#control.step();
  }

  /** Begins anew from the seed. */
  reset() {
    return this.#control.reset();
  }

  /**
   * Moves the slider; resolves when the accuracy there is measured.
   * @param {number} fraction Of all weights (or filters) that may be cut, 0 to 1.
   */
  setSparsity(fraction) {
    return this.#control.setSparsity(fraction);
  }

  /** Holds the mask that the slider shows. */
  prune() {
    return this.#control.prune();
  }

  /** Trains on under the mask held, for as many steps as the settings say; resolves at the last. */
  fineTune() {
    return this.#control.fineTune();
  }

  /**
   * Follows a recipe from its beginning; resolves at its end.
   * @param {RecipeId | RecipeFile} recipe
   */
  follow(recipe) {
    return this.#control.follow(recipe);
  }

  /**
   * Goes back to a measured state, which the list of states on the page shows too.
   * @param {number} id One of the snapshot's points.
   */
  restore(id) {
    return this.#control.restore(id);
  }

  /** Gives up the recipe in hand; what it has made stays. */
  stopRecipe() {
    return this.#control.stopRecipe();
  }

  /** The state in figures, frozen; throws an InvalidStateError while the element is in no document. */
  snapshot() {
    return this.#control.snapshot();
  }

  /** @param {Partial<Settings>} changes */
  #change(changes) {
    if (!this.#session) {
      Object.assign(this.#settings, changes);
      return;
    }
    if (!this.#changes) queueMicrotask(() => this.#passOn());
    this.#changes = { ...this.#changes, ...changes };
  }

  #passOn() {
    const changes = this.#changes;
    this.#changes = null;
    if (changes) this.#session?.change(changes);
  }

  /** @param {ElementEvent} event */
  #tell({ type, detail }) {
    this.dispatchEvent(new CustomEvent(type, { detail: Object.freeze(detail), bubbles: true, composed: true }));
  }

  #readSettings() {
    if (this.hasAttribute('hash')) {
      const read = fromHash(settingsHash());
      const backend = new URLSearchParams(location.search).get('backend');
      if (backend === null) return read;
      const asked = fromPairs([['backend', backend]]);
      if (asked.rejected.length === 0) read.settings.backend = asked.settings.backend;
      return { settings: read.settings, rejected: [...read.rejected, ...asked.rejected] };
    }
    return { settings: this.#settings, rejected: [...this.#rejected].map(([name, value]) => ({ name, value })) };
  }

  /**
   * Builds the app in the language of the settings.
   * @param {ShadowRoot} root
   * @param {Settings} settings
   */
  #build(root, settings) {
    const owner = this.hasAttribute('hash');
    const around = owner ? null : this.closest('[lang]')?.getAttribute('lang') ?? null;
    const language = pickLanguage([settings.lang, around, ...navigator.languages ?? []]);
    const session = this.#session;
    if (!session || language === this.#language) return;
    this.#language = language;
    translator(language, persistently).then((t) => {
      if (this.#session === session && this.#language === language) this.#show(root, session, language, t);
    }, (error) => {
      console.error(error);
      const shown = /** @type {Language | undefined} */ (this.#app?.element.lang);
      if (this.#session !== session || this.#language !== language) return;
      if (!shown) {
        this.#lose(root, session, language);
        return;
      }
      this.#language = shown;
      session.change({ lang: shown });
      session.notify('words-lost');
    });
    if (owner) document.documentElement.lang = language;
  }

  /**
   * There are no words at all: says so, and asks for them again when a person wants to, or the browser is online again.
   * @param {ShadowRoot} root
   * @param {Session} session
   * @param {Language} language
   */
  #lose(root, session, language) {
    const { signal } = this.#listening ?? new AbortController();
    root.querySelector('.lost')?.remove();
    root.append(createLost(LOST[language], language, () => {
      if (this.#session !== session) return;
      this.#language = null;
      this.#build(root, session.state.settings);
    }, signal));
  }

  /**
   * @param {ShadowRoot} root
   * @param {Session} session
   * @param {Language} language
   * @param {(key: string, values?: Record<string, string>) => string} t
   */
  #show(root, session, language, t) {
    const putBack = this.#app && rememberPlaces(this.#app.element);
    this.#app?.destroy();
    const app = createApp(session, language, t);
    this.#app = app;
    // Unstyled, the parts would be seen in a heap, and be measured so.
    app.element.hidden = true;
    this.#styled(root).then(() => {
      app.element.hidden = false;
      // In another language a person goes on where they were.
      if (putBack) {
        app.render(session.state);
        putBack(app.element);
      }
      session.store.invalidate();
    });
    for (const other of root.querySelectorAll('.app, .lost')) other.remove();
    root.append(app.element);
    session.store.subscribe((state) => app.render(state));
  }

  /**
   * Resolves when the stylesheets are in force. Another language keeps them: offline they could not be had again.
   * @param {ShadowRoot} root
   */
  async #styled(root) {
    if (root.querySelector('link')) return;
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: STYLE });
    root.prepend(link);
    await loaded(link);
  }

  /** @param {Settings} settings */
  #onSettings(settings) {
    if (this.hasAttribute('hash')) {
      this.#themePage(settings);
      const url = new URL(location.href);
      url.hash = toHash(settings);
      // The choice made on the page wins over the one that the address came with.
      const asked = url.searchParams.get('backend');
      if (asked !== null && asked !== settings.backend) url.searchParams.delete('backend');
      history.replaceState(history.state, '', url);
    }
    if (this.shadowRoot) this.#build(this.shadowRoot, settings);
  }

  /**
   * The page around the widget follows the theme that was chosen; its stylesheet follows the system by itself.
   * @param {Settings} settings
   */
  #themePage({ theme }) {
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }

  /** A person wrote another hash. */
  #onHash() {
    const session = this.#session;
    if (!session || isPlace() || location.hash === toHash(session.state.settings)) return;
    const { settings, rejected } = fromHash(location.hash);
    session.change(settings);
    if (rejected.length > 0) this.#reject(rejected);
  }

  /** @param {{name: string, value: string}[]} rejected */
  #reject(rejected) {
    const settings = rejected.map(({ name, value }) => `${name}=${value}`).join(', ');
    this.#session?.notify('setting-rejected', { settings });
  }
}

/** @param {HTMLLinkElement} link */
function loaded(link) {
  return new Promise((resolve) => {
    link.addEventListener('load', resolve);
    link.addEventListener('error', resolve);
  });
}

defineProperties(PruningPlayground.prototype);

customElements.define('pruning-playground', PruningPlayground);
