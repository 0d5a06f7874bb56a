import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OwnProblem, checkClasses, classesOf, isImagePath } from './own-paths.js';

test('an image is known by its name, and hidden files are none', () => {
  for (const path of ['cats/a.png', 'x/cats/B.JPG', 'c/d.jpeg', 'c/e.webp', 'c/f.gif', 'c/g.bmp']) assert.ok(isImagePath(path), path);
  for (const path of ['cats/notes.txt', '__MACOSX/cats/._a.png', 'cats/.hidden.png', '.git/a.png', 'cats/', 'png']) assert.ok(!isImagePath(path), path);
});

test('the folder that an image lies in is its class, whatever lies above', () => {
  const plain = ['cats/1.png', 'dogs/1.png', 'cats/2.png'];
  const expected = { classes: ['cats', 'dogs'], labels: [0, 1, 0] };
  assert.deepEqual(classesOf(plain), expected);
  assert.deepEqual(classesOf(plain.map((path) => `my pets/v2/${path}`)), expected);
  assert.deepEqual(classesOf(plain.map((path) => path.replaceAll('/', '\\'))), expected);
});

test('training and test folders of the same classes are one set', () => {
  assert.deepEqual(classesOf(['d/train/a/1.png', 'd/train/b/1.png', 'd/test/a/2.png']), { classes: ['a', 'b'], labels: [0, 1, 0] });
});

test('images beside the class folders or in none are of no class', () => {
  assert.deepEqual(classesOf(['d/cover.png', 'd/a/1.png', 'd/b/1.png']).labels, [-1, 0, 1]);
  assert.deepEqual(classesOf(['cover.png', 'a/1.png', 'b/1.png']).labels, [-1, 0, 1]);
});

test('classes are in the order of a person, 2 before 10', () => {
  assert.deepEqual(classesOf(['10/a.png', '2/a.png', '1/a.png']).classes, ['1', '2', '10']);
});

test('each thing that makes training impossible is named', () => {
  const key = (classes, labels) => {
    try {
      checkClasses(classes, labels);
      return null;
    } catch (error) {
      assert.ok(error instanceof OwnProblem);
      return error.key;
    }
  };
  const many = (count) => Array.from({ length: count }, (_, i) => i);
  assert.equal(key([], []), 'own-no-images');
  assert.equal(key(['a'], Array(20).fill(0)), 'own-one-class');
  assert.equal(key(many(11).map(String), [...many(11), ...many(11)]), 'own-many-classes');
  assert.equal(key(['a', 'x'.repeat(65)], [0, 0, 0, 0, 1, 1, 1, 1]), 'own-long-name');
  assert.equal(key(['a', 'b'], [0, 0, 0, 0, 0, 0, 0, 1]), 'own-small-class');
  assert.equal(key(['a', 'b'], [0, 0, 0, 0, 1, 1, 1]), 'own-few-images');
  assert.equal(key(['a', 'b'], [0, 0, 0, 0, 1, 1, 1, -1]), 'own-few-images');
  assert.equal(key(['a', 'b'], [...Array(60_000).fill(0), 1]), 'own-many-images');
  assert.equal(key(['a', 'b'], [0, 0, 0, 0, 1, 1, 1, 1]), null);
});
