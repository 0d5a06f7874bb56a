import assert from 'node:assert/strict';
import { test } from 'node:test';
import { removedBy } from '../model/filters.js';
import { methodOf } from '../model/method.js';
import { defaults, runConfig } from '../model/settings.js';
import { answers, baseline, createCutSelector, curveIsStale, earlierCurves, isMeasured, isScoring, likeliest, outcome, shownCurve } from './derive.js';
import { initialState, reduce } from './store.js';

const LAYERS = [
  { name: 'conv1', shape: [1, 1, 2, 2], weights: 4, macs: 4 },
  { name: 'fc', shape: [2, 3], weights: 6, macs: 6 },
];
const metrics = (accuracy, loss = 1, samples = 100) => ({ loss, accuracy, samples });

/** Plays messages of one run, as the core sends them. */
function play(state, runId, ...entries) {
  return entries.reduce((now, [event, bulk = {}, revision = 0]) => reduce(now, { type: 'message', message: { runId, revision, command: runId, event, bulk } }), state);
}

const configured = (changes = {}) => [{
  type: 'configured', config: { ...runConfig(defaults()), ...changes }, network: { text: '', nodes: [], layers: LAYERS, parameters: 12, groups: 1, statistics: false },
  dataset: { id: 'digits', classes: ['0', '1'], channels: 1, height: 2, width: 2, train: 64, test: 100 },
}];
const METHOD = methodOf(defaults());
const scored = (kept = [4, 6], revision = 0, method = METHOD) => {
  const cut = 10 - kept.reduce((a, b) => a + b);
  const sorted = Float32Array.from({ length: 10 }, (_, i) => (i < cut ? 0 : (i + 1) / 10));
  const masks = Uint8Array.from({ length: 10 }, (_, i) => (i < cut ? 0 : 1));
  const cutAt = Uint32Array.from(masks, (keeps) => (keeps === 1 ? 0xffffffff : 0));
  const ranks = Uint32Array.from({ length: 10 }, (_, i) => i);
  const groups = [{ units: 10, held: cut }];
  return [{ type: 'scored', step: 0, kept, method, groups }, { weights: new Float32Array(10).fill(0.5), ranks, sorted, masks, cutAt }, revision];
};
const evaluated = (step, accuracy, revision = 0, pruned = 0) => [{ type: 'evaluated', step, epoch: step / 2, pruned, train: metrics(accuracy), test: metrics(accuracy) }, {}, revision];
const point = (kind, step, sparsity, accuracy) => [{ type: 'point', id: step, kind, step, sparsity, threshold: 0, method: METHOD, kept: [4, 6], total: 10, test: metrics(accuracy) }, { checkpoint: Uint8Array.of(step) }];

const begin = (state, runId, kind = 'fresh', from = null) => reduce(state, { type: 'begin', pending: { command: runId, kind, point: from, files: [] } });

/** A session at rest on an untrained network. */
function rested() {
  return play(begin(initialState(defaults()), 1), 1, configured(), scored(), evaluated(0, 0.1), point('dense', 0, 0, 0.1));
}

test('messages of a run that is over change nothing', () => {
  const state = begin(rested(), 2);
  const after = play(state, 2, configured());
  assert.equal(play(after, 1, evaluated(9, 0.9)), after);
  assert.equal(play(after, 3, evaluated(9, 0.9)), after);
});

test('until a new run has begun, the one before goes on', () => {
  const state = play(begin(rested(), 2), 1, [{ type: 'trained', step: 5, epoch: 1, loss: 2, imagesPerSecond: 10 }]);
  assert.equal(state.training.step, 5);
});

test('the network before a change of widths alone is kept to teach the one after it', () => {
  const trained = play(rested(), 1, point('dense', 80, 0, 0.9), point('dense', 90, 0, 0.8));
  const narrower = play(begin(trained, 2), 2, configured({ widths: [4, 4] }));
  assert.deepEqual(narrower.points, []);
  assert.deepEqual(narrower.teacher, { checkpoint: Uint8Array.of(80), network: 'two-conv', widths: trained.config.widths, step: 80, accuracy: 0.9 });
  assert.equal(play(begin(narrower, 3), 3, configured({ widths: [4, 4] })).teacher, narrower.teacher);
  assert.equal(play(begin(narrower, 3), 3, configured({ widths: [4, 4], dataset: 'shapes' })).teacher, null);
});

