import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SETTINGS, defaults, format } from '../model/settings.js';
import { PROPERTIES, checked, checkedAll, defineProperties, fromAttribute, propertyOf, takeUpEarlyProperties } from './settings.js';

/** An element as far as its settings go. */
function elementClass() {
  class Element {
    held = defaults();

    get settings() { return { ...this.held }; }

    configure(changes) { Object.assign(this.held, checkedAll(changes)); }
  }
  defineProperties(Element.prototype);
  return Element;
}

test('every setting has a property in camel case, but for the language, which is the attribute', () => {
  const Element = elementClass();
  for (const { name } of SETTINGS) {
    assert.equal(propertyOf(name) in Element.prototype, name !== 'lang', name);
  }
  assert.ok(PROPERTIES.some(({ property }) => property === 'fineTuneSteps'));
});

test('a property reads and changes its setting', () => {
  const element = new (elementClass())();
  element.learningRate = 0.01;
  element.spareClassifier = true;
  element.widths = [16, 32];
  element.dataset = 'shapes';
  assert.deepEqual([element.learningRate, element.spareClassifier, element.widths], [0.01, true, [16, 32]]);
  assert.equal(element.settings.dataset, 'shapes');
  element.learningRate = null;
  assert.equal(element.learningRate, 0.001);
});

test('properties set before the class was there are taken up', () => {
  const Element = elementClass();
  const element = new Element();
  Object.defineProperty(element, 'seed', { value: 7, configurable: true, enumerable: true, writable: true });
  takeUpEarlyProperties(element);
  assert.equal(element.settings.seed, 7);
  assert.equal(Object.hasOwn(element, 'seed'), false);
});

test('text is read as in an attribute, so that frameworks may set the one or the other', () => {
  assert.deepEqual(checked('widths', '16,32'), [16, 32]);
  assert.equal(checked('batch', '64'), 64);
  assert.equal(checked('distil', ''), true);
  assert.equal(checked('seed', ' 12 '), 12);
});

test('each default is accepted as it is and as text', () => {
  for (const { name, initial } of SETTINGS) {
    assert.deepEqual(checked(name, initial), initial);
    assert.deepEqual(checked(name, format(initial)), initial);
  }
});

test('a wrong value throws an error that names the setting, and nothing is changed', () => {
  const element = new (elementClass())();
  for (const [changes, kind] of [
    [{ epochs: 3 }, TypeError], [{ seed: true }, TypeError], [{ widths: 8 }, TypeError], [{ distil: 1 }, TypeError],
    [{ seed: -1 }, RangeError], [{ widths: [8] }, RangeError], [{ dataset: 'imagenet' }, RangeError], [{ 'learning-rate': 0 }, RangeError],
    [{ seed: NaN }, RangeError], [{ widths: [8, '<b>'] }, RangeError],
  ]) {
    const [name] = Object.keys(changes);
    assert.throws(() => element.configure({ noise: 0.5, ...changes }), (error) => error instanceof kind && error.message.includes(name));
  }
  assert.deepEqual(element.settings, defaults());
});

test('an attribute that is gone or can not be read gives the default, the latter rejected', () => {
  assert.deepEqual(fromAttribute('seed', '9'), { value: 9, rejected: false });
  assert.deepEqual(fromAttribute('seed', null), { value: 1, rejected: false });
  assert.deepEqual(fromAttribute('seed', 'x'), { value: 1, rejected: true });
  assert.deepEqual(fromAttribute('lang', 'fr'), { value: 'auto', rejected: false });
});
