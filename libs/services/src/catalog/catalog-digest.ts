import { createHmac } from 'node:crypto';
import { ConflictError, type EncryptionKey } from '#domain';
import type { OpenApiDocument } from '#openapi';
import { type CatalogChange, contentHash } from './catalog-change.js';
import type { CatalogFile } from './catalog-file.js';

export interface CatalogToApply {
  readonly file: CatalogFile;
  /** The OpenAPI documents by "api/version". */
  readonly documents: ReadonlyMap<string, OpenApiDocument>;
  /** The first is the current one. */
  readonly encryptionKeys: readonly EncryptionKey[];
}

/**
 * What a file says with all that it names, and what applying it changes, as 64 hexadecimal digits: the same as long as both are. It is keyed,
 * because a file has secrets, and whoever reads the digest in a log must not be able to try which ones.
 */
export function catalogDigest(
  { file, documents, encryptionKeys }: CatalogToApply,
  changes: readonly CatalogChange[],
): string {
  const content = contentHash({
    file,
    documents: [...documents].map(([name, { document }]) => [name, contentHash(document)]),
    // The key that is made for tokens has a new name each time.
    changes: changes.map((change) => (change.noun === 'signing key' ? { ...change, name: '' } : change)),
  });
  return createHmac('sha256', encryptionKeys[0]?.secret ?? '')
    .update(`catalogue ${content}`)
    .digest('hex');
}

/**
 * Checks that applying changes what was shown before.
 * @throws ConflictError `catalog_changed` when the digest is of another file, or of other changes
 */
export function requireDigest(
  expected: string | undefined,
  catalog: CatalogToApply,
  changes: readonly CatalogChange[],
): void {
  if (expected === undefined || expected === catalogDigest(catalog, changes)) return;
  throw new ConflictError(
    'catalog_changed',
    'The catalogue or the file has changed since you compared the two, and nothing was applied. Compare them again.',
  );
}
