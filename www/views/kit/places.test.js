import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeElement, useFakeDocument } from '../../../tests/support/dom.mjs';
import { h } from './dom.js';
import { rememberPlaces } from './places.js';

useFakeDocument();
globalThis.HTMLDetailsElement ??= class extends FakeElement {};

/** An app in a tree of its own; in the second language a name is written. */
function app(language) {
  const panel = h('div', { class: 'popover', 'data-testid': 'pad-panel' }, h('button', { text: language }));
  const list = h('ol', {}, h('li', {}, h('button', { text: '1' })), h('li', {}, h('button', { text: '2' })));
  const element = h('div', { class: 'app' }, h('button', { 'data-testid': 'language', text: language }), list, panel);
  const root = h('section', {}, element);
  root.activeElement = null;
  for (const each of element.below()) {
    if (each.getAttribute('class') === 'popover') {
      each.showPopover = () => { each.shown = true; };
      each.matches = () => each.shown === true;
    }
  }
  return { element, root, panel, second: list.children[1].children[0], language: element.children[0] };
}

test('the focus is where it was: at a control with a name, and at one that only its place tells from others', () => {
  for (const name of ['language', 'second']) {
    const [before, after] = [app('en'), app('zh-CN')];
    before[name].focus();
    rememberPlaces(before.element)(after.element);
    assert.equal(after.root.activeElement, after[name]);
  }
});

test('panels that were open are open again, and no others', () => {
  const [before, after, later] = [app('en'), app('zh-CN'), app('en')];
  rememberPlaces(before.element)(after.element);
  assert.equal(after.panel.shown, undefined);
  before.panel.showPopover();
  rememberPlaces(before.element)(later.element);
  assert.equal(later.panel.shown, true);
  assert.equal(later.root.activeElement, null);
});

test('where a control is gone the focus goes nowhere', () => {
  const [before, after] = [app('en'), app('zh-CN')];
  before.second.focus();
  after.element.children[1].replaceChildren();
  rememberPlaces(before.element)(after.element);
  assert.equal(after.root.activeElement, null);
});
