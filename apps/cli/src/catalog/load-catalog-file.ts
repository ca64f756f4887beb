import fs from 'node:fs/promises';
import path from 'node:path';
import { InvalidError } from '#domain';
import { type OpenApiDocument, OpenApiDocumentError, loadOpenApiDocument } from '#openapi';
import { type CatalogFile, catalogFileSchema } from '#services';
import { parse } from 'yaml';
import { withVariables } from './file-variables.js';
import { withTranslationFiles } from './translation-files.js';

/** Begins the text of a guide that is in a file. */
const GUIDE_FILE = 'file:';
const MAX_GUIDE = 200_000;

/** A catalogue file with all that it names, as `applyCatalog` takes it. */
export interface LoadedCatalog {
  readonly file: CatalogFile;
  readonly documents: ReadonlyMap<string, OpenApiDocument>;
  readonly unsetSecrets: ReadonlyMap<string, string>;
}

/**
 * Reads a catalogue file (YAML or JSON) and the documents that it names. `${name}` in any text is replaced from
 * `variables`; one without a value is a fault, but for secrets, which stay what they are then. Throws an InvalidError that names every
 * fault of the file's form at once.
 */
export async function loadCatalogFile(file: string, variables: ReadonlyMap<string, string>): Promise<LoadedCatalog> {
  const text = await readText(file, 'The catalogue file');
  let tree: unknown;
  try {
    tree = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw new InvalidError('catalog_unreadable', `${file} is not YAML: ${(error as Error).message}`, { cause: error });
  }
  const { tree: substituted, unsetSecrets } = withVariables(tree, variables);
  const parsed = catalogFileSchema.safeParse(substituted);
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
  const apis = await withFiles(parsed.data.apis, path.dirname(file));
  return { file: { ...parsed.data, apis }, documents, unsetSecrets };
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
