import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { asking } from '../../tests/support/asking.js';
import { defaults } from '../model/settings.js';
import { Drafter } from './drafter.js';
import { WorkerDied } from './errors.js';

mock.timers.enable({ apis: ['setTimeout'] });
const settings = defaults();
const INFO = /** @type {any} */ ({ text: 'f', nodes: [], layers: [], parameters: 10, groups: 0, statistics: false });

function drafting() {
  const made = asking();
  let drawn = 0;
  const drafter = new Drafter((command) => made.gate.ask(command), () => { drawn += 1; });
  return { ...made, drafter, drawn: () => drawn };
}

test('while somebody types nothing is asked, then the last text once', async () => {
  const { drafter, sent, answer, drawn } = drafting();
  for (const network of ['c3-8', 'c3-8 r', 'c3-8 r f']) {
    drafter.ask(settings, network);
    drafter.ask(settings, network);
    mock.timers.tick(100);
  }
  assert.equal(sent.length, 0);
  mock.timers.tick(60);
  assert.deepEqual(sent.map(({ command }) => [command.type, command.config.network]), [['draft', 'c3-8 r f']]);
  await answer(1, { type: 'drafted', network: INFO });
  assert.deepEqual([drafter.of('c3-8 r f')?.info, drafter.of('c3-8'), drawn()], [INFO, null, 1]);
  drafter.ask(settings, 'c3-8 r f');
  mock.timers.tick(200);
  assert.equal(sent.length, 1);
  drafter.ask({ ...settings, dataset: 'shapes' }, 'c3-8 r f');
  mock.timers.tick(200);
  assert.equal(sent.length, 2, 'other images are another question');
});

test('the latest question counts, and what can not work says why, and layer by layer what it is', async () => {
  const { drafter, answer, fail, sent } = drafting();
  drafter.ask(settings, 'lenet-5');
  mock.timers.tick(200);
  drafter.ask(settings, 'conv-2');
  mock.timers.tick(200);
  await fail(2, 'bad-config');
  await answer(1, { type: 'drafted', network: INFO });
  assert.deepEqual(drafter.drafted, { network: 'conv-2', info: null, problem: 'bad-config', text: null });
  assert.deepEqual([sent[2].command.config.dataset, drafter.owns(3), drafter.owns(2)], ['shapes', true, false]);
  await answer(3, { type: 'drafted', network: { ...INFO, text: 'c3-64 r p2 f' } });
  assert.deepEqual(drafter.drafted, { network: 'conv-2', info: null, problem: 'bad-config', text: 'c3-64 r p2 f' });
});

test('what went with its worker is no answer, and is asked again', async () => {
  const { drafter, gate, sent } = drafting();
  drafter.ask(settings, 'conv-2');
  mock.timers.tick(200);
  gate.lost(new WorkerDied());
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(drafter.drafted, null);
  drafter.ask(settings, 'conv-2');
  mock.timers.tick(200);
  assert.equal(sent.length, 2);
});
