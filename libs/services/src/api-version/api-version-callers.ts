import { type ApiVersionCaller, type Slice, listApiVersionCallers as listCallers } from '#persistence';
import { type ComparisonCache, compareVersions } from '../catalog/compare-versions.js';
import type { ServiceContext } from '../context.js';
import { breakingOperations } from './breaking-operations.js';
import { type EditedApiVersion, findOwnApiVersion } from './own-api.js';

const DAY_MS = 86_400_000;
/** Whoever has not called for so long is not asked to change anything. */
const callerDays = 90;

export interface ApiVersionCallers {
  /** The version that callers should move to; null when it is this one. */
  readonly latest: string | null;
  readonly callers: readonly ApiVersionCaller[];
}

/** From the beginning of which UTC day on calls count. */
export function callersSince(context: ServiceContext): Date {
  const today = Math.floor(context.clock.nowMs() / DAY_MS) * DAY_MS;
  return new Date(today - (callerDays - 1) * DAY_MS);
}

/**
 * The applications that have called a version on the last 90 days (UTC), today among them, those with the most calls first; each with
 * what it has called that breaks in the latest version.
 * @throws NotFoundError `api_not_found`, `api_version_not_found`
 */
export async function listApiVersionCallers(
  context: ServiceContext,
  edited: EditedApiVersion,
  cache: ComparisonCache,
  slice: Slice<{ readonly calls: number; readonly applicationId: string }> = {},
): Promise<ApiVersionCallers> {
  const { version } = await context.unitOfWork.inSystem((transaction) => findOwnApiVersion(transaction, edited));
  if (version.state === 'draft') return { latest: null, callers: [] };
  const { latest, broken } = await whatBreaks(context, edited, cache);
  const filter = { apiVersionId: version.id, since: callersSince(context), named: broken };
  const callers = await context.unitOfWork.inSystem((transaction) => listCallers(transaction, filter, slice));
  return { latest, callers };
}

/**
 * The latest version that is not this one, and the operations of this one that break in it.
 * @throws NotFoundError `api_version_not_found`, also for a draft
 */
export async function whatBreaks(
  context: ServiceContext,
  { api, version }: Pick<EditedApiVersion, 'api' | 'version'>,
  cache?: ComparisonCache,
): Promise<{ readonly latest: string | null; readonly broken: readonly string[] }> {
  const { from, to, changes } = await compareVersions(context, { api, from: version, to: 'latest' }, cache);
  return { latest: to.name === from.name ? null : to.name, broken: breakingOperations(from.routes, changes) };
}
