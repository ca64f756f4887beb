import { setImmediate as nextTurn } from 'node:timers/promises';
import { NotFoundError } from '#domain';
import { type ChangeSeverity, type DocumentChange, type DocumentDiff, type JsonObject, diffSteps } from '#openapi';
import {
  type CatalogApiVersion,
  type DocumentedApiVersion,
  type PublishedApiVersion,
  findDocumentedApiVersion,
  listDocumentedVersions,
  listPublishedVersions,
} from '#persistence';
import type { ServiceContext } from '../context.js';

/** Comparing gives way to others after so long. */
const SLICE_MS = 20;

/** Two versions of an API and what differs between them, as callers at the gateway see it. */
export interface VersionComparison extends DocumentDiff {
  readonly api: DocumentedApiVersion['api'];
  readonly from: Pick<DocumentedApiVersion, 'name' | 'state' | 'routes'>;
  readonly to: Pick<DocumentedApiVersion, 'name' | 'state'>;
  /** That one can compare, the newest first. */
  readonly versions: readonly Pick<CatalogApiVersion, 'name' | 'state' | 'latest'>[];
}

/** Keeps what was compared, by the hashes of both documents. */
export interface ComparisonCache {
  get(key: string): Promise<DocumentDiff> | undefined;
  set(key: string, diff: Promise<DocumentDiff>): void;
}

const noCache: ComparisonCache = { get: () => undefined, set: () => undefined };

/**
 * What changed from one version to another of an API. `to` is a name or "latest"; without `from` it is the version before
 * `to`, or `to` itself when it is the first. Drafts are not found. Other work goes on in between.
 * @throws NotFoundError `api_version_not_found`
 */
export async function compareVersions(
  context: ServiceContext,
  { api, from, to }: { readonly api: string; readonly from: string | null; readonly to: string },
  cache: ComparisonCache = noCache,
): Promise<VersionComparison> {
  const found = await context.unitOfWork.inSystem(async (transaction) => {
    const newer = await findDocumentedApiVersion(transaction, api, to);
    if (!newer) throw new NotFoundError('API version');
    const versions = await listDocumentedVersions(transaction, api);
    const before = versions[versions.findIndex(({ name }) => name === newer.name) + 1]?.name ?? newer.name;
    const older = await findDocumentedApiVersion(transaction, api, from ?? before);
    if (!older) throw new NotFoundError('API version');
    return { newer, older, versions };
  });
  const { newer, older, versions } = found;
  const key = `${older.documentHash} ${newer.documentHash}`;
  const comparing = cache.get(key) ?? compareInSlices(older.document as JsonObject, newer.document as JsonObject);
  cache.set(key, comparing);
  const { changes, isCutShort } = await comparing;
  return { api: newer.api, from: older, to: newer, versions, changes, isCutShort };
}

/** The versions that were published last, of one API or of all (null), the newest first; at most `limit`. */
export function listReleases(
  context: ServiceContext,
  filter: { readonly api: string | null; readonly limit: number },
): Promise<PublishedApiVersion[]> {
  return context.unitOfWork.inSystem((transaction) => listPublishedVersions(transaction, filter));
}

/** How many changes of each kind there are. */
export function countBySeverity(changes: readonly DocumentChange[]): Readonly<Record<ChangeSeverity, number>> {
  const counts = { breaking: 0, non_breaking: 0, docs: 0 };
  for (const { severity } of changes) counts[severity] += 1;
  return counts;
}

/** What differs between two documents, as callers at the gateway see it. Other work goes on in between. */
export async function compareInSlices(from: JsonObject, to: JsonObject): Promise<DocumentDiff> {
  const steps = diffSteps(from, to, { isBehindGateway: true });
  let sinceMs = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - sinceMs < SLICE_MS) continue;
    await nextTurn();
    sinceMs = performance.now();
  }
}
