// Writes apps/api/openapi.json from the routes of the built API; with --check it only says whether the file is current.
import fs from 'node:fs';
import path from 'node:path';
import 'reflect-metadata';
import { ensureBuilt } from './build.mjs';
import { root } from './install.mjs';

const file = path.join(root, 'apps/api/openapi.json');
const shownFile = path.relative(root, file);
process.channel?.unref();

await ensureBuilt((step) => process.stderr.write(`${step} …\n`));
const { renderApiDocument } = await import('../../dist/apps/api/src/openapi-document.js');
const rendered = await renderApiDocument();
const isCurrent = fs.existsSync(file) && fs.readFileSync(file, 'utf8') === rendered;

if (!process.argv.includes('--check')) {
  if (!isCurrent) fs.writeFileSync(file, rendered);
  process.stdout.write(isCurrent ? `${shownFile} is up to date.\n` : `${shownFile} is written.\n`);
} else if (!isCurrent) {
  process.stderr.write(`${shownFile} is out of date: run npm run openapi:sync and commit it.\n`);
  process.exitCode = 1;
}
