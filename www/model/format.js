// Numbers as a person of a language reads them.

/** @import {Language} from './types.d.ts' */

/** @typedef {ReturnType<typeof createFormat>} Format */

/** @param {Language} language */
export function createFormat(language) {
  const integer = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const compact = new Intl.NumberFormat(language, { notation: 'compact', minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const one = new Intl.NumberFormat(language, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const signed = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  const whole = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const ratio = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const day = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const clock = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const fixed = [0, 1, 2, 3].map((digits) => new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  const fine = new Intl.NumberFormat(language, { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
  return {
    /** @param {number} x */
    integer: (x) => integer.format(x),
    /** @param {number} x A count, where there is room for seven characters. */
    count: (x) => (x < 1e6 ? integer : compact).format(x),
    /** @param {number} x A share, 0 to 1. */
    percent: (x) => one.format(x),
    /** @param {number} x A share, 0 to 1. */
    wholePercent: (x) => whole.format(x),
    /** @param {number} x A difference of shares, shown in percentage points. */
    points: (x) => signed.format(x * 100).replace('-', '−'),
    /** @param {number} x */
    ratio: (x) => `${x < 100 ? ratio.format(x) : integer.format(x)}×`,
    /** @param {number} x A loss, at a width that the bar has room for: three significant digits, and at most three decimals. */
    loss: (x) => {
      if (!(x < 1e4)) return x.toExponential(1);
      return (fixed[x < 1 ? 3 : x < 10 ? 2 : x < 100 ? 1 : 0] ?? integer).format(x);
    },
    /** @param {number} x A score or weight: three significant digits. */
    small: (x) => {
      if (x === 0) return '0';
      const tiny = Math.abs(x) < 1e-4;
      return (tiny ? x.toExponential(1) : fine.format(x)).replaceAll('-', '−');
    },
    /**
     * A time, by its day where that was today or yesterday.
     * @param {number} time Milliseconds since 1970.
     * @param {number} now
     */
    when: (time, now) => {
      const days = Math.round((midnight(time) - midnight(now)) / 86_400_000);
      return days === 0 || days === -1 ? `${capital(day.format(days, 'day'), language)} ${clock.format(time)}` : date.format(time);
    },
    /** @param {number} x */
    bytes: (x) => {
      if (x < 1e3) return `${integer.format(x)} B`;
      return x < 1e6 ? `${ratio.format(x / 1e3)} kB` : `${ratio.format(x / 1e6)} MB`;
    },
  };
}

/** @param {number} time */
function midnight(time) {
  return new Date(time).setHours(0, 0, 0, 0);
}

/**
 * @param {string} word
 * @param {Language} language
 */
function capital(word, language) {
  return word.charAt(0).toLocaleUpperCase(language) + word.slice(1);
}