test('states made on other images of a data set from files are let go, and those on the same are kept', () => {
  const own = (digest) => {
    const [event] = configured({ dataset: 'own' });
    return [{ ...event, dataset: { ...event.dataset, id: 'own', digest } }];
  };
  const first = play(begin(initialState(defaults()), 1), 1, own(7), scored(), point('dense', 9, 0, 0.5));
  assert.equal(play(begin(first, 2), 2, own(7)).points.length, 1);
  const other = play(begin(first, 2), 2, own(8));
  assert.deepEqual([other.points, other.teacher], [[], null]);
});

test('a run that can not begin leaves the session, its states and its settings as they were', () => {
  const before = rested();
  const asked = begin(reduce(before, { type: 'settings', settings: { ...defaults(), dataset: 'cifar-10' } }), 2);
  const named = { ...asked, awaited: [{ ...asked.pending, files: ['holiday.jpg'] }] };
  const after = play(named, 2, [{ type: 'error', code: 'bad-data', message: 'no.' }]);
  assert.deepEqual(after.settings, before.settings);
  assert.equal(after.pending, null);
  assert.equal(after.points, before.points);
  assert.equal(after.notices.at(-1).key, 'error-bad-data');
  assert.equal(after.notices.at(-1).values.files, 'holiday.jpg');
  assert.equal(play(after, 1, evaluated(3, 0.4)).evaluated.test.accuracy, 0.4);
});

test('a reset keeps earlier states; another network lets them go', () => {
  const again = play(begin(rested(), 2), 2, configured({ seed: 9 }), scored(), evaluated(0, 0.2), point('dense', 0, 0, 0.2));
  assert.equal(again.points.length, 2);
  assert.equal(again.settings.seed, 9);
  const wider = play(begin(again, 3), 3, configured({ widths: [16, 32] }));
  assert.deepEqual(wider.points, []);
  assert.equal(wider.checkpoint, null);
});

test('a setting in single precision comes back as it was written', () => {
  const state = play(begin(initialState(defaults()), 1), 1, configured({ noise: Math.fround(0.3) }));
  assert.equal(state.settings.noise, 0.3);
});

test('going back stands on the same state again and forgets what came after it', () => {
  let state = play(rested(), 1, [{ type: 'trained', step: 8, epoch: 4, loss: 1, imagesPerSecond: 9 }], evaluated(8, 0.8), point('dense', 8, 0, 0.8));
  const [first] = state.points;
  state = play(begin(state, 2, 'back', first), 2, configured(), scored(), evaluated(0, 0.1), point('dense', 0, 0, 0.1));
  assert.equal(state.points.length, 2);
  assert.equal(state.currentPoint, first.id);
  assert.deepEqual(state.history.step, [0]);
  assert.equal(state.training.step, 0);
});

test('the slider stays where it is when a state is restored after an accident, and goes to the state that a person goes back to', () => {
  const state = { ...rested(), selection: { by: 'fraction', value: 0.6 } };
  const [point] = state.points;
  assert.deepEqual(play(begin(state, 2, 'recovery', point), 2, configured(), scored()).selection, state.selection);
  assert.deepEqual(begin(state, 2, 'back', point).selection, { by: 'fraction', value: 0 });
});

test('a state measured again over more images keeps its checkpoint and becomes the figure shown', () => {
  const again = { type: 'point', id: 0, kind: 'dense', step: 0, sparsity: 0, threshold: 0, method: METHOD, kept: [4, 6], total: 10, test: metrics(0.11, 1, 900) };
  const state = play(rested(), 1, [again]);
  assert.equal(state.points.length, 1);
  assert.equal(state.points[0].test.samples, 900);
  assert.deepEqual(state.points[0].checkpoint, rested().points[0].checkpoint);
  assert.equal(outcome(state, createCutSelector()(state)).test.accuracy, 0.11);
  assert.equal(state.dense.accuracy, 0.11);
});

