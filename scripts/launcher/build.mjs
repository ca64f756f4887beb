// Builds what changed: the back end with tsc into dist/ and from there into dist/run/, the portal with Vite into apps/portal/dist.
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './install.mjs';

const BACK_END = {
  stamp: 'dist/.build-hash',
  sources: [
    'apps',
    'libs',
    'migrations',
    'scripts/launcher/build.mjs',
    'scripts/launcher/bundle.mjs',
    'scripts/launcher/schema.mjs',
    'tsconfig.json',
    'tsconfig.build.json',
    'package-lock.json',
  ],
  skip: 'apps/portal',
};
const PORTAL = {
  stamp: 'apps/portal/dist/.build-hash',
  sources: ['apps/portal', 'package-lock.json'],
  skip: 'apps/portal/dist',
};

/** Builds both parts if their sources changed since the last build; throws with the compiler's words when one fails. */
export async function ensureBuilt(report = () => {}) {
  await Promise.all([
    buildPart(BACK_END, async () => {
      report('building the back end');
      await run('tsc', ['-p', 'tsconfig.build.json'], root);
      removeLeftovers('migrations');
      copyScripts('libs/limits/src/redis/scripts');
      // The image has no bundler, and nothing to build.
      const { bundle } = await import('./bundle.mjs');
      await bundle();
    }),
    buildPart(PORTAL, () => {
      report('building the portal');
      return run('vite', ['build', '--logLevel', 'warn'], path.join(root, 'apps/portal'));
    }),
  ]);
}

async function buildPart({ stamp, sources, skip }, build) {
  const wanted = hashOf(sources, skip);
  const file = path.join(root, stamp);
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === wanted) return;
  // What a build that is killed leaves behind is of no sources in particular.
  fs.rmSync(file, { force: true });
  await build();
  fs.writeFileSync(file, wanted);
}

/** The compiler leaves what it once made of a source that is gone; of a folder all of which is run, that must go too. */
function removeLeftovers(folder) {
  const compiled = path.join(root, 'dist', folder);
  for (const name of fs.readdirSync(compiled))
    if (!fs.existsSync(path.join(root, folder, `${name.slice(0, name.indexOf('.'))}.ts`)))
      fs.rmSync(path.join(compiled, name));
}

/** What is read at run time beside the code that reads it: Redis gets its scripts as they are written. */
function copyScripts(folder) {
  fs.cpSync(path.join(root, folder), path.join(root, 'dist', folder), { recursive: true });
}

function hashOf(sources, skip) {
  const hash = crypto.createHash('sha256');
  const visit = (relative) => {
    if (relative === skip || relative.endsWith('/node_modules') || relative.endsWith('.test.ts')) return;
    const file = path.join(root, relative);
    if (fs.statSync(file).isDirectory())
      fs.readdirSync(file)
        .sort()
        .forEach((name) => visit(`${relative}/${name}`));
    else hash.update(relative).update('\0').update(fs.readFileSync(file)).update('\0');
  };
  sources.forEach(visit);
  return hash.digest('hex');
}

function run(tool, args, folder) {
  return new Promise((resolve, reject) => {
    const bin = { tsc: 'typescript-native/bin/tsc', vite: 'vite/bin/vite.js' }[tool];
    const child = spawn(process.execPath, [path.join(root, 'node_modules', bin), ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${tool} failed:\n${output}`))));
  });
}
