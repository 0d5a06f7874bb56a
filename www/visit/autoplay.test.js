import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaults } from '../model/settings.js';
import { Autoplay, isEnough, mayTrainAlone } from './autoplay.js';

const first = { settings: defaults(), linked: false, returning: false, reducedMotion: false, saveData: false };
const asked = (change) => mayTrainAlone({ ...first, ...change });
const set = (change) => ({ settings: { ...defaults(), ...change } });

test('the network of a first visitor trains by itself', () => {
  assert.equal(mayTrainAlone(first), true);
});

test('it does not for who comes back, wants no motion, saves data, or where it is switched off', () => {
  for (const change of [{ returning: true }, { reducedMotion: true }, { saveData: true }, set({ autoplay: 'off' })]) assert.equal(asked(change), false);
});

test('it does not where images have to be loaded first', () => {
  assert.deepEqual(['digits', 'shapes', 'mnist', 'cifar-10'].map((dataset) => asked(set({ dataset }))), [true, true, false, false]);
});

test('a link with settings of its own stays at rest; attributes, language and backend do not count', () => {
  assert.equal(asked({ linked: true, ...set({ seed: 7 }) }), false);
  assert.equal(asked({ linked: true, ...set({ widths: [16, 32] }) }), false);
  assert.equal(asked({ linked: true, ...set({ lang: 'zh-CN', backend: 'cpu' }) }), true);
  assert.equal(asked({ linked: false, ...set({ seed: 7 }) }), true);
});

test('it is enough after some epochs that could be watched, and after three seconds in any case', () => {
  assert.deepEqual([isEnough(100, 50), isEnough(2500, 1), isEnough(2500, 20), isEnough(3000, 0.1)], [false, false, true, true]);
});

/** A session as far as autoplay sees it; what is asked of it is noted. */
function session(state = {}) {
  const commands = [];
  return {
    state: { config: {}, activity: 'idle', training: { step: 0, epoch: 0 }, currentPoint: 1, ...state },
    store: { invalidate: () => {} },
    commands,
    run: () => commands.push('run'),
    pause: () => commands.push('pause'),
  };
}

test('a press on Pause is left to Pause, and anything else finds the network at rest', () => {
  for (const [act, commands] of [['giveWay', ['run']], ['makeRoom', ['run', 'pause']]]) {
    const page = session();
    const autoplay = new Autoplay(page);
    autoplay.begin(first);
    page.state.activity = 'training';
    autoplay.update();
    autoplay[act]();
    autoplay.update();
    autoplay.begin(first);
    assert.deepEqual(page.commands, commands);
    assert.equal(autoplay.invites, false);
  }
});

test('who has done something before it could begin is left alone', () => {
  const page = session();
  const autoplay = new Autoplay(page);
  autoplay.makeRoom();
  autoplay.begin(first);
  for (const state of [{ activity: 'training' }, { training: { step: 1, epoch: 0 } }]) new Autoplay(Object.assign(page, session(state))).begin(first);
  assert.deepEqual(page.commands, []);
});
