import { InvalidError } from '#domain';
import { type ChangeInPlaces, loadCatalog } from '#services';
import { callRemote } from '../remote.js';
import { readTree, readerBeside } from './load-catalog-file.js';

const PATH = '/api/v1/publisher/catalog';

/**
 * Sends a catalogue file with all that it names to the portal, which applies it for the publisher teams of the token's owner, or
 * says what it would change. What is wrong with the file's form is found here, before anything is sent.
 * @throws InvalidError what `loadCatalogFile` throws, or what the portal refuses; UnavailableError when it does not answer
 */
export async function sendCatalog(
  file: string,
  variables: ReadonlyMap<string, string>,
  { dryRun, expectedDigest }: { readonly dryRun: boolean; readonly expectedDigest?: string },
): Promise<SentCatalog> {
  const tree = await readTree(file);
  const readFile = readerBeside(file);
  const files = new Map<string, string>();
  await loadCatalog({
    name: file,
    tree,
    variables,
    read: async (name, what) => {
      const content = await readFile(name, what);
      files.set(name, content.toString('base64'));
      return content;
    },
  });
  const named = { files: Object.fromEntries(files), variables: Object.fromEntries(variables) };
  const sent = { catalog: tree, ...named, dryRun, ...(expectedDigest !== undefined && { expectedDigest }) };
  const response = await callRemote({ method: 'POST', path: PATH, body: JSON.stringify(sent) });
  const body = (await response.json().catch(() => ({}))) as Partial<SentCatalog> & Problem;
  const { digest = '', changes } = body;
  if (response.ok && changes) return { digest, changes };
  throw new InvalidError(body.code ?? 'catalog_refused', body.detail ?? `The portal answers with ${response.status}.`);
}

/** What applying a file through the portal changed, or would change. */
export interface SentCatalog {
  /** Of the file and of these changes: `catalogDigest`. Empty from a portal of before. */
  readonly digest: string;
  readonly changes: readonly ChangeInPlaces[];
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
}
