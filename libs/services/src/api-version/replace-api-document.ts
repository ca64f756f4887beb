import { type ApiVersion, ConflictError } from '#domain';
import { type DocumentChange, type JsonObject, type OpenApiDocument, loadOpenApiDocument } from '#openapi';
import { compareInSlices, countBySeverity } from '../catalog/compare-versions.js';
import { writeApiVersion } from '../catalog/write-api-version.js';
import type { ServiceContext } from '../context.js';
import { type ApiVersionChange, changeVersion } from './change-api-version.js';

/**
 * Puts another document in the place of a version's. What callers have must not break by it: for that there are new versions.
 * @throws OpenApiDocumentError for a document that cannot be published; NotFoundError `api_not_found`, `api_version_not_found`;
 *   ConflictError `document_breaks_callers`; InvalidError `catalog_invalid`; what `check` throws
 */
export async function replaceApiDocument(
  context: ServiceContext,
  { source, ...change }: ApiVersionChange & { readonly source: string },
): Promise<void> {
  const document = await loadOpenApiDocument(source);
  await changeVersion(context, change, async (work, { api, version }) => {
    if (version.state !== 'draft') await requireHarmless(version, document);
    await writeApiVersion(work, { api, current: version, document, desired: version });
  });
}

/** Two documents that are too different to be compared to the end may break somebody. */
async function requireHarmless(version: ApiVersion, document: OpenApiDocument): Promise<void> {
  const { changes, isCutShort } = await compareInSlices(version.document as JsonObject, document.document);
  const { breaking } = countBySeverity(changes);
  if (breaking === 0 && !isCutShort) return;
  const count = isCutShort ? 'More changes than can be told' : breaking === 1 ? 'A change' : `${breaking} changes`;
  throw new ConflictError(
    'document_breaks_callers',
    `${count} ${isCutShort ? 'may' : 'would'} break callers of ${version.name}${exampleOf(changes)}. Add a version instead.`,
  );
}

function exampleOf(changes: readonly DocumentChange[]): string {
  const first = changes.find(({ severity }) => severity === 'breaking');
  if (!first) return '';
  const place = [first.operation && `${first.operation.method} ${first.operation.template}`, first.place];
  return ` (${place.filter(Boolean).join(' · ')}: ${first.message})`;
}
