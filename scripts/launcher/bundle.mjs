// What processes run: the modules that tsc emits, and most packages, in a few files. Reading some thousand of them was more than half
// of the time that a process needed to start.
import fs from 'node:fs';
import path from 'node:path';
import { decode, encode } from '@jridgewell/sourcemap-codec';
import { rolldown } from 'rolldown';
import { root } from './install.mjs';

/**
 * Packages that stay where they are: they look for files or native code beside themselves (pino, pdfkit, msgpackr, argon2), or are loaded
 * by a name that is made at run time, and would be there twice (pg, by typeorm).
 */
const EXTERNAL = ['pino', 'pdfkit', 'msgpackr', '@node-rs/argon2', 'reflect-metadata', 'pg'];

/** Writes `dist/run` anew from what tsc left in `dist`; throws with the bundler's words. */
export async function bundle() {
  const folder = path.join(root, 'dist/run');
  fs.rmSync(folder, { recursive: true, force: true });
  const apps = fs.readdirSync(path.join(root, 'dist/apps'));
  const build = await rolldown({
    input: {
      ...Object.fromEntries(apps.map((app) => [app, path.join(root, `dist/apps/${app}/src/main.js`)])),
      schema: path.join(root, 'scripts/launcher/schema.mjs'),
    },
    cwd: root,
    platform: 'node',
    external: isExternal,
    // No module of our own libraries does anything by being loaded alone: what nobody uses of them is left out.
    treeshake: { moduleSideEffects: (id) => !id.startsWith(path.join(root, 'dist/libs/')) },
    // The global is looked for by a getter each time that it is used, which costs as much as to read the clock.
    transform: { inject: { performance: ['node:perf_hooks', 'performance'] } },
    plugins: [ownModules, packagesWithoutMaps, lazyBuiltins],
    onLog: (level, log) => {
      if (level === 'warn' && log.id?.startsWith(path.join(root, 'dist'))) throw new Error(log.message);
    },
  });
  await build.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'shared-[hash].js',
    // Errors, entities and components of Nest are known by the names of their classes.
    keepNames: true,
    // Node reads and scans all of it at each start. Names stay, and errors name lines of our sources; licences are with the packages.
    comments: false,
    charset: 'ascii',
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
  keepLinesOnly(folder);
}

function isExternal(id) {
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];
  return EXTERNAL.includes(name);
}

/** Our own modules keep the source maps of tsc, and what they find beside themselves: a bundle is elsewhere. */
const ownModules = {
  name: 'own-modules',
  load(id) {
    if (!id.startsWith(path.join(root, 'dist/'))) return null;
    const there = path.relative(path.join(root, 'dist/run'), id);
    const code = fs
      .readFileSync(id, 'utf8')
      .replaceAll('import.meta.url', `new URL(${JSON.stringify(there)}, import.meta.url).href`)
      .replaceAll('import.meta.dirname', `(import.meta.dirname + ${JSON.stringify(`/${path.dirname(there)}`)})`)
      .replaceAll('import.meta.filename', `(import.meta.dirname + ${JSON.stringify(`/${there}`)})`);
    return { code, map: fs.readFileSync(`${id}.map`, 'utf8') };
  },
};

/**
 * Modules of Node that an import loads all of: of `http` also its WebSocket, 80 ms that nobody here needs, of `process` its streams.
 * What such properties are getters for is not exported; the bundler says so when a module wants one.
 */
const LAZY_BUILTINS = ['http', 'process'];

const lazyBuiltins = {
  name: 'lazy-builtins',
  resolveId(id, _importer, { kind }) {
    const name = id.replace(/^node:/, '');
    return kind === 'import-statement' && LAZY_BUILTINS.includes(name) ? `\0builtin:${name}` : null;
  },
  load(id) {
    if (!id.startsWith('\0builtin:')) return null;
    const name = id.slice('\0builtin:'.length);
    const properties = Object.entries(Object.getOwnPropertyDescriptors(process.getBuiltinModule(name)));
    const plain = properties.filter(([key, property]) => 'value' in property && /^[A-Za-z]\w*$/.test(key));
    const names = plain.map(([key]) => key).join(', ');
    return `const builtin = process.getBuiltinModule('${name}');\nexport default builtin;\nexport const { ${names} } = builtin;\n`;
  },
};

/**
 * Node reads the map of a file when the first error has a line in it, and does nothing else meanwhile: no request is answered. So maps
 * are kept small: packages have none, and of our own code they know the lines.
 */
const packagesWithoutMaps = {
  name: 'packages-without-maps',
  transform(code, id) {
    return id.includes('/node_modules/') ? { code, map: { version: 3, names: [], sources: [], mappings: '' } } : null;
  },
};

/** Leaves of each map only where another line of a source begins. */
function keepLinesOnly(folder) {
  for (const name of fs.readdirSync(folder).filter((entry) => entry.endsWith('.map'))) {
    const file = path.join(folder, name);
    const map = JSON.parse(fs.readFileSync(file, 'utf8'));
    const lines = decode(map.mappings).map((segments) =>
      segments.filter(([, source, line], index) => {
        const [, sourceBefore, lineBefore] = segments[index - 1] ?? [];
        return index === 0 || source !== sourceBefore || line !== lineBefore;
      }),
    );
    fs.writeFileSync(file, JSON.stringify({ ...map, mappings: encode(lines) }));
  }
}
