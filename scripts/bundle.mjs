// Bundles and minifies the page's scripts and styles, and minifies the WebAssembly bundles' glue.
//
//   node scripts/bundle.mjs '{"out": "dist/x", "modules": ["a.js"], "workers": ["b.js"], "styles": ["c.css"], "glue": {"cpu": "pkg/cpu/playground.js"}}'
//
// Entry points lie in www/ and keep their names.

import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { minify } from 'terser';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The sources name a package's file by where it lies beside them in a site; here it comes from the package. */
const vendored = {
  name: 'vendored',
  setup(at) {
    at.onResolve({ filter: /^(\.\.\/)+vendor\// }, ({ path }) => {
      const [, name, file] = /vendor\/([^/]+)\/(.+)$/u.exec(path) ?? [];
      const found = ['dist', '.', 'build', 'esm'].map((folder) => join(root, 'node_modules', name, folder, file)).find(existsSync);
      return found ? { path: found } : { errors: [{ text: `no package has the file ${path}` }] };
    });
  },
};

/**
 * Parts of uPlot that no chart here uses, as it names them, and what stands in their place: other ways to draw a series than straight lines,
 * axes of dates, tables that are joined. And it writes numbers as the page's two languages both do, and not as the browser's: a browser may
 * name one that does not exist ("C"), for which uPlot would throw as soon as it is loaded.
 */
