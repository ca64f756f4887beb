import { type Mode, lowestUuidV7, uuidV7TimeMs } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { EVENTS_OF, type EventSource } from './archived-events.js';
import { type IdSpan, newestUsageSpans } from './usage-span.js';
import { listStreamIds, sumStreams } from './usage-stream-repository.js';

const FIRST_MS = 0;
/** What is no id of a request may say a later time, which is no day in Postgres. */
export const LAST_DAY_MS = Date.UTC(9999, 11, 31);

/** One call through the gateway, as its customer may see it. */
export interface UsageRequest {
  /** The id of its usage event. */
  readonly requestId: string;
  readonly admittedAt: Date;
  readonly endedAt: Date;
  readonly mode: Mode;
  readonly organizationId: string;
  readonly applicationId: string;
  readonly credential: { readonly id: string; readonly keyId: string };
  readonly apiVersion: { readonly api: string; readonly name: string };
  readonly operation: string;
  readonly method: string;
  readonly status: number;
  readonly outcome: string;
  readonly reason: string;
  readonly billable: boolean;
  readonly countsToQuota: boolean;
  /** Exact decimals per meter slug. */
  readonly quantities: Readonly<Record<string, string>>;
  /** A quantity is the declared maximum, as the answer did not say the real one. */
  readonly estimated: boolean;
  /** Units above the declared maximum per meter slug, never billed; null when there are none. */
  readonly overrun: Readonly<Record<string, string>> | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** How many rows of a stream are added up in it so far; 1 of any other call. */
  readonly rowCount: number;
}

/** Which requests: every condition that is given must hold. */
export interface UsageRequestFilter {
  readonly organizationId: string;
  readonly applicationId?: string | undefined;
  readonly credentialId?: string | undefined;
  readonly requestId?: string | undefined;
  /** Only requests that were admitted before the one with this id. */
  readonly before?: string | undefined;
  /** Only requests that were admitted from this instant on, and before that one. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** What requests may be searched for beside: no index knows it, so each look reads a bounded number of them. */
export interface UsageRequestTraits {
  readonly apiProductId?: string | undefined;
  readonly apiVersionId?: string | undefined;
  readonly operation?: string | undefined;
  /** A status as "404", or a class as "4xx". */
  readonly status?: string | undefined;
  readonly outcome?: string | undefined;
  readonly billable?: boolean | undefined;
}

/** What was found among a bounded number of requests. */
export interface ScannedRequests {
  readonly requests: readonly UsageRequest[];
  /** The last request that was looked at, where there may be more; null when all were, or enough were found. */
  readonly reachedId: string | null;
}

/** Requests that match, newest first, at most `limit`, from the ledger or with what was loaded of its archive; a stream is one of them, with the sums of its rows. */
export async function listUsageRequests(
  transaction: Transaction,
  filter: UsageRequestFilter,
  limit: number,
  source: EventSource = 'ledger',
): Promise<UsageRequest[]> {
  const found: UsageRequest[] = [];
  for await (const span of spansOf(transaction, filter, limit)) {
    found.push(
      ...(await readRequests(transaction, eventsThatMatch(filter, span, source), limit - found.length, source)),
    );
    if (found.length >= limit) break;
  }
  return found;
}

/** Those of the newest `maxScanned` requests of the ledger that match which have the traits, newest first, at most `limit`. */
export async function scanUsageRequests(
  transaction: Transaction,
  filter: UsageRequestFilter,
  traits: UsageRequestTraits,
  { limit, maxScanned }: { readonly limit: number; readonly maxScanned: number },
): Promise<ScannedRequests> {
  const requests: UsageRequest[] = [];
  let left = maxScanned;
  for await (const span of spansOf(transaction, filter, limit)) {
    const events = eventsThatMatch(filter, span, 'ledger');
    const wanted = limit - requests.length;
    requests.push(...(await readRequests(transaction, withTraits(events, traits, left), wanted, 'ledger')));
    if (requests.length >= limit) break;
    const { count, lastId } = await lookThrough(transaction, eventsThatMatch(filter, span, 'ledger', 'id'), left);
    left -= count;
    if (left === 0) return { requests, reachedId: lastId };
  }
  return { requests, reachedId: null };
}

/** How many events there are, of at most so many, and the last of them. */
async function lookThrough(
  transaction: Transaction,
  { sql, parameters }: Query,
  most: number,
): Promise<{ readonly count: number; readonly lastId: string | null }> {
  const [row] = await transaction.query<{ count: number; lastId: string | null }>(
    `SELECT count(*)::integer AS count, (array_agg(id ORDER BY id))[1] AS "lastId" FROM (${sql} LIMIT ${Number(most)}) AS event`,
    parameters,
  );
  return row!;
}

/** The parts of the ledger that so many are in, the newest first. */
async function* spansOf(
  transaction: Transaction,
  { organizationId, applicationId, credentialId, requestId, before, from, to }: UsageRequestFilter,
  wanted: number,
): AsyncGenerator<IdSpan | null> {
  // An id says itself where it is.
  if (requestId !== undefined) return yield null;
  const beforeMs = before === undefined ? LAST_DAY_MS : uuidV7TimeMs(before);
  const toMs = Math.min(beforeMs, to?.getTime() ?? LAST_DAY_MS, LAST_DAY_MS);
  const usage = { organizationId, applicationId, credentialId, fromMs: from?.getTime() ?? FIRST_MS, toMs };
  yield* newestUsageSpans(transaction, usage, wanted);
}

async function readRequests(
  transaction: Transaction,
  { sql, parameters }: Query,
  limit: number,
  source: EventSource,
): Promise<UsageRequest[]> {
  // The partitions are ordered by id, so the newest are read first and the rest is not touched.
  const rows = await transaction.query<
    Omit<UsageRequest, 'admittedAt' | 'bytesIn' | 'bytesOut' | 'rowCount'> & Columns
  >(
    `SELECT event.id AS "requestId", event.ended_at AS "endedAt", event.mode, event.organization_id AS "organizationId",
       event.application_id AS "applicationId",
       json_build_object('id', event.credential_id, 'keyId', coalesce(credential.key_id, '')) AS credential,
       json_build_object('api', coalesce(api.slug, ''), 'name', coalesce(version.name, '')) AS "apiVersion",
       event.operation, event.method, event.status, event.outcome, event.reason, event.billable,
       event.counts_to_quota AS "countsToQuota", event.quantities, event.estimated, event.overrun, event.bytes_in AS "bytesIn", event.bytes_out AS "bytesOut"
     FROM (${sql} LIMIT ${Number(limit)}) AS event
     LEFT JOIN credential ON credential.id = event.credential_id
     LEFT JOIN api_version AS version ON version.id = event.api_version_id
     LEFT JOIN api ON api.id = version.api_id
     ORDER BY event.id DESC`,
    parameters,
  );
  const requestIds = rows.map(({ requestId }) => requestId);
  const streams = await listStreamIds(transaction, requestIds, source);
  const totals = new Map((await sumStreams(transaction, streams, source)).map((total) => [total.requestId, total]));
  return rows.map((row) => ({
    ...row,
    admittedAt: new Date(uuidV7TimeMs(row.requestId)),
    bytesIn: Number(row.bytesIn),
    bytesOut: Number(row.bytesOut),
    rowCount: 1,
    ...totals.get(row.requestId),
  }));
}

interface Query {
  readonly sql: string;
  readonly parameters: unknown[];
}

/** The first rows of the requests of a part of the ledger that match by what an index knows, newest first. */
function eventsThatMatch(filter: UsageRequestFilter, span: IdSpan | null, source: EventSource, columns = '*'): Query {
  const conditions: string[] = [];
  const parameters: unknown[] = [];
  const where = (sql: string, value: unknown) => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(`AND event.${sql} $${parameters.length}`);
  };
  const lowestId = (at: Date | undefined) => (at ? lowestUuidV7(at.getTime()) : undefined);
  where('organization_id =', filter.organizationId);
  where('application_id =', filter.applicationId);
  where('credential_id =', filter.credentialId);
  where('id =', filter.requestId);
  where('id <', filter.before);
  where('id >=', lowestId(filter.from));
  where('id <', lowestId(filter.to));
  where('id >=', span?.from);
  where('id <', span?.below);
  return {
    sql: `SELECT ${columns} FROM ${EVENTS_OF[source]} AS event WHERE seq = 0 ${conditions.join(' ')} ORDER BY id DESC`,
    parameters,
  };
}

