// Files for a run: those that a person chose or dropped, their own images, those that this site offers.

import { download, findOffer } from '../data/files.js';
import { OwnProblem } from '../data/own-paths.js';
import { datasetOfFiles } from '../model/settings.js';
import { OwnImport } from './own-import.js';

/** @import {FromOwnWorker, OwnSource} from '../data/own.d.ts' */
/** @import {PageEvent, State} from '../state/types.d.ts' */
/** @import {Runs} from './runs.js' */

/** @typedef {(key: string, values?: Record<string, string>) => void} Say */

export class Supply {
  own;
  #runs;
  #host;
  /** @type {AbortController | null} */
  #download = null;

  /**
   * @param {Runs} runs
   * @param {object} host
   * @param {() => State} host.state
   * @param {(event: PageEvent) => void} host.dispatch
   * @param {Say} host.notify
   * @param {(key: string, numbers: Record<string, number>) => void} host.inform
   * @param {() => void} host.invalidate
   */
  constructor(runs, host) {
    this.#runs = runs;
    this.#host = host;
    this.own = new OwnImport(() => host.invalidate());
  }

  /** Whether files of this site are on their way. */
  get downloading() {
    return this.#download !== null;
  }

  /**
   * Begins a run on files that a person chose. Where no worker is ready, they wait for one.
   * @param {File[]} files
   */
  loadFiles(files) {
    if (files.length === 0) return undefined;
    const { phase, settings } = this.#host.state();
    if (phase === 'dead') return this.#host.notify('not-now');
    this.cancelDownload();
    const dataset = datasetOfFiles(files.map(({ name }) => name), settings.dataset);
    this.#host.dispatch({ type: 'settings', settings: { ...settings, dataset } });
    this.#runs.beginOn(dataset, files);
    return undefined;
  }

  /**
   * Begins a run on a folder or zip of a person's own images, once they are read.
   * @param {OwnSource | Promise<OwnSource>} source
   */
  async loadOwn(source) {
    try {
      const read = await this.own.read(await source);
      if (read?.kind === 'problem') throw new OwnProblem(read.key, read.values);
      if (read) this.#useOwn(read);
    } catch (error) {
      if (error instanceof OwnProblem) this.#host.notify(error.key, error.values);
      else this.#host.notify('own-failed', { message: String(error) });
    }
  }

  /** @param {Extract<FromOwnWorker, {kind: 'done'}>} read */
  #useOwn({ file, images, classes, outside, unreadable }) {
    if (this.#host.state().phase === 'dead') return this.#host.notify('not-now');
    this.loadFiles([file]);
    this.#host.inform('own-read', { images, classes });
    if (unreadable) this.#host.notify('own-unreadable', unreadable);
    if (outside > 0) this.#host.notify('own-outside', { count: String(outside) });
    return undefined;
  }

  /** Downloads the awaited files from this site; once at a time. */
  async loadOffer() {
    const { state, dispatch, notify } = this.#host;
    const dataset = state().awaitingFiles;
    if (!dataset || this.#download) return;
    const mine = new AbortController();
    this.#download = mine;
    this.#host.invalidate();
    try {
      const offer = await findOffer(dataset);
      const files = await download(offer ?? [], (loaded, total) => dispatch({ type: 'progress', what: 'data', loaded, total }), mine.signal);
      if (state().awaitingFiles === dataset && !mine.signal.aborted) this.#runs.beginOn(dataset, files);
    } catch (error) {
      if (!mine.signal.aborted) notify('download-failed', { message: String(error) });
    } finally {
      if (this.#download === mine) this.#download = null;
      dispatch({ type: 'progress-ended' });
    }
  }

  /** Gives the download up. */
  cancelDownload() {
    this.#download?.abort();
  }

  cancel() {
    this.cancelDownload();
    this.own.cancel();
  }
}
