// Takes the picture that other sites show beside a link to this one, from the page as it is served.
//
//   PLAYGROUND_URL=http://127.0.0.1:8000/ node scripts/social.mjs social.png
//
// assets/page/social.png is that, reduced to 256 colours.

import { readFile } from 'node:fs/promises';
import { launch, open } from '../tests/e2e/browser.mjs';

const STYLE = `
  body { margin: 0; width: 1200px; height: 630px; overflow: hidden; position: relative; background: #1d2330; color: #fff; font-family: system-ui, sans-serif; }
  svg { position: absolute; left: 48px; top: 32px; width: 76px; height: 76px; outline: 2px solid #39404b; border-radius: 16px; }
  h1 { position: absolute; left: 148px; top: 30px; margin: 0; font-size: 44px; line-height: 46px; }
  p { position: absolute; left: 148px; top: 80px; margin: 0; font-size: 23px; line-height: 30px; color: #c3cad6; }
  img { position: absolute; left: 48px; top: 136px; width: 1104px; border-radius: 10px; }`;

const browser = await launch();
const { page, widget } = await open(browser, { path: '?backend=cpu' });
await widget.run();
await widget.untilAtLeast('accuracy', 0.95, 60_000);
await widget.pause();
await widget.slideTo(45);
await widget.untilAtLeast('curve-readout', 33, 60_000);
await page.evaluate(() => { if (document.activeElement instanceof HTMLElement) document.activeElement.blur(); });
await widget.drawn();
const shot = (await page.screenshot()).toString('base64');
const icon = await readFile(new URL('../assets/page/favicon.svg', import.meta.url), 'utf8');
const picture = await browser.newPage({ viewport: { width: 1200, height: 630 } });
await picture.setContent(`<style>${STYLE}</style>${icon}<h1>Pruning Playground</h1>
  <p>Train a small network in your browser, prune it with one slider, see what it costs.</p><img src="data:image/png;base64,${shot}">`);
await picture.screenshot({ path: process.argv[2] });
await browser.close();
