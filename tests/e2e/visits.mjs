// Visits that have a memory, and what lies in it.

import assert from 'node:assert/strict';

/**
 * A memory of its own, from page to page.
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
export function visitor(browser, options) {
  return browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-US', ...options });
}

/** What the page keeps in this browser, the newest first. */
export function records(page) {
  return page.evaluate(() => new Promise((resolve, reject) => {
    const asked = indexedDB.open('pruning-playground');
    asked.onupgradeneeded = () => asked.transaction.abort();
    asked.onerror = () => resolve([]);
    asked.onsuccess = () => {
      const all = asked.result.transaction('states').objectStore('states').getAll();
      all.onsuccess = () => { asked.result.close(); resolve(all.result.sort((a, b) => b.savedAt - a.savedAt).map(({ step, sparsity, accuracy }) => ({ step, sparsity, accuracy }))); };
      all.onerror = () => reject(all.error);
    };
  }));
}

/**
 * Waits until what is kept is of a kind.
 * @param {import('playwright-core').Page} page
 * @param {(kept: {step: number, sparsity: number, accuracy: number}[]) => boolean} condition
 */
export async function untilKept(page, condition) {
  const until = Date.now() + 30_000;
  while (!condition(await records(page))) {
    assert.ok(Date.now() < until, `not kept as expected: ${JSON.stringify(await records(page))}`);
    await page.waitForTimeout(50);
  }
}
