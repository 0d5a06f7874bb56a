// What a person can do on the page, as commands to the worker and events to the store.

import { bytesOf, download, findOffer } from '../data/files.js';
import { OwnProblem } from '../data/own-paths.js';
import { recipeFromFile } from '../data/recipe-file.js';
import { compatible, methodOf, sameMethod, withMethod } from '../model/method.js';
import { planOf } from '../model/parallel.js';
import { withOwnMethod } from '../model/recipes.js';
import { everywhere, nudged, selectionAtStart } from '../model/selection.js';
import { datasetOfFiles, defaults, differ, format, needsFiles, runConfig } from '../model/settings.js';
import { createCutSelector, isScoring } from '../state/derive.js';
import { Store, initialState } from '../state/store.js';
import { teacherOf } from '../state/teacher.js';
import { reasonForCpu } from '../worker/backend.js';
import { Client } from '../worker/client.js';
import { missingFeatures } from '../worker/support.js';
import { Comparison } from './comparison.js';
import { Meter } from './meter.js';
import { OwnImport } from './own-import.js';
import { Previewer } from './previewer.js';
import { TakeHome, noticeOf, tooLarge } from './take-home.js';
import { Takeover } from './takeover.js';
import { Trial } from './trial.js';

/** @import {OwnSource} from '../data/own.d.ts' */
/** @import {DatasetId, ExportFormat, Message, Method, Selection} from '../generated/protocol.d.ts' */
/** @import {Settings} from '../model/types.d.ts' */
/** @import {Draft, Kept, PageEvent, Pending, SavedPoint, Trouble} from '../state/types.d.ts' */
/** @import {Autoplay} from '../visit/autoplay.js' */
/** @import {Keeper} from '../visit/keeper.js' */
/** @import {FromWorker} from '../worker/types.d.ts' */

/** More deaths than this within a minute, and the page stops starting workers by itself. */
const DEATHS_IN_A_MINUTE = 3;

