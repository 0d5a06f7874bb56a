// A browser on the built site, and the page as a person finds it: by its visible parts, their names and their figures.

import { chromium } from 'playwright-core';

/** Where the built site is served, with the content security policy that it must work under. */
export const SITE = process.env.PLAYGROUND_URL ?? 'http://localhost:8080/';

const QUIET = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** Makes WebGPU available on a machine without a GPU. */
export const SWIFTSHADER = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];

/**
 * @param {{args?: string[], executablePath?: string}} [options]
 */
export function launch({ args = [], executablePath = process.env.CHROMIUM || '/usr/bin/chromium' } = {}) {
  return chromium.launch({ executablePath, args: [...QUIET, ...args] });
}

/**
 * Opens the site and notes everything that a page must not do.
 * @param {import('playwright-core').Browser} browser
 * @param {{path?: string, site?: string, embeds?: string[], viewport?: {width: number, height: number}, ready?: boolean, autoplay?: boolean,
 *   context?: import('playwright-core').BrowserContext}} [options]
 *   `path` is a query and hash; `embeds` are other sites that the page may load from. Without `autoplay` the page is at rest at first; a
 *   `context` of one's own has a memory from page to page.
 */
export async function open(browser, {
  path = '', site = SITE, embeds = [], viewport = { width: 1280, height: 720 }, ready = true, autoplay = false, context,
} = {}) {
  // The first visit is without a service worker; the next ones have tests of their own.
  const page = await (context ?? browser).newPage(context ? undefined : { viewport, locale: 'en-US', serviceWorkers: 'block' });
  /** @type {string[]} */
  const faults = [];
  page.on('console', (message) => { if (message.type() === 'error') faults.push(`console: ${message.text()}`); });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  const origins = [site, ...embeds].map((url) => new URL(url).origin);
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && !origins.includes(origin)) faults.push(`foreign request: ${request.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.goto(new URL(autoplay ? path : atRest(path), site).href);
  const widget = new Widget(page, page.locator('pruning-playground').first());
  if (ready) await widget.untilReady();
  return { page, widget, faults };
}

/** @param {string} path */
function atRest(path) {
  return `${path}${path.includes('#') ? '&' : '#'}autoplay=off`;
}

/** One widget, driven by its controls. */
export class Widget {
  /**
   * @param {import('playwright-core').Page} page
   * @param {import('playwright-core').Locator} root
   */
  constructor(page, root) {
    this.page = page;
    this.root = root;
  }

  /** @param {string} name */
  part(name) {
    return this.root.getByTestId(name);
  }

  /**
   * The unrounded number behind a figure.
   * @param {string} name
   */
  async value(name) {
    return Number(await this.part(name).getAttribute('data-value'));
  }

  /**
   * Waits until a condition on the shadow tree holds.
   * @template T
   * @param {(root: ShadowRoot, argument: T) => boolean} condition Runs in the page.
   * @param {T} [argument]
   * @param {number} [timeout] Milliseconds.
   */
  async until(condition, argument, timeout = 120_000) {
    const host = await this.root.elementHandle();
    const check = await this.page.evaluateHandle(`(${condition})`);
    await this.page.waitForFunction(([element, holds, given]) => holds(element.shadowRoot, given), [host, check, argument], { timeout, polling: 100 });
  }

  untilReady(timeout = 120_000) {
    return this.until((root) => root.querySelector('[data-testid="preview-accuracy"]')?.hasAttribute('data-value') === true
      && root.querySelector('[data-testid="run"]')?.disabled === false, undefined, timeout);
  }

  /** Whether it trains or fine-tunes. */
  async busy() {
    return (await this.part('run').getAttribute('aria-label')) === 'Pause';
  }

  untilIdle(timeout = 120_000) {
    return this.until((root) => root.querySelector('[data-testid="run"]')?.getAttribute('aria-label') === 'Run', undefined, timeout);
  }

  async run() {
    if (!(await this.busy())) await this.part('run').click();
    await this.until((root) => root.querySelector('[data-testid="run"]')?.getAttribute('aria-label') === 'Pause');
  }

  async pause() {
    if (await this.busy()) await this.part('run').click();
    await this.untilIdle();
  }

  /**
   * Waits until a figure's number is at least so much.
   * @param {string} name
   * @param {number} least
   * @param {number} [timeout] Milliseconds.
   */
  untilAtLeast(name, least, timeout) {
    return this.until((root, [id, limit]) => {
      const text = root.querySelector(`[data-testid="${id}"]`)?.getAttribute('data-value');
      return text !== null && text !== undefined && Number(text) >= limit;
    }, [name, least], timeout);
  }

  /** Lets the page draw what the last action led to. */
  async drawn() {
    await this.page.evaluate(() => new Promise((resolve) => {
      requestAnimationFrame(() => requestAnimationFrame(resolve));
    }));
  }

  /** Waits until the accuracy shown belongs to the place of the slider. */
  async untilMeasured(timeout = 60_000) {
    await this.drawn();
    return this.until((root) => {
      const accuracy = root.querySelector('[data-testid="preview-accuracy"]');
      const kept = root.querySelector('[data-testid="kept"]');
      if (!accuracy || !kept) return false;
      const pruned = Number(kept.getAttribute('data-total')) - Number(kept.getAttribute('data-value'));
      return accuracy.getAttribute('aria-busy') === 'false' && Number(accuracy.getAttribute('data-pruned')) === pruned;
    }, undefined, timeout);
  }

  /** Waits until the weights are ranked by the method that was chosen. */
  async untilRanked(timeout = 60_000) {
    await this.drawn();
    return this.until((root) => root.querySelector('[data-testid="method"]')?.getAttribute('aria-busy') === 'false', undefined, timeout);
  }

  /**
   * Chooses how weights are ranked or cut, and waits for the accuracy under that.
   * @param {'criterion' | 'scope' | 'granularity'} setting
   * @param {string} choice
   */
  async choose(setting, choice) {
    await this.part(`setting-${setting}`).selectOption(choice);
    await this.untilRanked();
    await this.untilMeasured();
  }

  /**
   * Moves the slider with the keyboard to a whole percentage, and waits for the accuracy there.
   * @param {number} percent
   * @param {number} [timeout] Milliseconds.
   */
  async slideTo(percent, timeout) {
    const slider = this.part('slider');
    await slider.focus();
    await slider.press(percent > 50 ? 'End' : 'Home');
    const from = percent > 50 ? 100 : 0;
    const away = Math.abs(percent - from);
    const key = percent > 50 ? 'ArrowLeft' : 'ArrowRight';
    for (let i = 0; i < Math.floor(away / 5); i += 1) await slider.press(`Shift+${key}`);
    for (let i = 0; i < away % 5; i += 1) await slider.press(key);
    await this.untilMeasured(timeout);
  }

  /**
   * Goes back to the newest state of a kind, through the list of states.
   * @param {'dense' | 'pruned' | 'fine-tuned'} kind
   * @param {number} [timeout] Milliseconds.
   */
  async goBackTo(kind, timeout) {
    const state = this.part('states').locator(`button[data-kind="${kind}"]`).first();
    await state.click();
    await this.drawn();
    await this.until((root, id) => root.querySelector(`[data-id="${id}"]`)?.getAttribute('aria-current') === 'true'
      && root.querySelector('[data-testid="run"]')?.getAttribute('aria-label') === 'Run', await state.getAttribute('data-id'));
    await this.untilMeasured(timeout);
  }

  /** @param {'dense' | 'pruned' | 'fine-tuned'} kind */
  async states(kind) {
    return this.part('states').locator(`button[data-kind="${kind}"]`).evaluateAll((buttons) => buttons.map(({ dataset }) => ({
      id: Number(dataset.id), step: Number(dataset.step), sparsity: Number(dataset.sparsity), accuracy: Number(dataset.accuracy), samples: Number(dataset.samples),
    })));
  }

  /**
   * Presses a button and waits for the state that it leads to.
   * @param {'prune' | 'fine-tune'} button
   * @param {'pruned' | 'fine-tuned'} kind
   * @param {number} [timeout] Milliseconds.
   */
  async press(button, kind, timeout = 300_000) {
    const current = this.part('states').locator('[aria-current="true"]');
    const before = await current.count() > 0 ? await current.getAttribute('data-id') : null;
    await this.part(button).click();
    await this.until((root, [wanted, last]) => {
      const now = root.querySelector('[data-testid="states"] [aria-current="true"]');
      return now?.getAttribute('data-kind') === wanted && now.getAttribute('data-id') !== last;
    }, [kind, before], timeout);
    await this.untilIdle(timeout);
    await this.untilMeasured();
    const id = Number(await current.getAttribute('data-id'));
    return (await this.states(kind)).find((state) => state.id === id);
  }
}