/** Those of the first `most` that have the traits. */
function withTraits({ sql, parameters: before }: Query, traits: UsageRequestTraits, most: number): Query {
  const parameters = [...before];
  const conditions = ['true'];
  const where = (sql: string, value: unknown) => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(`scanned.${sql} $${parameters.length}`);
  };
  where('api_product_id =', traits.apiProductId);
  where('api_version_id =', traits.apiVersionId);
  where('operation =', traits.operation);
  where('outcome =', traits.outcome);
  where('billable =', traits.billable);
  if (traits.status?.endsWith('xx')) where('status / 100 =', Number(traits.status[0]));
  else where('status =', traits.status === undefined ? undefined : Number(traits.status));
  const scanned = `(${sql} LIMIT ${Number(most)}) AS scanned`;
  return { sql: `SELECT * FROM ${scanned} WHERE ${conditions.join(' AND ')} ORDER BY id DESC`, parameters };
}

interface Columns {
  readonly bytesIn: string;
  readonly bytesOut: string;
}

/** A key by its public id; null when there is none. */
export async function findCredentialOfKey(
  transaction: Transaction,
  keyId: string,
): Promise<{ readonly id: string; readonly organizationId: string } | null> {
  const [row] = await transaction.query<{ id: string; organizationId: string }>(
    `SELECT id, organization_id AS "organizationId" FROM credential WHERE key_id = $1`,
    [keyId],
  );
  return row ?? null;
}

/** Ids of the billed requests of a key after `after` (null: from the first), oldest first, at most `limit`. */
export async function listBilledRequestIds(
  transaction: Transaction,
  credentialId: string,
  after: string | null,
  limit: number,
  source: EventSource = 'ledger',
): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT DISTINCT id FROM ${EVENTS_OF[source]} AS event WHERE credential_id = $1 AND billable AND ($2::uuid IS NULL OR id > $2)
     ORDER BY id LIMIT $3`,
    [credentialId, after, limit],
  );
  return rows.map(({ id }) => id);
}

/** All requests of a key, billed or not; a stream is one. */
export async function countRequestsOfKey(
  transaction: Transaction,
  credentialId: string,
  source: EventSource = 'ledger',
): Promise<number> {
  const [row] = await transaction.query<{ count: string }>(
    `SELECT count(*) AS count FROM ${EVENTS_OF[source]} AS event WHERE credential_id = $1 AND seq = 0`,
    [credentialId],
  );
  return Number(row?.count ?? 0);
}
