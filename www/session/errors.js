// Why something that was asked for did not come about.

/** `code` is a word for programs: that of the `error` event of the element. */
export class AskError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** The core refused a command or failed at it; the worker lives on. */
export class CoreError extends AskError {}

/** The worker ended before it had answered; another is started in its place. */
export class WorkerDied extends AskError {
  constructor(message = 'the worker ended before it had answered') {
    super('worker-died', message);
  }
}

/** Another worker was started in its place, though it lived. */
export class WorkerReplaced extends WorkerDied {}

/** The session has ended, and a person decides whether it is started again; `code` says what it ended from. */
export class SessionDead extends AskError {}

/** There is nothing yet that this could be asked of. */
export class NotReady extends AskError {
  constructor(message = 'there is no network yet') {
    super('bad-command', message);
  }
}

/** Something else took its place. */
export class Cancelled extends AskError {
  constructor(message = 'given up: something else was asked for') {
    super('cancelled', message);
  }
}

/** It was ended from this side. */
export class Ended extends AskError {
  constructor() {
    super('ended', 'ended from this side');
  }
}
