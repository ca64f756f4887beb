import fs from 'node:fs/promises';
import path from 'node:path';
import { InvalidError } from '#domain';
import type { OpenApiDocument } from '#openapi';
import { type LoadedCatalog, type ReadCatalogFile, loadCatalog, readDocument } from '#services';
import { parse } from 'yaml';

/** Reads a catalogue file (YAML or JSON) and the files that it names, which are looked for beside it; throws what `loadCatalog` does. */
export async function loadCatalogFile(file: string, variables: ReadonlyMap<string, string>): Promise<LoadedCatalog> {
  return loadCatalog({ name: file, tree: await readTree(file), variables, read: readerBeside(file) });
}

/** What is in a catalogue file; throws an InvalidError when it is not YAML. */
export async function readTree(file: string): Promise<unknown> {
  const text = (await readWhole(file, 'The catalogue file')).toString('utf8');
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw new InvalidError('catalog_unreadable', `${file} is not YAML: ${(error as Error).message}`, { cause: error });
  }
}

/** Reads files by their names relative to a catalogue file. */
export function readerBeside(file: string): ReadCatalogFile {
  const folder = path.dirname(file);
  return (name, what) => readWhole(path.resolve(folder, name), what);
}

/** A document from a file; throws an InvalidError that names the file. */
export async function loadDocument(file: string): Promise<OpenApiDocument> {
  return readDocument((await readWhole(file, 'The OpenAPI document')).toString('utf8'), file);
}

async function readWhole(file: string, what: string): Promise<Buffer> {
  try {
    return await fs.readFile(file);
  } catch (error) {
    throw new InvalidError('file_unreadable', `${what} ${file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
