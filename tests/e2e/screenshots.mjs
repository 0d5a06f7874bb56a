// Pictures of the page in its states, sizes, themes and languages, to be looked at:
// node tests/e2e/screenshots.mjs FOLDER [state…]

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launch, open } from './browser.mjs';

const [folder, ...only] = process.argv.slice(2);
if (!folder) throw new Error('usage: node tests/e2e/screenshots.mjs FOLDER [start|training|pruned|filters|hand|error…]');

const SIZES = [{ width: 1280, height: 720 }, { width: 360, height: 740 }];

/** What leads from the page as it opens to each state. */
const STATES = {
  start: async () => {},
  training: async (widget) => {
    await widget.run();
    await widget.untilAtLeast('step-count', 150);
  },
  pruned: async (widget) => {
    await widget.run();
    await widget.untilAtLeast('accuracy', 0.93);
    await widget.pause();
    await widget.slideTo(90);
    await widget.press('prune', 'pruned');
    await widget.slideTo(95);
  },
  filters: async (widget) => {
    await widget.choose('granularity', 'filter');
    await widget.slideTo(50);
  },
  hand: async (widget) => {
    await widget.choose('scope', 'hand');
    await widget.slideTo(50);
  },
  error: async (widget) => {
    await widget.run();
    await widget.untilAtLeast('step-count', 20);
    await widget.page.context().setOffline(true);
    await widget.page.workers()[0].evaluate(() => self.close());
    await widget.until((root) => root.querySelector('[data-testid="trouble"]')?.hidden === false);
  },
};

await mkdir(folder, { recursive: true });
const browser = await launch();
for (const [state, reach] of Object.entries(STATES).filter(([name]) => only.length === 0 || only.includes(name))) {
  for (const lang of ['en', 'zh-CN']) {
    for (const viewport of SIZES) {
      const { page, widget } = await open(browser, { path: `?backend=cpu#lang=en`, viewport });
      await reach(widget);
      if (lang !== 'en') await widget.part('language').click();
      await widget.until((root, wanted) => root.querySelector('.app:not([hidden])')?.getAttribute('lang') === wanted, lang);
      for (const theme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: theme });
        await widget.drawn();
        await page.screenshot({ path: join(folder, `${state}-${viewport.width}-${theme}-${lang}.png`), fullPage: viewport.width < 1000 });
      }
      await page.close();
    }
  }
}
await browser.close();
