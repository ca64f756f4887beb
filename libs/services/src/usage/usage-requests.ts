import { NotFoundError, uuidV7TimeMs } from '#domain';
import {
  LAST_DAY_MS,
  type ArchivedUsageDay,
  type EventSource,
  type Transaction,
  type UsageRequest,
  type UsageRequestFilter,
  type UsageRequestTraits,
  type UsageRow,
  keepPartitions,
  listDroppedDaysOfOrganization,
  listUsageRequests as readUsageRequests,
  listUsageRows,
  prepareArchivedUsage,
  scanUsageRequests,
} from '#persistence';
import { loadArchivedRequests } from '../archive/read-archive.js';
import type { ServiceContext } from '../context.js';

export interface UsageRequestPage {
  readonly requests: readonly UsageRequest[];
  /** The `before` of the next page; null on the last. */
  readonly next: string | null;
}

/** A request whole: with the rows in which a stream was recorded, the latest first. */
export interface UsageReceipt extends UsageRequest {
  readonly rows: readonly UsageRow[];
}

/** A day of minutes, and some more. */
const MAX_ROWS = 1_500;
/** So many requests are looked through for traits at a time: some ten milliseconds. */
const MAX_SCANNED = 5_000;

/**
 * The organization's requests, newest first, `limit` at a time, from the ledger and its archive. A page may have fewer, or
 * none, and yet a next one: when a bounded look was not enough to fill it. With traits (status, operation, outcome …) only
 * the ledger is looked through, not its archive.
 * @throws UsageArchiveError when it needs the archive and that cannot be read.
 */
export async function listUsageRequests(
  context: ServiceContext,
  { limit, ...asked }: UsageRequestFilter & UsageRequestTraits & { readonly limit: number },
): Promise<UsageRequestPage> {
  const { apiProductId, apiVersionId, operation, status, outcome, billable, ...filter } = asked;
  const traits = { apiProductId, apiVersionId, operation, status, outcome, billable };
  return context.unitOfWork.inOrganization(filter.organizationId, async (transaction) => {
    const { found, reachedId } = Object.values(traits).every((trait) => trait === undefined)
      ? await findRequests(context, transaction, filter, limit + 1)
      : await scanRequests(transaction, filter, traits, limit + 1);
    const requests = found.slice(0, limit);
    return { requests, next: found.length > limit ? requests.at(-1)!.requestId : reachedId };
  });
}

/**
 * One request of the organization, with its rows: at most the latest 1,500.
 * @throws NotFoundError `usage_request_not_found`, also while the request is on its way to the ledger; UsageArchiveError
 *   when it is of an archived day and the archive cannot be read.
 */
export async function findUsageRequest(
  context: ServiceContext,
  filter: { readonly organizationId: string; readonly requestId: string },
): Promise<UsageReceipt> {
  return context.unitOfWork.inOrganization(filter.organizationId, async (transaction) => {
    const { found, source } = await findRequests(context, transaction, filter, 1);
    const [request] = found;
    if (!request) {
      throw new NotFoundError(
        'usage request',
        'There is no such request; one that has just ended takes a few seconds.',
      );
    }
    return { ...request, rows: await listUsageRows(transaction, filter, MAX_ROWS, source) };
  });
}

interface FoundRequests {
  readonly found: readonly UsageRequest[];
  /** Where they are, for more about them. */
  readonly source: EventSource;
  /** Requests from this id on are found; null: all. */
  readonly reachedId: string | null;
}

async function findRequests(
  context: ServiceContext,
  transaction: Transaction,
  filter: UsageRequestFilter,
  limit: number,
): Promise<FoundRequests> {
  await keepPartitions(transaction);
  const live = await readUsageRequests(transaction, filter, limit);
  const days = await findArchivedDays(transaction, filter);
  const isFilled = live.length === limit && dayOf(live.at(-1)!.requestId) > (days[0]?.day ?? '');
  if (isFilled || days.length === 0) return { found: live, source: 'ledger', reachedId: null };
  await prepareArchivedUsage(transaction);
  const reachedId = await loadArchivedRequests(context, transaction, days, filter, { limit });
  const source = 'ledgerAndArchive';
  const found = await readUsageRequests(transaction, filter, limit, source);
  return { found: found.filter(({ requestId }) => reachedId === null || requestId >= reachedId), source, reachedId };
}

/** Those of a bounded number of requests of the ledger that have the traits. */
async function scanRequests(
  transaction: Transaction,
  filter: UsageRequestFilter,
  traits: UsageRequestTraits,
  limit: number,
): Promise<FoundRequests> {
  const bounds = { limit, maxScanned: MAX_SCANNED };
  const { requests, reachedId } = await scanUsageRequests(transaction, filter, traits, bounds);
  return { found: requests, source: 'ledger', reachedId };
}

/** The archived days that may have such requests, the newest first. */
async function findArchivedDays(
  transaction: Transaction,
  { organizationId, requestId, before, from, to }: UsageRequestFilter,
): Promise<readonly ArchivedUsageDay[]> {
  const last = requestId ?? before;
  const lastDays = [last === undefined ? null : dayOf(last), to?.toISOString().slice(0, 10) ?? null];
  const lastDay = lastDays.filter((day) => day !== null).toSorted()[0] ?? null;
  const firstDay = from?.toISOString().slice(0, 10) ?? '';
  const days = await listDroppedDaysOfOrganization(transaction, organizationId, lastDay);
  return days.filter(({ day }) => day >= firstDay && (requestId === undefined || day === lastDay));
}

/** The UTC day on which a request was admitted. */
function dayOf(requestId: string): string {
  return new Date(Math.min(uuidV7TimeMs(requestId), LAST_DAY_MS)).toISOString().slice(0, 10);
}
