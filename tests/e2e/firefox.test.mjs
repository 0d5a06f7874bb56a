// The widget in Firefox: it loads, trains and prunes there too, also in a page of another origin.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Builder, By, until } from 'selenium-webdriver';
import LogInspector from 'selenium-webdriver/bidi/logInspector.js';
import firefox from 'selenium-webdriver/firefox.js';
import { SITE } from './browser.mjs';
import { secondOrigin } from './second-origin.mjs';

const { FIREFOX = '/usr/bin/firefox-esr', GECKODRIVER = 'geckodriver' } = process.env;

let driver;
let second;
/** What a page must not do. */
const faults = [];
before(async () => {
  second = await secondOrigin();
  const options = new firefox.Options().setBinary(FIREFOX).addArguments('-headless').windowSize({ width: 1280, height: 720 }).enableBidi();
  // Why: see `capabilities` in xtask/src/browsers.rs.
  options.setPreference('javascript.options.wasm_simd_avx', false);
  const service = new firefox.ServiceBuilder(GECKODRIVER);
  driver = await new Builder().forBrowser('firefox').setFirefoxOptions(options).setFirefoxService(service).build();
  // Where others use the cores, minutes may pass.
  await driver.manage().setTimeouts({ script: 600_000 });
  const log = await LogInspector(driver);
  await log.onJavascriptException(({ text }) => {
    // Firefox's own report of a worker that is ended while it still imports: nothing is thrown, and no page hears of it.
    if (text !== 'uncaught exception: undefined') faults.push(`uncaught: ${text}`);
  });
  await log.onConsoleEntry(({ level, text }) => { if (level === 'error') faults.push(`console: ${text}`); });
});
after(async () => {
  await driver?.quit();
  second?.close();
});

/** A part of the widget by its name. */
async function part(name) {
  const root = await driver.findElement(By.css('pruning-playground')).getShadowRoot();
  return root.findElement(By.css(`[data-testid="${name}"]`));
}

const value = async (name) => Number(await (await part(name)).getAttribute('data-value'));

test('Firefox: it trains, prunes and fine-tunes, and its figures follow', async () => {
  await driver.get(`${SITE}?backend=cpu#autoplay=off`);
  await driver.wait(until.elementLocated(By.css('pruning-playground')), 120_000);
  await driver.executeAsyncScript((done) => document.querySelector('pruning-playground').ready.then(done));
  const before = await value('accuracy');
  await (await part('run')).click();
  await driver.wait(async () => await value('accuracy') > 0.9, 600_000, 'the accuracy comes to 90%');
  await (await part('run')).click();
  const dense = await driver.executeAsyncScript((done) => document.querySelector('pruning-playground').pause().then(done));
  assert.ok(dense.accuracy.value > before && dense.step > 0 && dense.loss > 0);
  const slider = await part('slider');
  await slider.sendKeys('\uE010');
  for (let i = 0; i < 2; i += 1) await slider.sendKeys('\uE008\uE012\uE000');
  await driver.wait(async () => await value('sparsity') > 0.89, 120_000, 'the sparsity follows the slider');
  await (await part('prune')).click();
  await driver.wait(async () => await value('held') > 0, 120_000, 'the mask is held');
  const tuned = await driver.executeAsyncScript((done) => document.querySelector('pruning-playground').fineTune().then(done));
  assert.deepEqual(tuned.points.map(({ kind }) => kind).slice(-2), ['pruned', 'fine-tuned']);
  const [pruned, last] = tuned.points.slice(-2);
  assert.ok(last.accuracy.value > pruned.accuracy.value && pruned.accuracy.value < dense.accuracy.value);
  assert.equal(last.sparsity, pruned.sparsity);
  assert.deepEqual(faults, []);
});

test('Firefox: an element of another origin trains', async () => {
  await driver.get(`${second.site}element.html`);
  const { step, settings } = await driver.executeAsyncScript((done) => document.querySelector('pruning-playground').step().then(done));
  assert.deepEqual([step, settings.dataset, settings.granularity], [1, 'shapes', 'filter']);
  assert.deepEqual(faults, []);
});

test('Firefox: workers of the session’s worker train, here and on a page of another origin', async () => {
  for (const page of [`${SITE}?backend=cpu#autoplay=off&workers=2`, `${second.site}element.html`]) {
    await driver.get(page);
    const { step } = await driver.executeAsyncScript((done) => {
      const element = document.querySelector('pruning-playground');
      // A rejection is told at once, not by silence.
      element.configure({ 'backend': 'cpu', 'workers': 2, 'fine-tune-steps': 30 })
        .then(() => element.fineTune()).then(done, (error) => done({ step: String(error) }));
    });
    assert.equal(step, 30, page);
    assert.equal(await value('workers'), 2, page);
  }
  assert.deepEqual(faults, []);
});