export class Session {
  /** @type {Store} */
  store;
  cutOf = createCutSelector();
  comparison = new Comparison(() => this.store.invalidate());
  own = new OwnImport(() => this.store.invalidate());
  meter = new Meter((command) => this.#send(command), () => this.store.invalidate());
  trial = new Trial(
    (command, bulk) => this.#send(command, { bulk }),
    () => this.store.invalidate(),
    (name) => this.notify('own-not-picture', { name }),
  );
  takeHome = new TakeHome((command) => this.#client.send(command));
  /** @type {Keeper | null} What keeps the state for the next visit, on a page that does. */
  keeper = null;
  /** @type {Autoplay | null} */
  autoplay = null;
  #started = false;
  #client = this.#connect();
  #lastRunId = 0;
  #previewer = new Previewer((command) => this.#send(command));
  /** @type {{dataset: DatasetId, files: File[]} | null} Files that the running session has read. */
  #files = null;
  /** @type {{dataset: DatasetId, files: File[], runId: number} | null} Files on trial. */
  #filesTried = null;
  /** @type {Method | null} The method that was asked for and has not ranked yet. */
  #methodAsked = null;
  #recovering = false;
  /** How the worker was last told to spread its training. */
  #planTold = '';
  #changingBackend = false;
  /** @type {number[]} */
  #deaths = [];
  #held = false;
  /** @type {Parameters<Client['send']>[] | null} What was asked of the core while its session is frozen; null where it is not. */
  #waiting = null;
  #takeover;
  /** @type {(settings: Settings) => void} */
  #onSettings;

  /**
   * @param {Settings} settings
   * @param {(settings: Settings) => void} onSettings Told of each change, so that it can be kept in the URL.
   * @param {{takeover?: 'auto' | 'force'}} [options] `force` is for tests: any WebGPU adapter takes over, also a slower one.
   */
  constructor(settings, onSettings, { takeover = 'auto' } = {}) {
    this.#takeover = this.#createTakeover(takeover === 'force');
    const fitting = compatible(settings);
    this.store = new Store(initialState(fitting.settings));
    this.#onSettings = onSettings;
    if (fitting.notice) this.notify(fitting.notice);
  }

  get state() {
    return this.store.state;
  }

  /** The files that the running session has read its images from. */
  get files() {
    return this.#files?.dataset === this.state.config?.dataset ? this.#files?.files ?? [] : [];
  }

  /** Starts the worker, once. */
  start() {
    if (this.#started) return;
    this.#started = true;
    const missing = missingFeatures();
    if (missing.length > 0) this.#dispatch({ type: 'trouble', trouble: { kind: 'unsupported', values: { missing: missing.join(', ') } } });
    else this.#client.start(this.state.settings.backend);
  }

  /**
   * Lets the session's own work wait, as it stands, or go on.
   * @param {boolean} held
   */
  hold(held) {
    this.#held = held;
    if (!this.#waiting) this.#client.hold(held);
  }

  /** Ends the worker and all rendering. */
  destroy() {
    this.#takeover.cancel();
    this.#client.terminate();
    this.comparison.cancel();
    this.own.cancel();
    this.store.subscribe(null);
  }

  run() {
    this.#send({ type: 'run' });
  }

  pause() {
    this.#send({ type: 'pause' });
  }

  toggle() {
    if (!this.state.config) return;
    if (this.state.activity === 'idle') this.run();
    else this.pause();
  }

  step() {
    if (!this.state.config) return;
    this.#send({ type: 'step' });
  }

  /** Fresh weights from the seed; earlier states stay in the list. */
  reset() {
    if (this.state.phase === 'dead') this.restart();
    else if (this.state.phase === 'ready') {
      if (this.state.config) this.#rest();
      this.#begin();
    }
  }

  /** A new worker, which goes on from the last checkpoint where there is one. */
  restart() {
    if (this.state.trouble?.kind !== 'unsupported') this.#restart();
  }

  /** @param {Selection} selection */
  select(selection) {
    /** @type {Selection} */
    const asked = selection.by === 'threshold' ? { by: 'threshold', value: Math.fround(selection.value) } : selection;
    this.#dispatch({ type: 'select', selection: asked });
    this.#previewer.ask(this.state, this.cutOf(this.state));
    this.trial.ask(this.state);
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
    if (cut && cut.unitsTotal > 1) this.select(nudged(this.state.selection, cut, delta, layer));
  }

  /** Holds the mask that the slider shows. */
  prune() {
    this.#rest();
    this.#send({ type: 'prune', selection: this.state.selection });
  }

  /** Trains on under the masks held, where that is chosen and can be against a teacher. */
  fineTune() {
    const { dataset, settings } = this.state;
    if (!dataset) return;
    this.#rest();
    const epoch = Math.ceil(dataset.train / settings.batch);
    const steps = settings['fine-tune-steps'] || epoch;
    const teacher = settings.distil ? teacherOf(this.state) : null;
    if (teacher) {
      const { alpha, temperature } = settings;
      this.#send({ type: 'fine-tune', steps, distil: { alpha, temperature } }, { bulk: { checkpoint: teacher.checkpoint } });
    } else {
      this.#send({ type: 'fine-tune', steps });
    }
  }

  /** @param {Draft} draft */
  setDraft(draft) {
    this.#dispatch({ type: 'draft', draft });
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
    if (!draft.recipe || !config || phase !== 'ready' || pending) return;
    this.#rest();
    const recipe = withOwnMethod(draft.recipe, methodOf(this.state.settings));
    // The page goes along with the recipe's method, and so does not ask for its own in the middle.
    this.#dispatch({ type: 'settings', settings: withMethod(this.state.settings, recipe.method) });
    this.#methodAsked = recipe.method;
    this.#send({ type: 'follow', recipe });
  }

  /** Gives up the recipe in hand; what it has made stays. */
  stopRecipe() {
    this.#send({ type: 'stop' });
  }

  /** @param {SavedPoint} point */
  goBack(point) {
    this.#rest();
    const runId = this.#expect('back', point);
    this.#send({ type: 'restore', runId }, { bulk: { checkpoint: point.checkpoint } });
  }

  /**
   * Goes on with a state of an earlier visit, under the settings that it was made with.
   * @param {Kept} kept
   */
  resume(kept) {
    const { checkpoint, point } = kept;
    const saved = point && { ...point, id: this.state.nextId, coreId: -1, first: point.test, checkpoint };
    this.#dispatch({ type: 'resume', kept, point: saved });
    if (saved) {
      this.goBack(saved);
    } else {
      this.#rest();
      const runId = this.#expect('recovery');
      this.#send({ type: 'restore', runId }, { bulk: { checkpoint } });
    }
  }

  /**
   * Asks for the network in hand as a file, once training rests.
   * @param {ExportFormat} format
   * @param {boolean} compacted
   */
  saveNetwork(format, compacted) {
    this.#rest();
    this.takeHome.askNetwork(format, compacted, this.state, this.cutOf(this.state));
  }

  /** Goes on with the network rebuilt without its removed filters: an ordinary dense one of fewer filters. */
  rebuildSmaller() {
    this.#rest();
    this.takeHome.rebuild(this.state, this.cutOf(this.state), (file) => this.openNetwork(file));
  }

  /**
   * Opens a network that was saved as a file; one that can't be is told, and changes nothing.
   * @param {File} file
   */
  openNetwork(file) {
    if (this.state.phase !== 'ready') return;
    if (tooLarge(file)) return this.notify('network-too-large', { name: file.name });
    if (this.state.config) this.#rest();
    const runId = this.#expect('opened', null, [file.name]);
    this.#client.send({ type: 'open', runId }, { files: [file] });
    return undefined;
  }

  /** @param {number} index */
  chooseExample(index) {
    this.#dispatch({ type: 'choose-example', index });
  }

  /** @param {number} id */
  dismiss(id) {
    this.#dispatch({ type: 'dismiss', id });
  }

  /**
   * @param {string} key
   * @param {Record<string, string>} [values]
   */
  notify(key, values) {
    this.#dispatch({ type: 'notice', tone: 'warning', key, values });
  }

  /** @param {Partial<Settings>} changes */
  change(changes) {
    const before = this.state.settings;
    const { settings, notice } = compatible({ ...before, ...changes }, before);
    this.#dispatch({ type: 'settings', settings });
    if (notice) this.notify(notice);
    if (before.backend !== settings.backend) this.#changeBackend();
    else if (differ(before, settings, 'run') && this.state.phase === 'ready') this.#begin();
    else if (differ(before, settings, 'run') && this.state.phase === 'dead') this.#restartAfresh();
    else this.#agreeOnMethod();
    this.#agreeOnPlan();
    if (format(before.sparsity) !== format(settings.sparsity)) this.select(selectionAtStart(settings, this.state.layers));
    // By hand or not, the sliders may stand elsewhere now.
    else this.#previewer.ask(this.state, this.cutOf(this.state));
  }

  /**
   * Begins a run on files that a person chose.
   * @param {File[]} files
   */
  loadFiles(files) {
    if (files.length === 0 || this.state.phase !== 'ready') return;
    const dataset = datasetOfFiles(files.map(({ name }) => name), this.state.settings.dataset);
    this.#dispatch({ type: 'settings', settings: { ...this.state.settings, dataset } });
    this.#sendFiles(dataset, files);
  }

  /**
   * Begins a run on a folder or zip of a person's own images, once they are read.
   * @param {OwnSource | Promise<OwnSource>} source
   */
  async loadOwn(source) {
    if (this.state.phase !== 'ready') return;
    try {
      const read = await this.own.read(await source);
      if (read?.kind === 'problem') throw new OwnProblem(read.key, read.values);
      if (read) this.#useOwn(read);
    } catch (error) {
      if (error instanceof OwnProblem) this.notify(error.key, error.values);
      else this.notify('own-failed', { message: String(error) });
    }
  }

  /** Downloads the awaited files from this site. */
  async loadOffer() {
    const dataset = this.state.awaitingFiles;
    if (!dataset) return;
    try {
      const offer = await findOffer(dataset);
      const files = await download(offer ?? [], (loaded, total) => {
        this.#dispatch({ type: 'progress', what: 'data', loaded, total });
      });
      if (this.state.awaitingFiles === dataset) this.#sendFiles(dataset, files);
    } catch (error) {
      this.notify('download-failed', { message: String(error) });
    } finally {
      this.#dispatch({ type: 'progress-ended' });
    }
  }

  /** @param {Extract<import('../data/own.d.ts').FromOwnWorker, {kind: 'done'}>} read */
  #useOwn({ file, images, classes, outside, unreadable }) {
    if (this.state.phase !== 'ready') return this.notify('own-restarting');
    this.loadFiles([file]);
    this.#inform('own-read', { images, classes });
    if (unreadable) this.notify('own-unreadable', unreadable);
    if (outside > 0) this.notify('own-outside', { count: String(outside) });
    return undefined;
  }

  /** Stops training or fine-tuning before something else is asked for, so that its outcome is a state to go back to. */
  #rest() {
    if (this.state.activity !== 'idle' || this.state.currentPoint === null) this.pause();
  }

  /** Asks for the method that was chosen, where the session ranks by another. */
  #agreeOnMethod() {
    const { phase, pending, settings } = this.state;
    if (!isScoring(this.state)) this.#methodAsked = null;
    else if (phase === 'ready' && !pending) {
      const method = methodOf(settings);
      if (this.#methodAsked && sameMethod(this.#methodAsked, method)) return;
      this.#methodAsked = method;
      // Another method is another recipe.
      if (this.state.recipe) this.stopRecipe();
      this.#send({ type: 'set-method', method });
    }
  }

  #begin() {
    const { settings } = this.state;
    const { dataset } = settings;
    if (!needsFiles(dataset)) {
      const runId = this.#expect('fresh');
      this.#send({ type: 'configure', runId, config: runConfig(settings) });
    } else if (this.#files?.dataset === dataset) {
      this.#sendFiles(dataset, this.#files.files);
    } else {
      this.#awaitFiles(dataset);
    }
  }

  /** @param {DatasetId} dataset */
  async #awaitFiles(dataset) {
    this.#dispatch({ type: 'await-files', dataset });
    const offer = await findOffer(dataset).catch(() => null);
    if (offer && this.state.awaitingFiles === dataset) this.#dispatch({ type: 'offer', bytes: bytesOf(offer) });
  }

