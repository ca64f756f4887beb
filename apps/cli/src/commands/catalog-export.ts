import fs from 'node:fs/promises';
import path from 'node:path';
import { type ExportedCatalog, catalogText, exportCatalog, variablesOf, variablesText } from '#services';
import { parseOptions } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson, remark } from '../output.js';
import { withSession } from '../session.js';

const CATALOG = 'catalog.yaml';
const VARIABLES = 'variables.yaml';

/**
 * `tollgate catalog export`: the catalogue of this installation, or of one publisher or product, as a file that `apply` reads. To a folder
 * with documents and guides beside it, else all of it to standard output.
 */
export async function catalogExport(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    publisher: { type: 'string' },
    product: { type: 'string' },
    out: { type: 'string', short: 'o' },
    variables: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const { publisher = null, product = null, out, variables = false } = options;
  if (variables && out === undefined) throw new UsageError('--variables needs --out FOLDER, where their values go');
  const exported = await withSession(({ context }) =>
    exportCatalog(context, { publisher, product, publisherUserId: null, maxDocumentBytes: null }),
  );
  const textOptions = { hasSideFiles: out !== undefined, hasPlaces: variables };
  const text = catalogText(exported, textOptions);
  const needed = variablesOf(exported, textOptions);
  if (out !== undefined) {
    const files = new Map<string, string | Buffer>([[CATALOG, text]]);
    for (const { name, content } of exported.sideFiles) files.set(name, content);
    if (variables) files.set(VARIABLES, variablesText(needed));
    await writeAll(out, files);
  }
  const secrets = needed.filter(({ value }) => value === null).map(({ name, what }) => ({ name, what }));
  const remarks = exported.remarks.map(({ path: place, text: words }) => ({
    place: placeOf(exported, place),
    text: words,
  }));
  if (options.json) await printJson({ catalog: out === undefined ? text : null, secrets, remarks });
  else {
    if (out === undefined) await print(text);
    for (const { place, text: words } of remarks) remark(`${place}: ${words}`);
    for (const { name, what } of secrets) remark(`\${${name}} is not exported: ${what}`);
    if (out !== undefined) remark(`Written to ${path.join(out, CATALOG)}.`);
  }
  return EXIT.ok;
}

/** A place in the file in the words of people: "products.atlas.plans.pro". */
function placeOf({ file }: ExportedCatalog, steps: readonly (string | number)[]): string {
  let part: unknown = file;
  return steps
    .map((step) => {
      part = (part as Record<string | number, unknown>)[step];
      const { slug, name } = (part ?? {}) as { slug?: string; name?: string };
      return typeof step === 'number' ? (slug ?? name ?? step) : step;
    })
    .join('.');
}

/** Writes the files below a folder that is new or empty: what somebody has worked on is never written over. */
async function writeAll(folder: string, files: ReadonlyMap<string, string | Buffer>): Promise<void> {
  try {
    await fs.mkdir(folder, { recursive: true });
    if ((await fs.readdir(folder)).length > 0) throw new UsageError(`${folder} is not empty: choose a new folder`);
    for (const [name, content] of files) {
      const file = path.join(folder, name);
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, content, { flag: 'wx' });
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${folder} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}
