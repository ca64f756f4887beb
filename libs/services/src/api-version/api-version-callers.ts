import { type ApiVersionCaller, type Slice, listApiVersionCallers as listCallers } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type EditedApiVersion, findOwnApiVersion } from './own-api.js';

const DAY_MS = 86_400_000;

/** Whoever has not called for so long is not asked to change anything. */
export const CALLER_DAYS = 90;

/** From the beginning of which UTC day on calls count. */
export function callersSince(context: ServiceContext): Date {
  const today = Math.floor(context.clock.nowMs() / DAY_MS) * DAY_MS;
  return new Date(today - (CALLER_DAYS - 1) * DAY_MS);
}

/**
 * The applications that have called a version on the last 90 days (UTC), today among them, those with the most calls first.
 * @throws NotFoundError `api_not_found`, `api_version_not_found`
 */
export function listApiVersionCallers(
  context: ServiceContext,
  edited: EditedApiVersion,
  slice: Slice<{ readonly calls: number; readonly applicationId: string }> = {},
): Promise<ApiVersionCaller[]> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const { version } = await findOwnApiVersion(transaction, edited);
    return listCallers(transaction, { apiVersionId: version.id, since: callersSince(context) }, slice);
  });
}
