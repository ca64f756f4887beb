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
const document = await renderApiDocument();
const stale = [...keepCurrent(DOCUMENT, document), ...keepCurrent(TYPES, typesOf(document))];
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

/** Without the examples of bodies and answers: as comments on types they would only repeat the types. */
function withoutExamples(document) {
  for (const operation of Object.values(document.paths).flatMap((item) => Object.values(item))) {
    for (const part of [operation.requestBody, ...Object.values(operation.responses)]) {
      for (const media of Object.values(part?.content ?? {})) delete media.example;
    }
  }
  return document;
}

function typesOf(document) {
  const require = createRequire(path.join(root, 'apps/portal/package.json'));
  const cli = path.join(path.dirname(require.resolve('openapi-typescript/package.json')), 'bin/cli.js');
  const input = JSON.stringify(withoutExamples(JSON.parse(document)));
  const result = spawnSync(process.execPath, [cli], { encoding: 'utf8', input, maxBuffer: 64 * 1024 * 1024 });
  if (result.status !== 0) throw new Error(`openapi-typescript failed:\n${result.stderr}`);
  return result.stdout;
}