  /**
   * @param {DatasetId} dataset
   * @param {File[]} files
   */
  #sendFiles(dataset, files) {
    const names = files.map(({ name }) => name);
    const runId = this.#expect('fresh', null, names);
    this.#filesTried = { dataset, files, runId };
    const config = { ...runConfig(this.state.settings), dataset };
    this.#send({ type: 'load-files', runId, config, names }, { files });
  }

  /**
   * @param {Pending['kind']} kind
   * @param {SavedPoint | null} [point]
   * @param {string[]} [files]
   */
  #expect(kind, point = null, files = []) {
    this.#lastRunId += 1;
    this.#dispatch({ type: 'begin', pending: { runId: this.#lastRunId, kind, point, files } });
    return this.#lastRunId;
  }

  /** Training is stopped first, so that the new worker goes on from its last step. */
  #changeBackend() {
    if (!this.#started) return undefined;
    if (this.state.phase === 'dead') return this.restart();
    const saved = this.state.activity === 'idle' && this.state.currentPoint !== null;
    if (saved || this.state.config === null || this.#changingBackend) {
      this.#restart();
    } else {
      this.#changingBackend = true;
      this.pause();
    }
  }

  /** A new worker, which goes on from the last checkpoint. */
  #restart(backend = this.state.settings.backend) {
    this.#recovering = this.state.config !== null;
    this.#changingBackend = false;
    this.#methodAsked = null;
    this.#previewer.reset();
    this.trial.reset();
    this.meter.reset();
    this.#loseRecipe();
    this.#takeover.cancel();
    this.#waiting = null;
    this.#dispatch({ type: 'phase', phase: this.#recovering ? 'restarting' : 'loading' });
    this.#client.hold(this.#held);
    this.#client.start(backend);
  }

  /** A new worker for settings that were changed since the last one ended: its checkpoint is of other ones. */
  #restartAfresh() {
    this.restart();
    this.#recovering = false;
  }

  /** @param {PageEvent} event */
  #dispatch(event) {
    const before = this.state.settings;
    this.store.dispatch(event);
    if (this.state.settings !== before) this.#onSettings(this.state.settings);
  }

  #connect() {
    /** @type {Client} */
    const client = new Client((message) => {
      if (client === this.#client) this.#hear(message);
      else if (this.#takeover.owns(client)) this.#takeover.hear(message);
    });
    return client;
  }

  /** @param {Parameters<Client['send']>} question */
  #send(...question) {
    if (this.#waiting) this.#waiting.push(question);
    else this.#client.send(...question);
  }

  /** @param {boolean} forced */
  #createTakeover(forced) {
    return new Takeover({
      state: () => this.state,
      files: () => this.files,
      isCalm: () => !this.comparison.busy,
      nextRunId: () => {
        this.#lastRunId += 1;
        return this.#lastRunId;
      },
      connect: () => this.#connect(),
      freeze: (frozen) => this.#freeze(frozen),
      ask: (command) => this.#client.send(command),
      adopt: (client, runId, backend, messages) => {
        this.#client.terminate();
        this.#client = client;
        this.#previewer.reset();
        this.trial.reset();
        this.meter.reset();
        this.#methodAsked = null;
        this.#dispatch({ type: 'moved', runId, backend });
        this.#freeze(false);
        this.#hear({ kind: 'messages', messages, memory: this.state.memory ?? 0 });
      },
      tell: (reason, more) => this.#dispatch({ type: 'backend-reason', reason, ...more }),
    }, forced);
  }

  /**
   * Stops the session's worker between two steps; what is asked of it meanwhile waits.
   * @param {boolean} frozen
   */
  #freeze(frozen) {
    const waiting = this.#waiting ?? [];
    this.#waiting = frozen ? waiting : null;
    this.#client.hold(frozen || this.#held);
    if (!frozen) waiting.forEach((question) => this.#client.send(...question));
  }

  /** @param {FromWorker} message */
  #hear(message) {
    switch (message.kind) {
      case 'progress': return this.#dispatch({ type: 'progress', what: 'bundle', loaded: message.loaded, total: message.total });
      case 'backend': return this.#onBackend(message);
      case 'gpu':
        this.#dispatch({ type: 'backend-reason', reason: reasonForCpu(message.facts) });
        return this.#takeover.found(message.facts);
      case 'died': return this.#onDeath(message);
      case 'messages':
        this.#dispatch({ type: 'memory', bytes: message.memory });
        message.messages.forEach((each) => this.#onMessage(each));
        this.#tellOfRecipe();
        this.#agreeOnMethod();
        this.trial.ask(this.state);
        this.#previewer.ask(this.state, this.cutOf(this.state));
        return this.#takeover.followed(message.messages);
      default: return undefined;
    }
  }

  /** @param {Extract<FromWorker, {kind: 'backend'}>} message */
  #onBackend({ kind: _, ...backend }) {
    this.#dispatch({ type: 'backend', backend });
    if (backend.requested === 'webgpu' && backend.backend === 'cpu') {
      this.notify('webgpu-refused', { reason: backend.reason, detail: backend.detail ?? '' });
    }
    if (backend.reason === 'asked-software') this.notify('webgpu-software');
    this.#planTold = JSON.stringify(planOf(defaults()));
    this.#agreeOnPlan();
    if (this.#recovering) this.#recover();
    else this.#begin();
  }

  /** Has training spread as the settings have it. */
  #agreeOnPlan() {
    const { backend, settings } = this.state;
    const plan = planOf(settings);
    const told = JSON.stringify(plan);
    if (backend?.device.backend !== 'cpu' || told === this.#planTold) return;
    this.#planTold = told;
    this.#dispatch({ type: 'spread' });
    this.#send({ type: 'parallel', plan });
  }

  /** Builds the session anew in a new worker and puts the last checkpoint into it. */
  #recover() {
    this.#recovering = false;
    const { checkpoint, settings } = this.state;
    if (!this.state.config || !checkpoint) return this.#begin();
    const config = { ...this.state.config, method: methodOf(settings) };
    this.#lastRunId += 1;
    const runId = this.#lastRunId;
    const files = this.#files?.dataset === config.dataset ? this.#files.files : [];
    if (files.length > 0) {
      this.#send({ type: 'load-files', runId, config, names: files.map(({ name }) => name) }, { files });
    } else {
      this.#send({ type: 'configure', runId, config });
    }
    const restored = this.#expect('recovery');
    this.#send({ type: 'restore', runId: restored }, { bulk: { checkpoint: checkpoint.bytes } });
    return undefined;
  }

  /**
   * @param {Trouble['kind']} kind
   * @param {string} message
   */
  #stop(kind, message) {
    this.#loseRecipe();
    this.#dispatch({ type: 'trouble', trouble: { kind, values: { message } } });
  }

  /** @param {Extract<FromWorker, {kind: 'died'}>} death */
  #onDeath({ message, cause }) {
    // What failed at once fails at once again: a person decides.
    if (cause === 'out-of-memory') return this.#stop('out-of-memory', message);
    if (cause === 'load-failed' || (cause === 'gone' && this.state.phase !== 'ready')) return this.#stop('load-failed', message);
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((then) => now - then < 60_000), now];
    if (this.#deaths.length > DEATHS_IN_A_MINUTE) return this.#stop('worker-dead', message);
    this.notify(cause === 'device-lost' ? 'device-lost' : 'worker-died');
    if (this.state.backend?.backend === 'webgpu') this.#takeover.giveUp();
    // A GPU that was lost twice is likely to be lost again.
    const lostGpu = this.state.backend?.backend === 'webgpu' && this.#deaths.length > 1;
    this.#restart(lostGpu ? 'cpu' : this.state.settings.backend);
    return undefined;
  }

  /** Says what came out of a recipe that has ended, once all that it ended with is known. */
  #tellOfRecipe() {
    const { recipe, points, currentPoint } = this.state;
    if (recipe?.state !== 'done' && recipe?.state !== 'stopped') return;
    const point = points.find(({ id }) => id === currentPoint);
    if (recipe.state === 'done' && point) {
      const { sparsity, test: { accuracy, samples } } = point;
      this.#inform('recipe-done', { sparsity, accuracy, samples });
    } else {
      this.#inform('recipe-stopped', { done: recipe.done, total: recipe.total });
    }
    this.#dispatch({ type: 'recipe-told' });
  }

  /** What a recipe still had to do went with its worker. */
  #loseRecipe() {
    const { recipe } = this.state;
    if (!recipe) return;
    this.notify('recipe-lost', { done: String(recipe.done), total: String(recipe.total) });
    this.#dispatch({ type: 'recipe-told' });
  }

  /**
   * @param {string} key
   * @param {Record<string, number>} numbers Unrounded; the views write them as their language does.
   */
  #inform(key, numbers) {
    const values = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, String(number)]));
    this.#dispatch({ type: 'notice', tone: 'info', key, values });
  }

  /** @param {Message} message */
  #onMessage(message) {
    const { pending } = this.state;
    const { event, runId } = message;
    // A measurement of an earlier place, made once more over more images.
    if (event.type === 'previewed' && !this.#previewer.isLatest(event.request)) return;
    if (event.type === 'metered') return void this.meter.answered(message);
    if (event.type === 'classified') return this.trial.answered(message, this.state);
    if (this.takeHome.answered(message, this.state)) return;
    this.#dispatch({ type: 'message', message });
    if (event.type === 'configured' && pending?.runId === runId) this.#onConfigured(pending);
    if (event.type === 'previewed') this.#previewer.answered(event.request);
    if (event.type === 'worker-lost') this.notify(`peer-${event.reason}`, { worker: String(event.worker + 1) });
    if (event.type === 'opened') this.#dispatch({ type: 'notice', ...noticeOf(event) });
    if (this.#changingBackend && (event.type === 'point' || event.type === 'error')) this.#restart();
    if (event.type === 'error') {
      this.#previewer.failed();
      this.trial.failed();
      this.meter.failed();
      this.#methodAsked = null;
      if (pending?.kind === 'recovery') this.#begin();
      // The first files were no use: others are awaited.
      else if (pending && !this.state.config && needsFiles(this.state.settings.dataset)) this.#awaitFiles(this.state.settings.dataset);
    }
  }

  /** @param {Pending} pending */
  #onConfigured({ kind, runId }) {
    if (this.#filesTried?.runId === runId) this.#files = this.#filesTried;
    this.#previewer.reset();
    this.trial.reset();
    this.meter.reset();
    this.#methodAsked = null;
    if (kind === 'recovery') {
      this.#dispatch({ type: 'notice', tone: 'info', key: 'worker-restored', values: { step: String(this.state.training.step) } });
    }
  }
}