test('a second answer to a preview keeps the examples and the time of the first', () => {
  const selection = { by: 'fraction', value: 0.5 };
  const answer = (samples, ms) => ({ type: 'previewed', selection, pruned: 5, sparsity: 0.5, threshold: 1, test: metrics(0.4, 1, samples), ms });
  const first = play(rested(), 1, [answer(30, 7), { probabilities: new Float32Array(4) }], [answer(60, 0)], [answer(100, 0)]);
  assert.deepEqual([first.preview.ms, first.preview.test.samples, first.preview.probabilities.length], [7, 100, 4]);
  assert.equal(first.preview.refined, true);
  // Another place of the slider begins anew.
  const next = play(first, 1, [{ ...answer(30, 8), pruned: 6 }, { probabilities: new Float32Array(4) }]);
  assert.deepEqual([next.preview.ms, next.preview.refined], [8, false]);
});

test('training leaves the state that was gone back to', () => {
  assert.notEqual(rested().currentPoint, null);
  assert.equal(play(rested(), 1, [{ type: 'trained', step: 1, epoch: 0.1, loss: 2, imagesPerSecond: 9 }]).currentPoint, null);
});

test('kept weights by layer add up to the global count under every selection', () => {
  const select = createCutSelector();
  for (let value = 0; value <= 1; value += 0.05) {
    const cut = select(reduce(rested(), { type: 'select', selection: { by: 'fraction', value } }));
    assert.equal(cut.kept.reduce((a, b) => a + b), cut.total - cut.pruned);
  }
});

test('with nothing more to cut, the accuracy is the evaluated one and not a preview', () => {
  const select = createCutSelector();
  let state = reduce(rested(), { type: 'select', selection: { by: 'fraction', value: 0.9 } });
  state = play(state, 1, [{ type: 'previewed', selection: state.selection, pruned: 9, sparsity: 0.9, threshold: 1, test: metrics(0.05), ms: 3 }]);
  assert.equal(outcome(state, select(state)).test.accuracy, 0.05);
  state = reduce(state, { type: 'select', selection: { by: 'fraction', value: 0 } });
  const back = outcome(state, select(state));
  assert.deepEqual([back.test.accuracy, back.pruned, back.pending], [0.1, 0, false]);
});

test('a preview of another place of the slider or of older weights is shown as awaited', () => {
  const select = createCutSelector();
  let state = reduce(rested(), { type: 'select', selection: { by: 'fraction', value: 0.5 } });
  assert.equal(outcome(state, select(state)).pending, true);
  state = play(state, 1, [{ type: 'previewed', selection: { by: 'fraction', value: 0.5 }, pruned: 5, sparsity: 0.5, threshold: 1, test: metrics(0.4), ms: 3 }]);
  assert.equal(outcome(state, select(state)).pending, false);
  assert.equal(answers(play(state, 1, scored([4, 6], 7))), false);
  assert.equal(answers(reduce(state, { type: 'select', selection: { by: 'fraction', value: 0.6 } })), false);
});

test('another method changes neither the run nor the state stood on, and its cut is measured anew', () => {
  const half = { type: 'select', selection: { by: 'fraction', value: 0.5 } };
  const previewed = { type: 'previewed', selection: half.selection, units: 5, pruned: 5, sparsity: 0.5, threshold: 1, test: metrics(0.4), ms: 3 };
  const before = play(reduce(rested(), half), 1, [previewed]);
  const chosen = reduce(before, { type: 'settings', settings: { ...defaults(), criterion: 'random' } });
  assert.equal(isScoring(chosen), true);
  const select = createCutSelector();
  assert.equal(outcome(chosen, select(chosen)).pending, true);
  const after = play(chosen, 1, scored([4, 6], 1, { ...METHOD, criterion: 'random' }));
  assert.equal(isScoring(after), false);
  assert.deepEqual([after.runId, after.currentPoint, after.points, after.selection], [before.runId, before.currentPoint, before.points, half.selection]);
  assert.equal(answers(after), false);
  assert.equal(play(after, 1, [previewed, {}, 1]).preview.test.accuracy, 0.4);
});

