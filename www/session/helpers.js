// What goes along with the session in hand: previews, the meter, a picture to classify, files to take home, the method, a recipe's
// end, the race beside it. Each asks by itself when something has changed.

import { Comparison } from './comparison.js';
import { Drafter } from './drafter.js';
import { Detailer } from './detailer.js';
import { Meter } from './meter.js';
import { Previewer } from './previewer.js';
import { Ranker } from './ranker.js';
import { TakeHome, noticeOf } from './take-home.js';
import { Trial } from './trial.js';

/** @import {Command, Message} from '../generated/protocol.d.ts' */
/** @import {Cut} from '../model/ranking.js' */
/** @import {PageEvent, State} from '../state/types.d.ts' */
/** @import {Asked, How} from './gate.js' */

/**
 * @typedef {object} HelpersHost
 * @property {() => State} state
 * @property {() => Cut | null} cut
 * @property {(event: PageEvent) => void} dispatch
 * @property {(key: string, values?: Record<string, string>) => void} notify
 * @property {(key: string, numbers: Record<string, number>) => void} inform
 * @property {() => void} invalidate
 * @property {(command: Command, how?: How) => Asked} ask
 */

export class Helpers {
  comparison;
  drafter;
  detailer;
  meter;
  trial;
  takeHome;
  ranker;
  #previewer;
  #host;

  /** @param {HelpersHost} host */
  constructor(host) {
    this.#host = host;
    const { ask, invalidate, notify } = host;
    const onFree = () => this.askOfSlider();
    this.comparison = new Comparison(invalidate);
    this.drafter = new Drafter((command) => ask(command), invalidate);
    this.detailer = new Detailer((command) => ask(command), invalidate);
    this.meter = new Meter((command) => ask(command), invalidate);
    this.trial = new Trial((command, bulk) => ask(command, { bulk }), invalidate, (name) => notify('own-not-picture', { name }), onFree);
    this.takeHome = new TakeHome((command) => ask(command), () => notify('export-lost'));
    this.ranker = new Ranker((command) => ask(command), () => host.dispatch({ type: 'method-lost' }));
    this.#previewer = new Previewer((command) => ask(command), onFree);
  }

  /** Another run is in hand: what was asked of the one before counts no more. */
  reset() {
    this.#previewer.reset();
    this.trial.reset();
    this.drafter.reset();
    this.meter.reset();
    this.detailer.reset();
    this.ranker.reset();
  }

  /**
   * The worker is another.
   * @param {boolean} lost Whether the one before took with it what it was at.
   */
  moved(lost) {
    this.reset();
    if (lost) this.#loseRecipe();
  }

  /** Asks what is not known of the slider's place. */
  askOfSlider() {
    const state = this.#host.state();
    this.trial.ask(state);
    this.#previewer.ask(state, this.#host.cut());
  }

  /** Asks for the method that was chosen, where the session ranks by another. */
  agree() {
    const state = this.#host.state();
    // Another method is another recipe.
    if (state.recipe && this.ranker.wants(state)) this.#host.ask({ type: 'stop' });
    this.ranker.agree(this.#host.state());
  }

  /** A recipe does not bring its method: the one in hand, or the one that is chosen, counts again. */
  giveUpMethod() {
    this.ranker.reset();
    this.agree();
  }

  /** @param {Message} message */
  hear(message) {
    const { event, command } = message;
    // A network that is thought of and can't work: the one who thinks of it is told, where it is thought of.
    if (event.type === 'error' && this.drafter.owns(command)) return;
    // A measurement of an earlier place, made once more over more images.
    if (event.type === 'previewed' && !this.#previewer.isLatest(command)) return;
    this.#host.dispatch({ type: 'message', message });
    if (event.type === 'worker-lost') this.#host.notify(`peer-${event.reason}`, { worker: String(event.worker + 1) });
    if (event.type === 'opened') this.#host.dispatch({ type: 'notice', ...noticeOf(event) });
  }

  /** All the messages that came together have been told. */
  heard() {
    this.#tellOfRecipe();
    this.agree();
    this.askOfSlider();
  }

  /** Says what came out of a recipe that has ended, once all that it ended with is known. */
  #tellOfRecipe() {
    const { recipe, points, currentPoint } = this.#host.state();
    if (recipe?.state !== 'done' && recipe?.state !== 'stopped') return;
    const point = points.find(({ id }) => id === currentPoint);
    if (recipe.state === 'done' && point) {
      const { sparsity, test: { accuracy, samples } } = point;
      this.#host.inform('recipe-done', { sparsity, accuracy, samples });
    } else {
      this.#host.inform('recipe-stopped', { done: recipe.done, total: recipe.total });
    }
    this.#host.dispatch({ type: 'recipe-told' });
  }

  /** What a recipe still had to do went with its worker. */
  #loseRecipe() {
    const { recipe } = this.#host.state();
    if (!recipe) return;
    this.#host.notify('recipe-lost', { done: String(recipe.done), total: String(recipe.total) });
    this.#host.dispatch({ type: 'recipe-told' });
  }
}
