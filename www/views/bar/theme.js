// The colours of the stylesheet, for what is painted on a canvas.

/** @typedef {ReturnType<typeof readTheme>} Theme */

/**
 * Whether the widget is dark: as chosen, else as the system is.
 * @param {'auto' | 'light' | 'dark'} choice
 * @param {boolean} systemIsDark
 */
export function isDark(choice, systemIsDark) {
  return choice === 'auto' ? systemIsDark : choice === 'dark';
}

/** @param {Element} element */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour('ink'),
    mute: colour('mute'),
    line: colour('line'),
    panel: colour('panel'),
    background: colour('bg'),
    negative: colour('neg'),
    middle: colour('mid'),
    positive: colour('pos'),
    accent: colour('accent'),
    tuned: colour('ok'),
    hatch: colour('hatch'),
    font: style.fontFamily,
    ages: sequentialScale(colour('early'), colour('late')),
    glow: glowScale(colour('pos')),
    scale: divergingScale(colour('neg'), colour('mid'), colour('pos')),
  };
}

/** Steps of the diverging scale; the middle one is zero. */
export const SCALE_STEPS = 257;

/**
 * Pixels from the most negative to the most positive weight.
 * @param {string} negative
 * @param {string} middle
 * @param {string} positive
 */
function divergingScale(negative, middle, positive) {
  const [low, centre, high] = [negative, middle, positive].map(channels);
  const half = (SCALE_STEPS - 1) / 2;
  return Uint32Array.from({ length: SCALE_STEPS }, (_, step) => {
    const end = step < half ? low : high;
    const share = Math.abs(step - half) / half;
    return pack(centre.map((c, i) => Math.round(c + (end[i] - c) * share)));
  });
}

/** Steps of the sequential scale. */
export const AGE_STEPS = 256;

/**
 * Pixels from the earliest to the latest cut.
 * @param {string} early
 * @param {string} late
 */
function sequentialScale(early, late) {
  const [from, to] = [early, late].map(channels);
  return Uint32Array.from({ length: AGE_STEPS }, (_, step) => pack(from.map((c, i) => Math.round(c + ((to[i] - c) * step) / (AGE_STEPS - 1)))));
}

/**
 * Pixels from dark to bright, as the images themselves are, by way of a colour.
 * @param {string} colour
 */
function glowScale(colour) {
  const middle = channels(colour);
  return Uint32Array.from({ length: 256 }, (_, step) => pack(middle.map((c) => Math.round(step < 128 ? (c * step) / 128 : c + ((255 - c) * (step - 128)) / 127))));
}

/**
 * The pixel of a colour written `#rrggbb`, in the byte order of ImageData on little-endian machines.
 * @param {string} hex
 */
export function pixel(hex) {
  return pack(channels(hex));
}

/** @param {string} hex */
function channels(hex) {
  return [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) || 0);
}

/** @param {number[]} rgb */
function pack([red, green, blue]) {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