test('a method that can not be had leaves the one before', () => {
  const chosen = reduce(rested(), { type: 'settings', settings: { ...defaults(), criterion: 'grasp', scope: 'layer' } });
  const after = reduce(chosen, { type: 'method-lost' });
  assert.deepEqual([after.settings.criterion, after.settings.scope], ['magnitude', 'global']);
  assert.equal(isScoring(after), false);
});

test('choosing to cut by hand keeps what is cut, layer by layer, and asks the core for nothing', () => {
  const half = reduce(rested(), { type: 'select', selection: { by: 'fraction', value: 0.5 } });
  const byHand = reduce(half, { type: 'settings', settings: { ...defaults(), scope: 'hand' } });
  assert.deepEqual(byHand.selection, { by: 'layers', value: [1, 1 / 6] });
  assert.equal(isScoring(byHand), false);
  assert.deepEqual(createCutSelector()(byHand).kept, [0, 5]);
  const together = reduce(byHand, { type: 'settings', settings: defaults() });
  assert.deepEqual(together.selection, { by: 'fraction', value: 0.5 });
});

test('the curve of another method is another curve', () => {
  const curve = (sparsity) => [{ type: 'curve', step: 0, sparsity, test: metrics(1 - sparsity), remaining: 0 }];
  const state = play(rested(), 1, curve(0.5));
  const after = play(state, 1, scored([4, 6], 0, { ...METHOD, criterion: 'random' }));
  assert.deepEqual([curveIsStale(state), curveIsStale(after)], [false, true]);
  assert.equal(play(after, 1, curve(0.7)).curve.points.length, 1);
});

test('the curve belongs to one revision; the one before stays until the new one is whole', () => {
  const measured = (sparsity, remaining, revision) => [{ type: 'curve', step: revision, sparsity, test: metrics(1 - sparsity), remaining }, {}, revision];
  let state = play(rested(), 1, measured(1, 1, 0), measured(0, 0, 0));
  assert.deepEqual(state.curve.points.map(({ sparsity }) => sparsity), [0, 1]);
  assert.equal(curveIsStale(state), false);
  state = play(state, 1, evaluated(1, 0.3, 1));
  assert.equal(curveIsStale(state), true);
  state = play(state, 1, measured(0.5, 1, 1));
  assert.deepEqual([state.curve.points.length, state.curve.before.length], [1, 2]);
  state = play(state, 1, measured(0, 0, 1));
  assert.deepEqual([state.curve.points.length, state.curve.before.length], [2, 0]);
});

test('accuracies are compared only when measured on the same number of images', () => {
  const state = rested();
  const same = { test: metrics(0.05), pruned: 5, pending: false, ms: null, refined: false, probabilities: null };
  assert.equal(baseline(state, same), 0.1);
  assert.equal(baseline(state, { ...same, test: metrics(0.05, 1, 60) }), null);
});

test('a long history is thinned and keeps its ends and its accuracies', () => {
  let state = rested();
  for (let step = 1; step <= 5000; step += 1) {
    state = play(state, 1, [{ type: 'trained', step, epoch: step, loss: 1 / step, imagesPerSecond: 9 }]);
    if (step % 1000 === 0) state = play(state, 1, evaluated(step, step / 1e4));
  }
  const { step, loss, accuracy } = state.history;
  assert.ok(step.length <= 1200 && step.length === loss.length && step.length === accuracy.length);
  assert.equal(step.at(-1), 5000);
  assert.equal(accuracy.filter((share) => share !== null).length, 6);
  assert.ok(step.every((value, i) => i === 0 || value > step[i - 1]));
});

test('the accuracies before and after a cut at one step are both kept', () => {
  const state = play(rested(), 1, evaluated(0, 0.9), evaluated(0, 0.4), evaluated(0, 0.4));
  assert.deepEqual(state.history.accuracy, [0.1, 0.9, 0.4]);
});

test('the likeliest classes of an image come first, of equals the first', () => {
  assert.deepEqual(likeliest(Float32Array.of(0.125, 0.25, 0.5, 0.125), 3).map(({ index, probability }) => [index, probability]), [[2, 0.5], [1, 0.25], [0, 0.125]]);
  assert.equal(likeliest(Float32Array.of(0.5, 0.5), 3).length, 2);
});

