import { InvalidError } from '#domain';
import type { CatalogFile } from '../catalog-file.js';
import { MAX_DESCRIPTORS, MAX_TRANSLATION_TEXT } from '../policies/translation.js';
import type { ReadCatalogFile } from './load-catalog.js';

type Version = CatalogFile['apis'][number]['versions'][number];
type Translation = NonNullable<Version['policies']['translation']>;

/** Begins what is in a file of its own. */
const FILE = 'file:';

/** A version whose translation has what it names by "file:". */
export async function withTranslationFiles(version: Version, read: ReadCatalogFile): Promise<Version> {
  const { translation } = version.policies;
  if (!translation) return version;
  const files = new TranslationFiles(read);
  return { ...version, policies: { ...version.policies, translation: await files.within(translation) } };
}

class TranslationFiles {
  constructor(private readonly read: ReadCatalogFile) {}

  async within({ grpc, graphql, soap }: Translation): Promise<Translation> {
    if (grpc) return { grpc: { ...grpc, descriptors: await this.descriptors(grpc.descriptors) } };
    if (graphql) {
      const schema =
        graphql.schema === undefined ? {} : { schema: await this.text(graphql.schema, 'The GraphQL schema') };
      return { graphql: { ...graphql, ...schema } };
    }
    if (!soap) return {};
    const operations = Object.entries(soap.operations).map(
      async ([name, operation]) =>
        [name, { ...operation, envelope: await this.text(operation.envelope, 'The SOAP envelope') }] as const,
    );
    return { soap: { ...soap, operations: Object.fromEntries(await Promise.all(operations)) } };
  }

  private async descriptors(named: string): Promise<string> {
    if (!named.startsWith(FILE)) return named;
    const base64 = (await this.contentOf(named, 'The descriptor set')).toString('base64');
    if (base64.length > MAX_DESCRIPTORS)
      throw new InvalidError(
        'translation_file_invalid',
        `${named}: expected at most ${(MAX_DESCRIPTORS / 4) * 3} bytes. Leave out --include_source_info, and services that are not called.`,
      );
    return base64;
  }

  private async text(named: string, what: string): Promise<string> {
    if (!named.startsWith(FILE)) return named;
    const text = (await this.contentOf(named, what)).toString('utf8');
    if (text.trim() === '' || text.length > MAX_TRANSLATION_TEXT)
      throw new InvalidError('translation_file_invalid', `${named}: expected 1 to ${MAX_TRANSLATION_TEXT} characters.`);
    return text;
  }

  private contentOf(named: string, what: string): Promise<Buffer> {
    return this.read(named.slice(FILE.length), what);
  }
}
