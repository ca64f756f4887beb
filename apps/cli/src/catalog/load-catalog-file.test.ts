import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadCatalogFile } from './load-catalog-file.js';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-catalog-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** The description of a product that a catalogue file says it has. */
async function descriptionOf(description: string): Promise<string | undefined> {
  const meters = [{ slug: 'requests', title: 'Requests', unit: 'request', bindings: [{ selector: '*' }] }];
  const product = { slug: 'atlas', title: 'Atlas', publisher: 'sky', apis: ['atlas'], meters, plans: [], description };
  const file = path.join(folder, 'catalog.json');
  fs.writeFileSync(file, JSON.stringify({ tollgate: 1, products: [product] }));
  return (await loadCatalogFile(file, new Map())).file.products[0]?.description;
}

it('takes the description of a product from the file that it names, as it is', async () => {
  fs.writeFileSync(path.join(folder, 'atlas.md'), '# Atlas\n\nCosts ${nothing}.\n');
  expect(await descriptionOf('file:atlas.md')).toBe('# Atlas\n\nCosts ${nothing}.\n');
  expect(await descriptionOf('A file: in the middle.')).toBe('A file: in the middle.');
});

it('refuses a description that is not there or too long, and says what to do', async () => {
  await expect(descriptionOf('file:none.md')).rejects.toMatchObject({ code: 'file_unreadable' });
  fs.writeFileSync(path.join(folder, 'long.md'), 'x'.repeat(20_001));
  await expect(descriptionOf('file:long.md')).rejects.toMatchObject({
    code: 'catalog_invalid',
    message:
      'products.atlas.description: file:long.md has 20001 characters, more than 20000. Shorten it, or put a part of it into a guide.',
  });
  await expect(descriptionOf('x'.repeat(20_001))).rejects.toMatchObject({ code: 'catalog_invalid' });
});