test('the steps at which weights were cut come with their ranking', () => {
  const state = play(rested(), 1, scored([4, 4], 1));
  assert.deepEqual(Array.from(state.scores.cutAt), [0, 0, ...Array(8).fill(0xffffffff)]);
});

test('of a large network there are tables in place of arrays, and what is cut of it is known all the same', () => {
  const event = { ...scored([3, 5], 1)[0], groups: [{ units: 10, held: 2 }], tables: { layers: [{ units: 4, held: 1 }, { units: 6, held: 1 }], removed: 1, cutSteps: [7] } };
  const bulk = { knots: Uint32Array.of(2, 6, 10), sorted: Float32Array.of(0.1, 0.3, 0.5), keptAt: Uint32Array.of(3, 1, 0, 5, 3, 0) };
  const state = play(rested(), 1, [event, bulk, 1]);
  const { scores, layers } = state;
  assert.deepEqual([scores.alreadyCut, scores.weights.length, scores.masks.length, scores.tables.cutSteps], [2, 0, 0, [7]]);
  assert.equal(removedBy(scores, layers), 1);
  const now = createCutSelector()({ ...state, selection: { by: 'fraction', value: 0.6 } });
  assert.deepEqual([now.kept, now.pruned, now.total, now.threshold], [[1, 3], 6, 10, Math.fround(0.3)]);
});

test('an error of another command leaves the run that was asked for, and one that was given up is not told', () => {
  const asked = begin(reduce(rested(), { type: 'settings', settings: { ...defaults(), seed: 5 } }), 2);
  const diverged = play(asked, 1, [{ type: 'error', code: 'diverged', message: 'NaN' }]);
  assert.equal(diverged.pending, asked.pending);
  assert.equal(diverged.settings.seed, 5);
  assert.equal(diverged.notices.at(-1).key, 'error-diverged');
  assert.deepEqual(play(rested(), 7, [{ type: 'error', code: 'cancelled', message: 'given up' }]).notices, []);
});

test('what is told of an earlier look at the network does not bring that back', () => {
  const training = play(rested(), 1, [{ type: 'state', activity: 'training' }], [{ type: 'trained', step: 9, epoch: 1, loss: 1, imagesPerSecond: 9 }, {}, 9]);
  const looked = play(training, 1, scored([4, 6], 5), [{ type: 'curve', step: 5, sparsity: 0, test: metrics(0.5), remaining: 0 }, {}, 5]);
  assert.equal(looked.revision, 9);
  assert.equal(looked.scores.revision, 5);
});

test('whether anything is cut is known before the weights are ranked anew', () => {
  const cut = play(rested(), 1, evaluated(0, 0.3, 1, 2), [{ type: 'examples', count: 1, labels: [0], pruned: 2 }, { images: new Uint8Array(4), probabilities: Float32Array.of(0.5, 0.5) }, 1]);
  assert.deepEqual([cut.held, cut.dense.accuracy, cut.denseProbabilities], [2, 0.1, null]);
  assert.equal(cut.scores.alreadyCut, 0);
});

const TRAINING = [{ type: 'state', activity: 'training' }];
const trainedTo = (step) => [{ type: 'trained', step, epoch: 1, loss: 1, imagesPerSecond: 9 }, {}, step];
/** A look at the network as it was at a step, and its curve. */
const look = (revision) => [scored([4, 6], revision), ...[[0, 1], [1, 0]].map(([sparsity, remaining]) => [{ type: 'curve', step: revision, sparsity, test: metrics(revision / 100), remaining }, {}, revision])];

