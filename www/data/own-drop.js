// What was dropped or chosen: a folder or zip of own images, one picture to be classified, a network, or files of a known
// data set.

import { OWN_FILE } from '../model/own-file.js';
import { LIMITS, OwnProblem, isImagePath } from './own-paths.js';

/** @import {Session} from '../session/session.js' */
/** @import {OwnFile} from './own.d.ts' */

/**
 * @param {Session} session
 * @param {DataTransfer | null} transfer Can be read only while the drop is told of.
 */
export function takeDrop(session, transfer) {
  const items = [...(transfer?.items ?? [])];
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null).filter((entry) => entry !== null);
  const files = [...(transfer?.files ?? [])];
  if (!entries.some((entry) => entry.isDirectory)) takeFiles(session, files);
  else session.loadOwn(filesUnder(entries).then((found) => ({ files: found })));
}

/**
 * @param {Session} session
 * @param {File[]} files
 */
export function takeFiles(session, files) {
  const [file] = files;
  if (!file) return;
  const alone = files.length === 1;
  if (file.webkitRelativePath) session.loadOwn({ files: files.map((each) => ({ path: each.webkitRelativePath, file: each })) });
  else if (alone && /\.zip$/iu.test(file.name)) session.loadOwn({ zip: file });
  else if (alone && isNetwork(file)) session.openNetwork(file);
  else if (!files.some(isPicture) || awaitsOthers(session)) session.loadFiles(files);
  else if (alone && !session.state.dataset) session.notify('not-yet');
  else if (alone) session.trial.tryPicture(file, session.state);
  else session.notify('own-loose-images');
}

/**
 * Whether there is no network yet that could classify a picture, but a data set that waits for its files.
 * @param {Session} session
 */
function awaitsOthers({ state: { awaitingFiles } }) {
  return awaitingFiles !== null && awaitingFiles !== 'own';
}

/** @param {File} file */
function isNetwork({ name }) {
  return /\.safetensors$/iu.test(name) && name !== OWN_FILE;
}

/** @param {File} file */
function isPicture({ name, type }) {
  return type.startsWith('image/') || isImagePath(name);
}

/**
 * All files of folders and of the folders in them.
 * @param {FileSystemEntry[]} entries
 * @returns {Promise<OwnFile[]>}
 */
async function filesUnder(entries) {
  /** @type {OwnFile[]} */
  const found = [];
  const queue = [...entries];
  for (let entry = queue.shift(); entry; entry = queue.shift()) {
    if (entry.isDirectory) queue.push(...await children(/** @type {FileSystemDirectoryEntry} */ (entry)));
    else if (isImagePath(entry.fullPath)) found.push({ path: entry.fullPath, file: await fileOf(/** @type {FileSystemFileEntry} */ (entry)) });
    if (found.length > LIMITS.images) throw new OwnProblem('own-many-images', { limit: String(LIMITS.images) });
  }
  return found;
}

/** @param {FileSystemDirectoryEntry} folder */
async function children(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  // A reader gives some of the entries each time, and none at the end.
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/**
 * @param {FileSystemFileEntry} entry
 * @returns {Promise<File>}
 */
function fileOf(entry) {
  return new Promise((resolve, reject) => { entry.file(resolve, reject); });
}
