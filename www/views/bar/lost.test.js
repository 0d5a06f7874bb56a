import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useFakeDocument } from '../../../tests/support/dom.mjs';
import { LOST } from '../../words/lost.js';
import { createLost } from './lost.js';

useFakeDocument();
globalThis.window = new EventTarget();

/** @param {AbortSignal} [signal] */
function lost(signal = new AbortController().signal) {
  const asked = [];
  const element = createLost(LOST['zh-CN'], 'zh-CN', () => asked.push('again'), signal);
  return { element, asked };
}

test('without words there is a sentence in the reader’s language, and a button that asks for them once more', () => {
  const { element, asked } = lost();
  assert.match(element.textContent, /无法加载.*重试/u);
  element.part('words-retry').click();
  element.part('words-retry').click();
  assert.deepEqual(asked, ['again']);
});

test('the words are asked for again as soon as the browser is online, unless the widget has gone', () => {
  const { asked } = lost();
  const gone = new AbortController();
  const other = lost(gone.signal);
  gone.abort();
  window.dispatchEvent(new Event('online'));
  window.dispatchEvent(new Event('online'));
  assert.deepEqual([asked, other.asked], [['again'], []]);
});
