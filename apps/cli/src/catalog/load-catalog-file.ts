import fs from 'node:fs/promises';
import path from 'node:path';
import { InvalidError } from '#domain';
import { type OpenApiDocument, OpenApiDocumentError, loadOpenApiDocument } from '#openapi';
import { type CatalogFile, catalogFileSchema } from '#services';
import { parse } from 'yaml';
import { withTranslationFiles } from './translation-files.js';

/** Begins the text of a guide that is in a file. */
const GUIDE_FILE = 'file:';
const MAX_GUIDE = 200_000;

/**
 * Reads a catalogue file (YAML or JSON) and the documents that it names. `${name}` in any text is replaced from
 * `variables`; one without a value is a fault. Throws an InvalidError that names every fault of the file's form at once.
 */
export async function loadCatalogFile(
  file: string,
  variables: ReadonlyMap<string, string>,
): Promise<{ readonly file: CatalogFile; readonly documents: ReadonlyMap<string, OpenApiDocument> }> {
  const text = await readText(file, 'The catalogue file');
  let tree: unknown;
  try {
    tree = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw new InvalidError('catalog_unreadable', `${file} is not YAML: ${(error as Error).message}`, { cause: error });
  }
  const parsed = catalogFileSchema.safeParse(substitute(tree, variables));
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || '(file)'}: ${issue.message}`);
    throw new InvalidError('catalog_invalid', `${file} has faults:\n${faults.join('\n')}`);
  }
  const documents = new Map<string, OpenApiDocument>();
  for (const api of parsed.data.apis) {
    for (const version of api.versions) {
      const name = `${api.slug}/${version.name}`;
      const isInline = version.document.includes('\n');
      const document = isInline
        ? readDocument(version.document, `The document of ${name}`)
        : loadDocument(path.resolve(path.dirname(file), version.document));
      documents.set(name, await document);
    }
  }
  return { file: { ...parsed.data, apis: await withFiles(parsed.data.apis, path.dirname(file)) }, documents };
}

/** Guides and translations that are in files of their own have it from there. */
function withFiles(apis: CatalogFile['apis'], folder: string): Promise<CatalogFile['apis']> {
  const textOf = async (text: string): Promise<string> => {
    if (!text.startsWith(GUIDE_FILE)) return text;
    const read = await readText(path.resolve(folder, text.slice(GUIDE_FILE.length)), 'The guide');
    if (read.trim() === '' || read.length > MAX_GUIDE) {
      throw new InvalidError('guide_invalid', `${text}: expected 1 to ${MAX_GUIDE} characters.`);
    }
    return read;
  };
  return Promise.all(
    apis.map(async (api) => {
      const versions = api.versions.map(async (version) => {
        const guides = version.guides.map(async (guide) => ({ ...guide, text: await textOf(guide.text) }));
        return withTranslationFiles({ ...version, guides: await Promise.all(guides) }, folder, readWhole);
      });
      return { ...api, versions: await Promise.all(versions) };
    }),
  );
}

/** An OpenAPI document from a file; throws an InvalidError that names the file. */
export async function loadDocument(file: string): Promise<OpenApiDocument> {
  return readDocument(await readText(file, 'The OpenAPI document'), file);
}

async function readDocument(text: string, where: string): Promise<OpenApiDocument> {
  try {
    return await loadOpenApiDocument(text);
  } catch (error) {
    if (error instanceof OpenApiDocumentError)
      throw new InvalidError(error.code, `${where}: ${error.message}`, { cause: error });
    throw error;
  }
}

async function readText(file: string, what: string): Promise<string> {
  return (await readWhole(file, what)).toString('utf8');
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

function substitute(tree: unknown, variables: ReadonlyMap<string, string>): unknown {
  if (typeof tree === 'string') {
    return tree.replace(/\$\{([A-Za-z][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const value = variables.get(name);
      if (value === undefined)
        throw new InvalidError('variable_missing', `\${${name}} has no value: give it with --set ${name}=…`);
      return value;
    });
  }
  if (Array.isArray(tree)) return tree.map((part) => substitute(part, variables));
  if (tree !== null && typeof tree === 'object') {
    return Object.fromEntries(Object.entries(tree).map(([key, part]) => [key, substitute(part, variables)]));
  }
  return tree;
}
