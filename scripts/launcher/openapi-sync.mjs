// Writes apps/api/openapi.json from the routes of the built API, and the portal's types from that; with --check it only
// says whether both are current.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import 'reflect-metadata';
import { ensureBuilt } from './build.mjs';
import { root } from './install.mjs';

const DOCUMENT = 'apps/api/openapi.json';
const TYPES = 'apps/portal/src/api/schema.generated.ts';
const isCheck = process.argv.includes('--check');
process.channel?.unref();

await ensureBuilt((step) => process.stderr.write(`${step} …\n`));
const { renderApiDocument } = await import('../../dist/apps/api/src/openapi-document.js');
const stale = [
  ...keepCurrent(DOCUMENT, await renderApiDocument()),
  ...keepCurrent(TYPES, typesOf(path.join(root, DOCUMENT))),
];
if (stale.length === 0) process.stdout.write(`${DOCUMENT} and ${TYPES} are up to date.\n`);
else if (!isCheck) process.stdout.write(`Written: ${stale.join(', ')}\n`);
else {
  process.stderr.write(`Out of date: ${stale.join(', ')}. Run npm run openapi:sync and commit.\n`);
  process.exitCode = 1;
}

/** Writes the file when it differs, unless only asked to check; returns its name when it differed. */
function keepCurrent(name, wanted) {
  const file = path.join(root, name);
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === wanted) return [];
  if (!isCheck) fs.writeFileSync(file, wanted);
  return [name];
}

function typesOf(document) {
  const require = createRequire(path.join(root, 'apps/portal/package.json'));
  const cli = path.join(path.dirname(require.resolve('openapi-typescript/package.json')), 'bin/cli.js');
  const result = spawnSync(process.execPath, [cli, document], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`openapi-typescript failed:\n${result.stderr}`);
  return result.stdout;
}