const CHART_PARTS = [
  [/^\t\(paths\.(?:stepped|bars|spline)\s*= \w+\);$/gmu, '', 3],
  [/^const \[ timeIncrs\w+, .*genTimeStuffs\(.*$/gmu, '', 2],
  [/^const localTz = .*$/gmu, '', 1],
  [/^const (?:days3|months3|engNames) = (?:[^{;]*|\{[^}]*\});$/gmu, '', 3],
  [/^\tuPlot\.(?:fmtDate|tzDate|join)\s*= \w+;$/gmu, '', 3],
  [/^\tconst _(?:tzDate|fmtDate|timeAxisSplits|timeAxisVals|timeSeriesVal)\s*= .*$/gmu, '', 5],
  [/isTime \? \(isStr\(sv\) \? .* : sv \|\| _timeSeriesVal\) : sv/gu, 'sv', 1],
  [/\(isTime \? \(ms == 1 \? timeIncrsMs : timeIncrsS\) : numIncrs\)/gu, 'numIncrs', 1],
  [/isTime && sc\.distr == 1 \? _timeAxisSplits : /gu, '', 1],
  [/isTime \? \(\n[^:]*timeAxisVals\(.*:\n[^:]*\n[^:]*\n[^:]*timeAxisVal\(.*:\n\s*av \|\| _timeAxisVals\n\s*\) : av/gu, 'av', 1],
  [/domEnv \? nav\.language : 'en-US'/gu, "'en-US'", 1],
];

const chartParts = {
  name: 'chart-parts',
  setup(at) {
    at.onLoad({ filter: /\/uPlot\.esm\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, 'utf8');
      for (const [part, other, times] of CHART_PARTS) {
        if (contents.match(part)?.length !== times) throw new Error(`${path} does not have ${times} times: ${part}`);
        contents = contents.replace(part, other);
      }
      return { contents, loader: 'js' };
    });
  },
};

/** All words of a language, as one module of data: none of another language comes with them. esbuild's own way with JSON would export each sentence by its name, too. */
const words = {
  name: 'words',
  setup(at) {
    at.onLoad({ filter: /\/www\/words\/words-[^/]+\.js$/ }, async ({ path }) => ({ contents: `export default ${JSON.stringify((await import(pathToFileURL(path))).default)};`, loader: 'js' }));
  },
};

/** The module with which the page's first screen comes. */
const FIRST = 'pruning-playground.js';

/**
 * What is folded away at first (`www/views/chunks.js`) comes as a chunk each. esbuild would cut the rest by who of them uses what, into some
 * twenty files; so each is taken to use all of the first screen, which has always come before it.
 */
const folded = {
  name: 'folded',
  setup(at) {
    at.onResolve({ filter: /./ }, ({ kind, importer, path, resolveDir }) => {
      if (kind !== 'dynamic-import' || !importer.endsWith('/views/chunks.js')) return undefined;
      return { path: resolve(resolveDir, path), pluginData: folded };
    });
    at.onLoad({ filter: /\.js$/ }, async ({ path, pluginData }) => {
      if (pluginData !== folded) return undefined;
      return { contents: `${await readFile(path, 'utf8')}\nimport ${JSON.stringify(join(root, 'www', FIRST))};`, loader: 'js', resolveDir: dirname(path) };
    });
  },
};

/**
 * A chunk that failed can be asked for again, but not a chunk that it imports.
 * @param {import('esbuild').Metafile} metafile
 */
function checkFolded({ outputs }) {
  const named = (path) => Object.keys(outputs).find((name) => basename(name) === basename(path));
  const imports = (name, kind) => outputs[name].imports.filter((each) => each.kind === kind).map(({ path }) => named(path));
  const reach = (name, found = new Set()) => {
    if (found.has(name)) return found;
    found.add(name);
    for (const other of imports(name, 'import-statement')) reach(other, found);
    return found;
  };
  if (!named(FIRST)) return;
  const first = reach(named(FIRST));
  for (const chunk of [...first].flatMap((name) => imports(name, 'dynamic-import'))) {
    const shared = [...reach(chunk)].filter((other) => other !== chunk && !first.has(other)).flatMap((other) => Object.keys(outputs[other].inputs));
    if (shared.length > 0) throw new Error(`${basename(chunk)} shares with another chunk what the first screen does not have: ${shared.join(', ')}`);
  }
}

const COMMON = {
  absWorkingDir: root, outbase: 'www', bundle: true, minify: true, format: 'esm', target: 'es2023', sourcemap: true, legalComments: 'eof', charset: 'utf8',
  entryNames: '[name]', chunkNames: '[name]-[hash]', logLevel: 'warning', write: false, plugins: [folded, vendored, words, chartParts],
};

const inWww = (names) => names.map((name) => `www/${name}`);

async function main({ out, modules, workers, styles, glue }) {
  const outdir = resolve(out, 'www');
  const results = await Promise.all([
    // Modules of one page share chunks, so that each is evaluated once. A worker comes in one file: it starts sooner.
    build({ ...COMMON, outdir, splitting: true, metafile: true, entryPoints: inWww(modules) }),
    ...workers.map((worker) => build({ ...COMMON, outdir, entryPoints: inWww([worker]) })),
    build({ ...COMMON, outdir, sourcemap: false, entryPoints: inWww(styles) }),
    ...Object.entries(glue).map(([name, path]) => build({
      ...COMMON, outbase: undefined, bundle: false, sourcemap: false, entryPoints: [path], outdir: resolve(out, 'pkg', name), plugins: [],
    })),
  ]);
  checkFolded(results[0].metafile);
  const files = new Map(results.flatMap(({ outputFiles }) => outputFiles).map((file) => [file.path, file]));
  await Promise.all([...files.values()].map((file) => put(file, files)));
}

const SMALLER = { module: true, ecma: 2020, compress: { passes: 3, keep_fargs: false, unsafe_arrows: true } };

/** Writes a file; scripts made smaller still, which with Brotli is worth 4%. */
async function put({ path, text, contents }, files) {
  await mkdir(dirname(path), { recursive: true });
  const map = files.get(`${path}.map`);
  // A script's map is written with it.
  if (path.endsWith('.js.map') && files.has(path.replace(/\.map$/u, ''))) return;
  if (!path.endsWith('.js')) {
    await writeFile(path, contents);
    return;
  }
  const small = await minify(text, { ...SMALLER, ...(map && { sourceMap: { content: map.text, url: `${basename(path)}.map` } }) });
  await Promise.all([writeFile(path, small.code), map && writeFile(map.path, small.map)]);
}

await main(JSON.parse(process.argv[2]));
