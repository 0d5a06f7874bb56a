import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { Machine, tick } from '../../tests/support/fake-worker.js';
import { defaults, runConfig } from '../model/settings.js';
import { Conversation } from './conversation.js';
import { CoreError, Ended, WorkerDied } from './errors.js';

const talks = [];
afterEach(() => talks.splice(0).forEach((talk) => talk.end()));

async function begun() {
  const machine = new Machine();
  const talk = new Conversation(machine.connect);
  talks.push(talk);
  await Promise.all([talk.start(), machine.drain()]);
  const configured = talk.ask({ type: 'configure', runId: talk.nextRunId(), config: runConfig(defaults()) }, { until: ({ event }) => event.type === 'point' });
  await machine.drain();
  await configured;
  return { machine, talk };
}
const caught = (promise) => promise.then(() => 'resolved', (error) => error);

test('an answer is one to the question, also where it comes after the question is done', async () => {
  const { machine, talk } = await begun();
  const heard = [];
  const tuned = talk.ask({ type: 'fine-tune', steps: 6 }, { until: ({ event, bulk }) => event.type === 'point' && bulk.checkpoint !== undefined, hear: ({ event }) => heard.push(event.type) });
  await machine.drain();
  assert.equal((await tuned).event.kind, 'dense');
  assert.ok(heard.includes('trained') && heard.includes('done'));
});

test('a refusal, a death and an end are told apart, and each ends the question', async () => {
  const { machine, talk } = await begun();
  const refused = caught(talk.ask({ type: 'set-method', method: { criterion: 'grasp' } }, { until: () => false }));
  await machine.drain();
  assert.ok(await refused instanceof CoreError);
  const cut = talk.ask({ type: 'prune', selection: { by: 'fraction', value: 0.5 } }, { until: () => false });
  machine.main.die();
  assert.ok(await caught(cut) instanceof WorkerDied);
  const other = await begun();
  const open = other.talk.ask({ type: 'fine-tune', steps: 9 }, { until: () => false });
  await tick();
  other.talk.end();
  assert.ok(await caught(open) instanceof Ended);
});

test('a worker that dies while it starts ends the beginning', async () => {
  const machine = new Machine();
  const talk = new Conversation(machine.connect);
  const started = talk.start();
  machine.main.die('load-failed');
  assert.ok(await caught(started) instanceof WorkerDied);
});
