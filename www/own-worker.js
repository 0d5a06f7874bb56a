// A worker that makes a data set of a folder or zip of pictures, so that the page stays free.

import { Unzip, UnzipInflate } from '../vendor/fflate/browser.js';
import { SIDE, packImages } from './data/own-pack.js';
import { LIMITS, OwnProblem, checkClasses, classesOf, isImagePath } from './data/own-paths.js';
import { colourPlanes, coverSquare } from './data/own-pixels.js';
import { MOST_BYTES, imagesInZip } from './data/own-zip.js';
import { OWN_FILE } from './model/own-file.js';

/** @import {FromOwnWorker, OwnFile, ToOwnWorker} from './data/own.d.ts' */

/** Milliseconds between reports of progress. */
const TELL_EVERY = 100;
const CHECK_EVERY = 500;
/** Unreadable images that are named. */
const NAMED = 3;

/** @type {OwnFile[]} */
const files = [];
/** @type {{path: string, pixels: Uint8Array<ArrayBuffer>}[]} */
const images = [];
/** @type {string[]} */
const unreadable = [];
let told = 0;

/** @param {MessageEvent<ToOwnWorker>} event */
self.onmessage = ({ data }) => {
  if (data.kind === 'add') {
    files.push(...data.files.filter(({ path }) => isImagePath(path)));
  } else {
    (data.zip ? readZip(data.zip) : readFiles()).then(finish).catch(fail);
  }
};

async function readFiles() {
  // What can be known before the long work is said before it.
  const { classes, labels } = classesOf(files.map(({ path }) => path));
  checkClasses(classes, labels);
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  if (bytes > MOST_BYTES.all) throw new OwnProblem('own-too-large');
  for (const [i, { path, file }] of files.entries()) {
    if (labels[i] >= 0) await take(path, file.size > MOST_BYTES.image ? null : file);
    tell(i + 1, files.length);
  }
  return files.length - labels.filter((label) => label >= 0).length;
}

/** @param {Blob} zip */
async function readZip(zip) {
  for await (const { path, parts } of imagesInZip(zip, { Unzip, UnzipInflate }, (read) => tell(read, zip.size))) {
    await take(path, parts && new Blob(parts));
    if (images.length > LIMITS.images) throw new OwnProblem('own-many-images', { limit: String(LIMITS.images) });
    if (images.length % CHECK_EVERY === 0) checkCount();
  }
  return 0;
}

/**
 * @param {string} path
 * @param {Blob | null} picture
 */
async function take(path, picture) {
  try {
    if (!picture) throw new Error('too large');
    images.push({ path, pixels: colourPlanes(await coverSquare(picture, SIDE)) });
  } catch {
    unreadable.push(path);
  }
}

/** A zip does not say at its beginning how many classes it has: too many are told before all is read. */
function checkCount() {
  const { classes } = classesOf(images.map(({ path }) => path));
  if (classes.length > LIMITS.classes) throw new OwnProblem('own-many-classes', { count: String(classes.length) });
}

/** @param {number} before Images left out so far, because they lie in no class folder. */
function finish(before) {
  // The same pictures make the same data set, in whatever order they came.
  images.sort((a, b) => (a.path < b.path ? -1 : 1));
  const { classes, labels } = classesOf(images.map(({ path }) => path));
  if (images.length === 0 && unreadable.length > 0) throw new OwnProblem('own-all-unreadable', names());
  checkClasses(classes, labels);
  const kept = images.filter((_, i) => labels[i] >= 0).map(({ pixels }) => pixels);
  const file = new File(packImages(kept, labels.filter((label) => label >= 0), classes), OWN_FILE);
  post({
    kind: 'done', file, images: kept.length, classes: classes.length, outside: before + images.length - kept.length,
    unreadable: unreadable.length > 0 ? names() : null,
  });
}

function names() {
  const shown = unreadable.slice(0, NAMED).join(', ');
  return { count: String(unreadable.length), names: unreadable.length > NAMED ? `${shown}, …` : shown };
}

/**
 * @param {number} done
 * @param {number} total
 */
function tell(done, total) {
  const now = performance.now();
  if (now - told < TELL_EVERY) return;
  told = now;
  post({ kind: 'progress', done, total });
}

/** @param {unknown} error */
function fail(error) {
  if (error instanceof OwnProblem) post({ kind: 'problem', key: error.key, values: error.values });
  else post({ kind: 'problem', key: 'own-failed', values: { message: String(error) } });
}

/** @param {FromOwnWorker} message */
function post(message) {
  self.postMessage(message);
}
