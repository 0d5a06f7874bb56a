// The workers that training is spread over: each is a worker of its own with the CPU bundle, started from the session's worker.

import { Client } from './client.js';

/** @import {FromWorker, Peers, Tidings} from './types.d.ts' */

/** Milliseconds that a worker has for its first answer, which it has to start for; and beyond the longest of its answers. */
const TO_START = 60_000;
const TO_ANSWER = 5_000;
/** So many times the longest answer so far is no hang yet. */
const TIMES = 20;

/**
 * One starts at a time: Firefox, where a worker starts another while one of its own still starts, may now and then never come
 * back from that.
 * @param {Promise<WebAssembly.Module | null>} module The CPU bundle, compiled.
 * @param {(starts: boolean) => void} onStart Hears when a worker is about to be started, and when that has come back.
 * @returns {Peers}
 */
export function createPeers(module, onStart) {
  /** @type {Peer[]} */
  const peers = [];
  /** @type {Tidings[]} */
  const heard = [];
  let wake = () => {};

  const create = (/** @type {number} */ worker) => new Peer((what, answer) => {
    heard.push({ worker, what, answer });
    startNext();
    wake();
  });
  const startNext = () => {
    if (peers.some((peer) => peer.life === 'starting')) return;
    const next = peers.find((peer) => peer.life === 'waiting');
    if (!next) return;
    onStart(true);
    next.start(module);
    onStart(false);
  };
  const end = (/** @type {number} */ worker) => {
    peers[worker]?.end();
    // What it has said last is of no use to anybody.
    for (let i = heard.length - 1; i >= 0; i -= 1) {
      if (heard[i].worker === worker) heard.splice(i, 1);
    }
  };

  return {
    resize(workers) {
      for (let w = workers; w < peers.length; w += 1) end(w);
      peers.length = Math.min(peers.length, workers);
      while (peers.length < workers) peers.push(create(peers.length));
      startNext();
    },
    replace(worker) {
      end(worker);
      peers[worker] = create(worker);
      startNext();
    },
    post: (worker, order) => peers[worker]?.post(order),
    async next(within) {
      if (heard.length === 0 && within > 0) {
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, within);
          wake = () => {
            clearTimeout(timer);
            resolve(undefined);
          };
        });
      }
      return heard.shift();
    },
  };
}

class Peer {
  /** @type {'waiting' | 'starting' | 'started' | 'over'} */
  life = 'waiting';
  #client;
  #tell;
  #longest = 0;
  #asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {(what: Tidings['what'], answer?: Tidings['answer']) => void} tell */
  constructor(tell) {
    this.#tell = tell;
    this.#client = new Client((message) => this.#hear(message));
  }

  /** @param {Promise<WebAssembly.Module | null>} module */
  start(module) {
    this.life = 'starting';
    this.#client.start('cpu', { alone: true, module });
    this.#wait();
  }

  /** @param {Uint8Array<ArrayBuffer>} order */
  post(order) {
    this.#client.order(order);
    this.#wait();
  }

  end() {
    this.life = 'over';
    clearTimeout(this.#timer);
    this.#client.terminate();
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#asked = performance.now();
    const limit = this.#longest === 0 ? TO_START : TO_ANSWER + TIMES * this.#longest;
    this.#timer = setTimeout(() => this.#lose('hang'), limit);
  }

  /** @param {FromWorker} message */
  #hear(message) {
    if (message.kind === 'backend') {
      this.life = 'started';
      clearTimeout(this.#timer);
      this.#tell('ready');
    } else if (message.kind === 'answer') {
      clearTimeout(this.#timer);
      this.#longest = Math.max(this.#longest, performance.now() - this.#asked);
      this.#tell('answer', message.answer);
    } else if (message.kind === 'died') {
      this.#lose('gone');
    }
  }

  /** @param {'hang' | 'gone'} how */
  #lose(how) {
    this.end();
    this.#tell(how);
  }
}
