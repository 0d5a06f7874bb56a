// What a person can do on the page, as commands to the worker and events to the store.

import { recipeFromFile } from '../data/recipe-file.js';
import { compatible, methodOf, usualScope, withMethod } from '../model/method.js';
import { withOwnMethod } from '../model/recipes.js';
import { everywhere, nudged, selectionAtStart } from '../model/selection.js';
import { differ, format } from '../model/settings.js';
import { teacherOf } from '../state/teacher.js';
import { Client } from '../worker/client.js';
import { Core } from './core.js';
import { Cancelled } from './errors.js';
import { tooLarge } from './take-home.js';

/** @import {OwnSource} from '../data/own.d.ts' */
/** @import {ExportFormat, Selection} from '../generated/protocol.d.ts' */
/** @import {Settings} from '../model/types.d.ts' */
/** @import {Draft, Kept, SavedPoint} from '../state/types.d.ts' */
/** @import {Autoplay} from '../visit/autoplay.js' */
/** @import {Keeper} from '../visit/keeper.js' */
/** @import {FromWorker} from '../worker/types.d.ts' */

const RUN = new Set(['run']);

export class Session {
  /** @type {Keeper | null} What keeps the state for the next visit, on a page that does. */
  keeper = null;
  /** @type {Autoplay | null} */
  autoplay = null;
  #core;
  /** Whether the scope is another than is usual for what is cut, and so a choice. */
  #scopeChosen;

  /**
   * @param {Settings} settings
   * @param {(settings: Settings) => void} onSettings Told of each change, so that it can be kept in the URL.
   * @param {(onMessage: (message: FromWorker) => void) => Client} [connect]
   */
  constructor(settings, onSettings, connect = (onMessage) => new Client(onMessage)) {
    const fitting = compatible(settings);
    this.#scopeChosen = isChosen(fitting.settings);
    this.#core = new Core(fitting.settings, onSettings, connect);
    if (fitting.notice) this.notify(fitting.notice);
  }

