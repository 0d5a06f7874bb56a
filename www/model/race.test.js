import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csv } from './csv.js';
import { raceCsv } from './race-csv.js';
import { NO_RACE } from './no-race.js';
import { RACE_GRID, baseOf, methodFor, planRace, reduceRace, summarise, timeLeft } from './race.js';
import { defaults } from './settings.js';

const METHOD = { criterion: 'magnitude', scope: 'global', granularity: 'weight', scoreBatch: 256, spareClassifier: false, neverEmpty: false };
const OPTIONS = { config: { seed: 7, method: METHOD }, criteria: ['magnitude', 'random'], seeds: 2, steps: 100, tuneSteps: 0 };

const row = (criterion, seed, requested, accuracy, tuned = 0) => ({
  method: methodFor(criterion, METHOD), seed, requested, sparsity: requested, test: { accuracy, loss: 1, samples: 100 }, tuned,
});

test('all methods of a seed come before the next seed, each ranked once before it is measured over the whole grid', () => {
  const tasks = planRace(OPTIONS);
  assert.deepEqual(tasks.filter(({ do: what }) => what !== 'preview').map((task) => [task.do, task.seed, task.method?.criterion]), [
    ['train', 7, undefined], ['rank', 7, 'magnitude'], ['rank', 7, 'random'],
    ['train', 8, undefined], ['rank', 8, 'magnitude'], ['rank', 8, 'random'],
  ]);
  assert.deepEqual(tasks.slice(2, 2 + RACE_GRID.length).map(({ requested }) => requested), [...RACE_GRID]);
  assert.equal(tasks.length, 2 * (1 + 2 * (1 + RACE_GRID.length)));
  const tuned = planRace({ ...OPTIONS, tuneSteps: 50 });
  assert.equal(tuned.filter(({ do: what }) => what === 'tune').length, 2 * 2 * RACE_GRID.length);
});

test('the seed after the largest is 0', () => {
  const seeds = planRace({ ...OPTIONS, config: { ...OPTIONS.config, seed: 4294967295 } }).filter(({ do: what }) => what === 'train');
  assert.deepEqual(seeds.map(({ seed }) => seed), [4294967295, 0]);
});

test('a score of filters always cuts filters, layer by layer, another one as asked', () => {
  for (const criterion of ['filter-l1', 'filter-l2', 'fpgm', 'activation']) assert.equal(methodFor(criterion, METHOD).granularity, 'filter');
  assert.equal(methodFor('taylor', METHOD).granularity, 'weight');
  assert.equal(methodFor('taylor', { ...METHOD, granularity: 'filter' }).granularity, 'filter');
  assert.equal(methodFor('taylor', { ...METHOD, granularity: '2:4' }).granularity, '2:4');
  assert.equal(methodFor('fpgm', METHOD).scope, 'layer');
  assert.equal(methodFor('taylor', METHOD).scope, 'global');
  const filters = { ...METHOD, granularity: 'filter', normalise: true };
  assert.deepEqual(methodFor('fpgm', filters), { ...filters, criterion: 'fpgm' });
});

test('a race of what the page does not cut compares the scores that are usual for it, else those that the page compares', () => {
  const weights = defaults();
  const filters = { ...weights, granularity: 'filter', normalise: true };
  assert.deepEqual(['weight', '2:4', 'filter'].map((granularity) => baseOf(weights, granularity).scope), ['global', 'global', 'layer']);
  assert.deepEqual(baseOf({ ...filters, scope: 'layer' }, 'weight'), METHOD);
  assert.deepEqual(baseOf(filters, 'filter'), { ...METHOD, granularity: 'filter', normalise: true });
  assert.equal(baseOf({ ...weights, scope: 'layer' }, 'weight').scope, 'layer');
});