test('while the network trains the last whole curve is shown until the next is whole, and the last six fade behind it', () => {
  let state = play(rested(), 1, ...look(0), TRAINING);
  for (let step = 1; step <= 9; step += 1) {
    const [ranking, first, last] = look(step);
    state = play(state, 1, trainedTo(step), ranking, first);
    assert.equal(shownCurve(state).step, step - 1);
    assert.equal(curveIsStale(state), false);
    state = play(state, 1, last);
    assert.equal(shownCurve(state).step, step);
  }
  assert.deepEqual(state.trail.map(({ step }) => step), [4, 5, 6, 7, 8, 9]);
  assert.deepEqual(earlierCurves(state).map(({ step }) => step), [4, 5, 6, 7, 8]);
  const resting = play(state, 1, trainedTo(11), [{ type: 'state', activity: 'idle' }, {}, 11]);
  assert.equal(curveIsStale(resting), true);
  assert.deepEqual(play(begin(state, 2), 2, configured()).trail, []);
});

test('an accuracy that is older than the last look but one is shown as awaited', () => {
  let state = play(rested(), 1, TRAINING, trainedTo(1), evaluated(1, 0.3, 1));
  assert.equal(isMeasured(state), true);
  state = play(state, 1, trainedTo(5), scored([4, 6], 5));
  assert.equal(isMeasured(state), true);
  state = play(state, 1, trainedTo(9), scored([4, 6], 9));
  assert.equal(isMeasured(state), false);
  assert.equal(isMeasured(play(state, 1, evaluated(9, 0.4, 9))), true);
  // At rest only what is of the network in hand counts.
  const resting = play(state, 1, evaluated(9, 0.4, 9), trainedTo(10), [{ type: 'state', activity: 'idle' }, {}, 10]);
  assert.equal(isMeasured(resting), false);
  assert.equal(outcome(resting, createCutSelector()(resting)).pending, true);
});

test('a preview from before the last look is asked for anew', () => {
  const half = { by: 'fraction', value: 0.5 };
  let state = play(reduce(rested(), { type: 'select', selection: half }), 1, [{ type: 'previewed', selection: half, pruned: 5, sparsity: 0.5, threshold: 1, test: metrics(0.4), ms: 3 }]);
  assert.equal(answers(state), true);
  state = play(state, 1, TRAINING, trainedTo(4), evaluated(4, 0.5, 4));
  assert.equal(answers(state), false);
});

test('a scoring that takes longer tells how far it has come, until it has ended', () => {
  const scoring = [{ type: 'scoring', done: 2, total: 9 }];
  const state = play(rested(), 1, scoring);
  assert.deepEqual(state.scoring, { command: 1, done: 2, total: 9 });
  assert.equal(play(state, 1, scored()).scoring, null);
  assert.equal(play(state, 1, [{ type: 'error', code: 'cancelled', message: '' }]).scoring, null);
  assert.notEqual(play(state, 3, [{ type: 'error', code: 'diverged', message: '' }]).scoring, null);
});

test('states are let go of by the bytes that they hold, too, dense ones first and never the newest', () => {
  let state = rested();
  const part = new Blob([new Uint8Array(10 * 1024 * 1024)]);
  const large = (kind, step) => {
    const [event] = point(kind, step, step / 100, 0.5);
    return [event, { checkpoint: new Blob(Array(17).fill(part)) }];
  };
  for (const [kind, step] of [['dense', 1], ['pruned', 2], ['dense', 3], ['pruned', 4], ['dense', 5]]) state = play(state, 1, large(kind, step));
  assert.deepEqual(state.points.map(({ step }) => step), [2, 4, 5]);
});

test('going back makes that state the one to recover', () => {
  const trained = play(rested(), 1, trainedTo(8), evaluated(8, 0.8), point('dense', 8, 0, 0.8));
  const [first] = trained.points;
  const back = play(begin(trained, 2, 'back', first), 2, configured());
  assert.deepEqual(back.checkpoint, { bytes: first.checkpoint, step: 0 });
});

test('a session that has moved to another worker knows what it knew', () => {
  const state = play(rested(), 1, trainedTo(7), evaluated(7, 0.7, 7));
  const moved = reduce(state, { type: 'moved', runId: 4, backend: state.backend, revision: 1 });
  assert.deepEqual([moved.revision, isMeasured(moved), moved.evaluated.test.accuracy], [1, true, 0.7]);
  const on = play(moved, 4, [{ type: 'state', activity: 'training' }, {}, 1], trainedTo(2));
  assert.equal(on.revision, 2);
});