  get store() { return this.#core.store; }
  get state() { return this.#core.state; }

  /** Whether another worker is about to take over from this one, as settings ask. */
  get leaving() { return this.#core.work.life.stage === 'leaving'; }
  /** The selection applied to the scores. */
  get cutOf() { return this.#core.cutOf; }
  /** The files that the running session has read its images from. */
  get files() { return this.#core.runs.files; }
  get comparison() { return this.#core.helpers.comparison; }
  get drafter() { return this.#core.helpers.drafter; }
  /** Layers of a large network for pictures: see its `layer` and `weight`. */
  get detailer() { return this.#core.helpers.detailer; }
  get meter() { return this.#core.helpers.meter; }
  get trial() { return this.#core.helpers.trial; }
  get takeHome() { return this.#core.helpers.takeHome; }
  get own() { return this.#core.supply.own; }
  /** Whether files of this site are on their way. */
  get downloading() { return this.#core.supply.downloading; }

  /** Starts the worker, once. */
  start() {
    this.#core.work.start();
  }

  /**
   * Lets the session's own work wait, as it stands, or go on.
   * @param {boolean} held
   */
  hold(held) {
    this.#core.work.hold(held);
  }

  /** Ends the worker and all rendering. */
  destroy() {
    this.#core.destroy();
  }

  run() {
    return this.#core.ask({ type: 'run' });
  }

  pause() {
    return this.#core.ask({ type: 'pause' });
  }

  toggle() {
    const { gate } = this.#core.work;
    // Pressed again before it has begun: so it shall not.
    if (gate.waits(RUN)) gate.drop(RUN, new Cancelled());
    else if (this.state.activity === 'idle') this.run();
    else this.pause();
  }

  step() {
    return this.#core.ask({ type: 'step' });
  }

  /** Fresh weights from the seed; earlier states stay in the list. */
  reset() {
    const { phase, config } = this.state;
    if (phase === 'dead') this.restart();
    else if (phase === 'ready' && config) this.#core.rest();
    if (phase === 'dead' || (phase === 'loading' && !config)) return undefined;
    return this.#core.runs.begin();
  }

  /** A new worker, which goes on from the last checkpoint where there is one. */
  restart() {
    this.#core.work.restart();
  }

  /** @param {Selection} selection */
  select(selection) {
    /** @type {Selection} */
    const asked = selection.by === 'threshold' ? { by: 'threshold', value: Math.fround(selection.value) } : selection;
    this.#core.dispatch({ type: 'select', selection: asked });
    this.#core.helpers.askOfSlider();
  }

  /**
   * Moves the slider, or by hand the sliders of all layers.
   * @param {number} share Of the units that may be cut, 0 to 1.
   */
  selectShare(share) {
    this.select(everywhere(this.state.selection, share));
  }

  /**
   * Moves the slider, or by hand those of all layers or of one.
   * @param {number} delta
   * @param {number} [layer]
   */
  nudge(delta, layer) {
    const cut = this.cutOf(this.state);
    if (cut && cut.unitsTotal > 0) this.select(nudged(this.state.selection, cut, delta, layer));
  }

  /** Holds the mask that the slider shows. */
  prune() {
    this.#core.rest();
    return this.#core.ask({ type: 'prune', selection: this.state.selection });
  }

  /** Trains on under the masks held, where that is chosen and can be against a teacher. */
  fineTune() {
    const { dataset, settings } = this.state;
    this.#core.rest();
    const steps = settings['fine-tune-steps'] || Math.ceil((dataset?.train ?? 0) / settings.batch);
    const teacher = settings.distil ? teacherOf(this.state) : null;
    if (!teacher) return this.#core.ask({ type: 'fine-tune', steps });
    const { alpha, temperature } = settings;
    return this.#core.ask({ type: 'fine-tune', steps, distil: { alpha, temperature } }, { bulk: { checkpoint: teacher.checkpoint } });
  }

  /** @param {Draft} draft */
  setDraft(draft) {
    this.#core.dispatch({ type: 'draft', draft });
  }

  /**
   * Makes the recipe in a file the one that is set up; what is none is told, and changes nothing.
   * @param {File} file
   */
  async loadRecipe(file) {
    const read = await recipeFromFile(file);
    if ('recipe' in read) this.setDraft({ id: 'file', recipe: read.recipe });
    else this.notify(read.key, read.values);
  }

  /** Starts the recipe that is set up, from its beginning. */
  follow() {
    const { draft, phase, pending, config } = this.state;
    if (!draft.recipe || !config || phase !== 'ready' || pending) return this.#core.refuse();
    this.#core.rest();
    const recipe = withOwnMethod(draft.recipe, methodOf(this.state.settings));
    // The page goes along with the recipe's method, and so does not ask for its own in the middle.
    this.#core.helpers.ranker.expect(recipe.method);
    this.#core.dispatch({ type: 'settings', settings: withMethod(this.state.settings, recipe.method) });
    const asked = this.#core.ask({ type: 'follow', recipe });
    asked.catch(() => this.#core.helpers.giveUpMethod());
    return asked;
  }

  /** Gives up the recipe in hand; what it has made stays. */
  stopRecipe() {
    return this.#core.ask({ type: 'stop' });
  }

  /** Gives up the scoring in hand: the weights are ranked as before, or by their size. */
  stopScoring() {
    const { ranker } = this.#core.helpers;
    const asked = this.#core.ask({ type: 'stop-scoring' });
    if (!ranker.busy) this.change({ criterion: 'magnitude' });
    this.#core.dispatch({ type: 'scoring-over' });
    return asked;
  }

  /** @param {SavedPoint} point */
  goBack(point) {
    if (!this.state.config) return this.#core.refuse();
    this.#core.rest();
    return this.#core.runs.goBack(point);
  }

  /**
   * Goes on with a state of an earlier visit, under the settings that it was made with.
   * @param {Kept} kept
   */
  resume(kept) {
    this.#core.rest();
    const resumed = this.#core.runs.resume(kept);
    // What was measured is a state in the list; what was saved in the midst of training is told of.
    if (!kept.point) resumed.then(() => this.#core.inform('worker-restored', { step: kept.step }), () => {});
    return resumed;
  }

  /**
   * Asks for the network in hand as a file, once training rests.
   * @param {ExportFormat} format
   * @param {boolean} compacted
   * @param {boolean} [fold]
   */
  saveNetwork(format, compacted, fold = false) {
    if (!this.state.config) return this.#core.refuse();
    this.#core.rest();
    return this.takeHome.askNetwork(format, { compacted, fold }, this.state, this.cutOf(this.state));
  }

  /** Asks for the test set as a file. */
  saveTestImages() {
    return this.state.config ? this.takeHome.askTestImages(this.state) : this.#core.refuse();
  }

  /** Goes on with the network rebuilt without its removed filters: an ordinary dense one of fewer filters. */
  rebuildSmaller() {
    if (!this.state.config) return this.#core.refuse();
    this.#core.rest();
    return this.takeHome.rebuild(this.state, this.cutOf(this.state), (file) => this.openNetwork(file));
  }

  /**
   * Opens a network that was saved as a file; one that can't be is told, and changes nothing.
   * @param {File} file
   */
  openNetwork(file) {
    if (this.state.phase === 'dead') return this.#core.refuse('not-now');
    if (tooLarge(file)) return this.#core.refuse('network-too-large', { name: file.name });
    if (this.state.config) this.#core.rest();
    return this.#core.runs.open(file);
  }

  /** @param {number} index */
  chooseExample(index) {
    this.#core.dispatch({ type: 'choose-example', index });
  }

  /** @param {number} id */
  dismiss(id) {
    this.#core.dispatch({ type: 'dismiss', id });
  }

  /**
   * @param {string} key
   * @param {Record<string, string>} [values]
   */
  notify(key, values) {
    this.#core.notify(key, values);
  }

  /** @param {Partial<Settings>} changes */
  change(changes) {
    const before = this.state.settings;
    const { settings, notice } = compatible({ ...before, ...changes }, before, 'scope' in changes || this.#scopeChosen);
    if ('scope' in changes) this.#scopeChosen = isChosen(settings);
    this.#core.dispatch({ type: 'settings', settings });
    if (notice) this.notify(notice);
    const another = differ(before, settings, 'run');
    if (before.backend !== settings.backend) this.#core.changeBackend(another);
    else if (another) this.#core.beginOther();
    this.#core.helpers.agree();
    this.#core.agreeOnPlan();
    if (format(before.sparsity) !== format(settings.sparsity)) this.select(selectionAtStart(settings, this.state.layers));
    // By hand or not, the sliders may stand elsewhere now.
    else this.#core.helpers.askOfSlider();
  }

  /** @param {File[]} files */
  loadFiles(files) {
    this.#core.supply.loadFiles(files);
  }

  /** @param {OwnSource | Promise<OwnSource>} source */
  loadOwn(source) {
    return this.#core.supply.loadOwn(source);
  }

  /** Downloads the awaited files from this site. */
  loadOffer() {
    return this.#core.supply.loadOffer();
  }

  /** Gives the download up. */
  cancelOffer() {
    this.#core.supply.cancelDownload();
  }
}

/** @param {Settings} settings */
function isChosen({ scope, granularity }) {
  return scope !== usualScope(granularity);
}
