// The page without a network, and under a service worker of another version than its own.

import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Widget, launch } from './browser.mjs';
import { replaceVersion, serveCopy, versionOf } from './site.mjs';

let browser;
let context;
let site;
before(async () => { browser = await launch(); });
after(() => browser.close());
beforeEach(async () => {
  site = await serveCopy();
  context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-US' });
});
afterEach(async () => {
  await context.close();
  await site.close();
});

/** Opens the page, and notes what must not happen. */
async function visit(faults = []) {
  const page = await context.newPage();
  page.on('console', (message) => { if (message.type() === 'error') faults.push(`console: ${message.text()}`); });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  await page.goto(`${site.url}?backend=cpu`);
  const widget = new Widget(page, page.locator('pruning-playground').first());
  await widget.untilReady();
  return { page, widget, faults };
}

/** Waits until the service worker is in charge, which it is once everything is kept. */
function kept(page) {
  return page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', undefined, { timeout: 60_000 });
}

/** Trains some steps more than there are. */
async function trains(widget) {
  const before = await widget.value('step-count');
  await widget.run();
  await widget.untilAtLeast('step-count', before + 5);
  await widget.pause();
}

/** Waits for what a page has to be asked for: a promise by itself would count as true. */
async function eventually(page, condition, argument) {
  for (let left = 300; left > 0; left -= 1) {
    if (await page.evaluate(condition, argument)) return;
    await page.waitForTimeout(200);
  }
  assert.fail(`it did not come to this: ${condition}`);
}

/** Waits until the service worker of a version has replaced the one before. */
function inCharge(page, version) {
  return eventually(page, async (name) => {
    const { active, installing, waiting } = await navigator.serviceWorker.ready;
    const [cache] = await Promise.all((await caches.keys()).map((key) => caches.open(key)));
    const requests = await cache.keys();
    return active?.state === 'activated' && !installing && !waiting && requests.some(({ url }) => url.endsWith(`.versions/${name}`));
  }, version);
}

/** The versions whose folders a page and its workers have loaded anything from. */
function versionsLoaded(page) {
  const versions = new Set();
  page.on('request', (request) => {
    const [, version] = /\/v\/([0-9a-f]{16})\//u.exec(request.url()) ?? [];
    if (version) versions.add(version);
  });
  return versions;
}

test('once visited, the page loads, trains and opens its panels without a network', async () => {
  const { page, widget, faults } = await visit();
  await kept(page);
  await context.setOffline(true);
  site.served.length = 0;
  await page.reload();
  await widget.untilReady();
  await trains(widget);
  await widget.part('recipe').click();
  await widget.part('recipe-choice').waitFor();
  await page.keyboard.press('Escape');
  await widget.part('compare').click();
  await widget.part('race-start').waitFor();
  // Its tab's icon Chromium asks for by itself, past the service worker and past what is said of its network here.
  assert.deepEqual(site.served.filter((file) => file !== 'favicon.svg'), []);
  assert.deepEqual(faults, []);
});

test('a page keeps to the files of its version when a new one is published, and the next load takes the new one', async () => {
  const { page, widget, faults } = await visit();
  await kept(page);
  const old = await versionOf(site.folder);
  const next = '0123456789abcdef';
  await replaceVersion(site.folder, next);

  const other = await context.newPage();
  const loaded = versionsLoaded(other);
  await other.goto(`${site.url}?backend=cpu`);
  const second = new Widget(other, other.locator('pruning-playground').first());
  await second.untilReady();
  await trains(second);
  assert.equal(await other.evaluate(() => globalThis.siteVersion), next);
  assert.equal(await other.workers()[0].evaluate(() => globalThis.siteVersion), next);
  assert.deepEqual([...loaded], [next]);
  await inCharge(other, next);

  // The server no longer has the files that the first page was built with.
  site.served.length = 0;
  await widget.part('backend-chip').click();
  await widget.part('setting-backend').selectOption('auto');
  await widget.until((root) => root.querySelector('[data-testid="backend-chip"]')?.getAttribute('data-reason') !== 'asked');
  await widget.untilReady();
  await trains(widget);
  assert.equal(await page.evaluate(() => globalThis.siteVersion), undefined);
  assert.equal(await page.workers()[0].evaluate(() => globalThis.siteVersion), undefined);
  assert.ok(!site.served.some((file) => file.includes(next)), `${site.served}`);

  await context.setOffline(true);
  await page.reload();
  await widget.untilReady();
  await trains(widget);
  assert.equal(await page.evaluate(() => globalThis.siteVersion), next);
  assert.notEqual(old, next);
  assert.deepEqual(faults, []);
});

test('a site that ends its service worker leaves nothing of it in the browser', async () => {
  const { page, faults } = await visit();
  await kept(page);
  await copyFile(fileURLToPath(new URL('../../www/service-worker-end.js', import.meta.url)), join(site.folder, 'service-worker.js'));
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await eventually(page, async () => {
    const registered = await navigator.serviceWorker.getRegistrations();
    return registered.length === 0 && (await caches.keys()).length === 0;
  });
  assert.deepEqual(faults, []);
});

test('a widget on someone else’s page registers no service worker', async () => {
  await writeFile(join(site.folder, 'lesson.html'), '<!doctype html><script type="module" src="www/pruning-playground.js"></script><pruning-playground></pruning-playground>');
  const page = await context.newPage();
  await page.goto(`${site.url}lesson.html`);
  await new Widget(page, page.locator('pruning-playground')).untilReady();
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
});
