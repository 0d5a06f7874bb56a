// Calls thinned out in time.

/**
 * The first call goes through at once; of those that follow too soon, the last, when its time has come.
 * @template T
 * @param {number} milliseconds
 * @param {(value: T) => void} act
 */
export function atMostEvery(milliseconds, act) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {T} */
  let latest;
  let last = -Infinity;
  const now = () => {
    timer = undefined;
    last = performance.now();
    act(latest);
  };
  return {
    /** @param {T} value */
    call(value) {
      latest = value;
      const wait = last + milliseconds - performance.now();
      if (timer !== undefined) return;
      if (wait <= 0) now();
      else timer = setTimeout(now, wait);
    },
    cancel() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
