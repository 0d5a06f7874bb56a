// Which images of a folder or zip belong to which class: the folder that an image lies in names its class. Pure.

/** What the core takes; see src/data/own.rs. */
export const LIMITS = Object.freeze({ classes: 10, images: 60_000, leastImages: 8, leastInClass: 2, nameLength: 64 });

/** Why a folder or zip can't be trained on: a sentence of words/own.js and what it names. */
export class OwnProblem extends Error {
  /**
   * @param {string} key
   * @param {Record<string, string>} [values]
   */
  constructor(key, values = {}) {
    super(key);
    this.key = key;
    this.values = values;
  }
}

const IMAGE = /\.(png|jpe?g|jfif|webp|gif|bmp)$/iu;

/**
 * Whether a name is that of an image, and not of what systems and archivers leave behind.
 * @param {string} path
 */
export function isImagePath(path) {
  const parts = path.split(/[/\\]/u).filter((part) => part !== '');
  return IMAGE.test(path) && !parts.some((part) => part.startsWith('.') || part === '__MACOSX');
}

/**
 * Names the class of each image. Folders above the class folders (also `train` and `test`) don't matter; an image
 * that lies beside class folders, or in none, is of no class.
 * @param {readonly string[]} paths Of images.
 * @returns {{classes: string[], labels: number[]}} -1 labels an image of no class.
 */
export function classesOf(paths) {
  const folders = paths.map((path) => path.split(/[/\\]/u).filter((part) => part !== '').slice(0, -1));
  const above = new Set(folders.flatMap((parts) => parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join('/'))));
  const names = folders.map((parts) => (parts.length === 0 || above.has(parts.join('/')) ? null : parts[parts.length - 1].normalize('NFC')));
  const known = /** @type {string[]} */ ([...new Set(names)].filter((name) => name !== null));
  const classes = known.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const index = new Map(classes.map((name, i) => [name, i]));
  return { classes, labels: names.map((name) => (name === null ? -1 : index.get(name) ?? -1)) };
}

/**
 * Refuses what can't be trained on, in words that say what to change.
 * @param {readonly string[]} classes
 * @param {readonly number[]} labels
 */
export function checkClasses(classes, labels) {
  if (classes.length === 0) throw new OwnProblem('own-no-images');
  if (classes.length === 1) throw new OwnProblem('own-one-class', { class: classes[0] });
  if (classes.length > LIMITS.classes) throw new OwnProblem('own-many-classes', { count: String(classes.length) });
  const long = classes.find((name) => [...name].length > LIMITS.nameLength);
  if (long) throw new OwnProblem('own-long-name', { class: long });
  const total = labels.filter((label) => label >= 0).length;
  if (total > LIMITS.images) throw new OwnProblem('own-many-images', { limit: String(LIMITS.images) });
  for (const [i, name] of classes.entries()) {
    const count = labels.filter((label) => label === i).length;
    if (count < LIMITS.leastInClass) throw new OwnProblem('own-small-class', { class: name, count: String(count) });
  }
  if (total < LIMITS.leastImages) throw new OwnProblem('own-few-images', { count: String(total) });
}
