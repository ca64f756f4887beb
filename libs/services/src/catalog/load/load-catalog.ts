import { InvalidError } from '#domain';
import { type OpenApiDocument, OpenApiDocumentError, loadOpenApiDocument } from '#openapi';
import { type CatalogFile, MAX_DESCRIPTION, catalogFileSchema } from '../catalog-file.js';
import { CatalogRefusedError } from '../catalog-refused-error.js';
import { fileNamedBy, ownTextOf } from '../named-text.js';
import { withTranslationFiles } from './translation-files.js';
import { withVariables } from './with-variables.js';

const MAX_GUIDE = 200_000;

/** Reads a file that a catalogue names, by that name; throws an InvalidError that names it. `what` is it for people. */
export type ReadCatalogFile = (name: string, what: string) => Promise<Buffer>;

/** A catalogue file with all that it names, as `applyCatalog` takes it. */
export interface LoadedCatalog {
  readonly file: CatalogFile;
  readonly documents: ReadonlyMap<string, OpenApiDocument>;
  readonly unsetSecrets: ReadonlyMap<string, string>;
}

export interface CatalogSource {
  /** For people: the name of the file. */
  readonly name: string;
  /** What is in it, as JSON has it. */
  readonly tree: unknown;
  readonly variables: ReadonlyMap<string, string>;
  readonly read: ReadCatalogFile;
}

/**
 * A catalogue from the tree of its file, with the documents and texts that it names. `${name}` in any text is replaced from
 * `variables`; one without a value is a fault, but for secrets, which stay what they are then.
 * @throws CatalogRefusedError `catalog_invalid` with every fault of the form at once; InvalidError `variable_missing`, `guide_invalid`,
 *   `translation_file_invalid`, those of documents, and what `read` throws
 */
export async function loadCatalog({ name, tree, variables, read }: CatalogSource): Promise<LoadedCatalog> {
  const { tree: substituted, unsetSecrets } = withVariables(tree, variables);
  const parsed = catalogFileSchema.safeParse(substituted);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    const lines = faults.map(({ path, message }) => `${path || '(file)'}: ${message}`);
    throw new CatalogRefusedError('catalog_invalid', `${name} has faults`, faults, lines);
  }
  const documents = new Map<string, OpenApiDocument>();
  for (const api of parsed.data.apis) {
    for (const version of api.versions) {
      const versionName = `${api.slug}/${version.name}`;
      documents.set(versionName, await documentOf(version.document, versionName, read));
    }
  }
  const apis = await withFiles(parsed.data.apis, read);
  const products = await withDescriptions(parsed.data.products, read);
  return { file: { ...parsed.data, apis, products }, documents, unsetSecrets };
}

/** A document of several lines is in the catalogue itself. */
async function documentOf(document: string, versionName: string, read: ReadCatalogFile): Promise<OpenApiDocument> {
  if (document.includes('\n')) return readDocument(document, `The document of ${versionName}`);
  return readDocument((await read(document, 'The OpenAPI document')).toString('utf8'), document);
}

/** Guides and translations that are in files of their own have it from there. */
function withFiles(apis: CatalogFile['apis'], read: ReadCatalogFile): Promise<CatalogFile['apis']> {
  const textOf = async (text: string): Promise<string> => {
    const name = fileNamedBy(text);
    if (name === null) return ownTextOf(text);
    const found = (await read(name, 'The guide')).toString('utf8');
    if (found.trim() === '' || found.length > MAX_GUIDE) {
      throw new InvalidError('guide_invalid', `${text}: expected 1 to ${MAX_GUIDE} characters.`);
    }
    return found;
  };
  return Promise.all(
    apis.map(async (api) => {
      const versions = api.versions.map(async (version) => {
        const guides = version.guides.map(async (guide) => ({ ...guide, text: await textOf(guide.text) }));
        return withTranslationFiles({ ...version, guides: await Promise.all(guides) }, read);
      });
      return { ...api, versions: await Promise.all(versions) };
    }),
  );
}

/** Descriptions of products that are in files of their own have their text from there. */
function withDescriptions(products: CatalogFile['products'], read: ReadCatalogFile): Promise<CatalogFile['products']> {
  return Promise.all(
    products.map(async (product) => {
      const { slug, description: named } = product;
      const name = fileNamedBy(named);
      if (name === null) return { ...product, description: ownTextOf(named) };
      const description = (await read(name, 'The description')).toString('utf8');
      if (description.length > MAX_DESCRIPTION)
        throw new InvalidError(
          'catalog_invalid',
          `products.${slug}.description: ${named} has ${description.length} characters, more than ${MAX_DESCRIPTION}. Shorten it, or put a part of it into a guide.`,
        );
      return { ...product, description };
    }),
  );
}

/** A document by its text. @throws InvalidError that says `where` it is */
export async function readDocument(text: string, where: string): Promise<OpenApiDocument> {
  try {
    return await loadOpenApiDocument(text);
  } catch (error) {
    if (error instanceof OpenApiDocumentError)
      throw new InvalidError(error.code, `${where}: ${error.message}`, { cause: error });
    throw error;
  }
}
