import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asking } from '../../tests/support/asking.js';
import { tick } from '../../tests/support/fake-worker.js';
import { CoreError, Ended, SessionDead, WorkerDied } from './errors.js';
import { BEGINS, answer } from './gate.js';

const caught = (promise) => promise.then(() => 'resolved', (error) => error);

test('a command ends with what was told of it, and with nothing that was told of another', async () => {
  const { gate, sent, answer: tell } = asking();
  const first = gate.ask({ type: 'step' });
  const second = gate.ask({ type: 'pause' });
  assert.deepEqual(sent.map(({ id }) => id), [first.id, second.id]);
  await tell(second.id, { type: 'saved', step: 3 });
  await tell(first.id, { type: 'evaluated', step: 1 });
  assert.equal(answer(await first, 'evaluated').event.step, 1);
  assert.equal(answer(await first, 'saved'), null);
  assert.equal(answer(await second, 'saved').event.step, 3);
});

test('an error of one command ends that command alone', async () => {
  const { gate, fail } = asking();
  const [bad, good] = [gate.ask({ type: 'prune' }), gate.ask({ type: 'step' })];
  await fail(bad.id, 'diverged');
  const error = await caught(bad);
  assert.ok(error instanceof CoreError);
  assert.equal(error.code, 'diverged');
  assert.equal(gate.unsettled, 1);
  assert.equal(await Promise.race([good, tick().then(() => 'open')]), 'open');
});

test('while it is held what is asked waits, in its order; what passes does not', () => {
  const { gate, sent } = asking();
  gate.hold();
  for (const type of ['run', 'pause']) gate.ask({ type });
  gate.ask({ type: 'save' }, { pass: true });
  assert.deepEqual(sent.map(({ command }) => command.type), ['save']);
  gate.open();
  assert.deepEqual(sent.map(({ command }) => command.type), ['save', 'run', 'pause']);
});

test('when the worker dies, what changes something is rejected, and what changes nothing asked once more, first of all', async () => {
  const { gate, sent } = asking();
  const pruned = gate.ask({ type: 'prune' });
  const exported = gate.ask({ type: 'export' });
  gate.hold();
  gate.ask({ type: 'run' });
  gate.lost();
  assert.ok(await caught(pruned) instanceof WorkerDied);
  gate.open();
  assert.deepEqual(sent.slice(2).map(({ id, command }) => [command.type, id]), [['export', exported.id], ['run', 3]]);
  gate.hold();
  gate.lost();
  assert.ok(await caught(exported) instanceof WorkerDied, 'twice is enough');
});

test('a run is told of when it goes to the worker, not when it is asked for', () => {
  const { gate } = asking();
  const told = [];
  gate.hold();
  const { id } = gate.ask({ type: 'configure' }, { sending: (command) => told.push(command) });
  assert.deepEqual(told, []);
  assert.ok(gate.waits(BEGINS));
  gate.open();
  assert.deepEqual(told, [id]);
  assert.ok(!gate.waits(BEGINS));
});

test('once it is closed everything is rejected at once, and nobody who does not wait hears of it', async () => {
  const { gate } = asking();
  const underWay = gate.ask({ type: 'run' });
  gate.hold();
  const waiting = gate.ask({ type: 'step' });
  gate.close(new SessionDead('out-of-memory', 'no room'));
  for (const asked of [underWay, waiting, gate.ask({ type: 'pause' })]) assert.equal((await caught(asked)).code, 'out-of-memory');
  gate.close(new Ended());
  assert.ok(await caught(gate.ask({ type: 'pause' })) instanceof Ended);
  assert.equal(gate.unsettled, 0);
});