test('a summary is the mean, the least and the most over the seeds, apart for before and after fine-tuning', () => {
  const rows = [row('random', 1, 0.5, 0.4), row('magnitude', 1, 0.9, 0.5), row('magnitude', 1, 0.5, 0.9), row('magnitude', 2, 0.5, 0.7), row('magnitude', 2, 0.5, 0.95, 100)];
  const summaries = summarise(rows, false);
  assert.deepEqual(summaries.map(({ criterion, requested }) => [criterion, requested]), [['random', 0.5], ['magnitude', 0.5], ['magnitude', 0.9]]);
  const { mean, min, max, seeds } = summaries[1];
  assert.ok(Math.abs(mean - 0.8) < 1e-12);
  assert.deepEqual([min, max, seeds], [0.7, 0.9, 2]);
  assert.deepEqual(summarise(rows, true).map(({ criterion, mean: after }) => [criterion, after]), [['magnitude', 0.95]]);
  assert.deepEqual(summarise([], false), []);
});

test('a cancelled race keeps what was measured', () => {
  let race = reduceRace(NO_RACE, { type: 'begin', options: OPTIONS });
  race = reduceRace(race, { type: 'trained', seed: 7, test: { accuracy: 0.9, loss: 1, samples: 100 }, ms: 10 });
  race = reduceRace(race, { type: 'ranked', ms: 1 });
  race = reduceRace(race, { type: 'measured', row: row('magnitude', 7, 0, 0.9), ms: 2 });
  const { rows } = race;
  race = reduceRace(race, { type: 'ended', stage: 'cancelled' });
  assert.deepEqual([race.stage, race.done, race.rows, race.dense.length], ['cancelled', 3, rows, 1]);
});

test('a method that can not be measured is told and passed over, and the count still reaches the end', () => {
  let race = reduceRace(NO_RACE, { type: 'begin', options: OPTIONS });
  race = reduceRace(race, { type: 'trained', seed: 7, test: { accuracy: 0.9, loss: 1, samples: 100 }, ms: 10 });
  race = reduceRace(race, { type: 'skipped', criterion: 'magnitude', seed: 7, message: 'not finite', tasks: 1 + RACE_GRID.length });
  assert.equal(race.tasks[race.done].method.criterion, 'random');
  assert.deepEqual(race.failures, [{ criterion: 'magnitude', seed: 7, message: 'not finite' }]);
});

test('the time left follows from the pace of each kind of work, and is not told before there is one', () => {
  let race = reduceRace(NO_RACE, { type: 'begin', options: { ...OPTIONS, seeds: 1, criteria: ['magnitude'], tuneSteps: 50 } });
  race = reduceRace(race, { type: 'trained', seed: 7, test: { accuracy: 0.9, loss: 1, samples: 100 }, ms: 1000 });
  assert.equal(timeLeft(race), null);
  race = reduceRace(race, { type: 'ranked', ms: 4 });
  race = reduceRace(race, { type: 'measured', row: row('magnitude', 7, 0, 0.9), ms: 2 });
  // 11 previews of 2 ms, 12 fine-tunings of 50 steps at 10 ms.
  assert.equal(timeLeft(race), 11 * 2 + 12 * 500);
});

test('a line of the CSV holds one measurement, and what would break a line is quoted', () => {
  const [names, line, after, end] = raceCsv([row('magnitude', 7, 0.5, 0.9), row('magnitude', 7, 0.5, 0.95, 100)]).split('\r\n');
  assert.equal(names, 'criterion,granularity,scope,seed,sparsity_requested,sparsity,accuracy,loss,samples,fine_tune_steps');
  assert.equal(line, 'magnitude,weight,global,7,0.5,0.5,0.9,1,100,0');
  assert.equal(after, 'magnitude,weight,global,7,0.5,0.5,0.95,1,100,100');
  assert.equal(end, '');
  const ranked = { ...row('fpgm', 7, 0.5, 0.9), method: { ...METHOD, granularity: 'filter', normalise: true } };
  assert.match(raceCsv([ranked]), /magnitude,filter,global-normalised,7,/u);
  assert.equal(csv([['2:4', 'a,b', 'say "x"', 'two\nlines']]), '2:4,"a,b","say ""x""","two\nlines"\r\n');
});
