import {
  InvalidError,
  type LatencyPercentiles,
  NotFoundError,
  TRAFFIC_DAYS,
  latencyPercentiles,
  mergeLatencies,
} from '#domain';
import {
  type TrafficFilter,
  type TrafficRow,
  type Transaction,
  findApiProduct,
  listVersionIdsOfProduct,
  nameUsageGroups,
  readTraffic,
} from '#persistence';
import { type EditedApiVersion, findOwnApiVersion } from '../api-version/own-api.js';
import type { ServiceContext } from '../context.js';
import { findOwnProduct } from '../plan/own-plan.js';

/** What is asked of traffic: its last so many minutes, in spans of `bucket`. */
export interface TrafficQuestion extends Pick<
  TrafficFilter,
  'bucket' | 'groupBy' | 'limit' | 'mode' | 'operation' | 'subset'
> {
  readonly minutes: number;
}

export interface ProductTrafficQuestion extends TrafficQuestion {
  /** Slug of the product. */
  readonly product: string;
  /** Only of this version; one that is in none of its APIs has no calls. */
  readonly apiVersionId?: string | undefined;
  /** Null for the operator's command line. */
  readonly publisherUserId: string | null;
}

/** Calls and how long they took; no percentiles where none took a time that is known. */
export interface TrafficSummary {
  readonly calls: number;
  /** Answers of 4xx, and of 5xx. */
  readonly clientErrors: number;
  readonly serverErrors: number;
  /** From the head of the request to the end of the answer. */
  readonly latency: LatencyPercentiles | null;
  /** From sending the request to the head of the upstream's answer. */
  readonly upstreamLatency: LatencyPercentiles | null;
}

export interface TrafficGroup extends TrafficSummary {
  /** Null for all that have no group of their own. */
  readonly id: string | null;
  readonly label: string;
}

export interface TrafficBucket extends TrafficSummary {
  readonly at: Date;
  readonly group: string | null;
}

export interface Traffic {
  readonly from: Date;
  readonly to: Date;
  readonly total: TrafficSummary;
  /** The busiest first, all others last; one for all calls when they are not told apart. */
  readonly groups: readonly TrafficGroup[];
  /** Oldest first; spans without calls are left out. */
  readonly buckets: readonly TrafficBucket[];
}

const MINUTES = { minute: 1, quarter: 15, hour: 60, day: 1_440 } as const;
const MAX_BUCKETS = 1_500;
/** Each has two histograms in each span. */
const MAX_CELLS = 6_000;

/**
 * How the calls of a product's API versions went lately, whichever product paid for them, as far as gateways have told: what ended more than
 * some ten seconds ago.
 * @throws NotFoundError `product_not_found`; InvalidError `traffic_range_invalid`
 */
export function productTraffic(
  context: ServiceContext,
  { product: slug, publisherUserId, apiVersionId, ...question }: ProductTrafficQuestion,
): Promise<Traffic> {
  requireReadable(question);
  return context.unitOfWork.inSystem(async (transaction) => {
    const product =
      publisherUserId === null
        ? await findApiProduct(transaction, slug)
        : await findOwnProduct(transaction, { slug, publisherUserId });
    if (!product) throw new NotFoundError('product');
    const ids = await listVersionIdsOfProduct(transaction, product.id);
    const asked = apiVersionId === undefined ? ids : ids.filter((id) => id === apiVersionId);
    return trafficOf(context, transaction, asked, question);
  });
}

/**
 * The same of one version of an API.
 * @throws NotFoundError `api_not_found`, `api_version_not_found`; InvalidError `traffic_range_invalid`
 */
export function apiVersionTraffic(
  context: ServiceContext,
  { api, version: name, publisherUserId, ...question }: TrafficQuestion & EditedApiVersion,
): Promise<Traffic> {
  requireReadable(question);
  return context.unitOfWork.inSystem(async (transaction) => {
    const { version } = await findOwnApiVersion(transaction, { api, version: name, publisherUserId });
    return trafficOf(context, transaction, [version.id], question);
  });
}

/** @throws InvalidError `traffic_range_invalid` for more than is kept, or more spans than anybody can look at */
function requireReadable({ minutes, bucket, groupBy, limit }: TrafficQuestion): void {
  const most = TRAFFIC_DAYS * 1_440;
  if (!(minutes >= 1 && minutes <= most))
    throw new InvalidError(
      'traffic_range_invalid',
      `minutes: expected 1 to ${most}: traffic is kept for ${TRAFFIC_DAYS} days.`,
    );
  const spans = Math.ceil(minutes / MINUTES[bucket]) + 1;
  const groups = groupBy === null ? 1 : limit + 1;
  if (spans > MAX_BUCKETS + 1 || spans * groups > MAX_CELLS)
    throw new InvalidError(
      'traffic_range_invalid',
      `In ${minutes} minutes there are ${spans} spans of a ${bucket}, of ${groups} groups: ask for larger spans, a shorter time or fewer groups.`,
    );
}

async function trafficOf(
  context: ServiceContext,
  transaction: Transaction,
  apiVersionIds: readonly string[],
  { minutes, ...question }: TrafficQuestion,
): Promise<Traffic> {
  const to = context.clock.now();
  const from = new Date(to.getTime() - minutes * 60_000);
  const rows = await readTraffic(transaction, { ...question, apiVersionIds, from, to });
  const byGroup = [...Map.groupBy(rows, ({ group }) => group)].map(([id, own]) => ({ id, ...summaryOf(own) }));
  const named = byGroup.flatMap(({ id }) => id ?? []);
  const labels =
    question.groupBy === 'operation'
      ? await nameUsageGroups(transaction, 'operation', named)
      : new Map<string, string>();
  const groups = byGroup
    .map((group) => ({ ...group, label: group.id === null ? 'All others' : (labels.get(group.id) ?? group.id) }))
    .toSorted((left, right) => Number(left.id === null) - Number(right.id === null) || right.calls - left.calls);
  const buckets = rows.map(({ at, group, ...row }) => ({ at, group, ...summaryOf([row]) }));
  return { from, to, total: summaryOf(rows), groups, buckets };
}

function summaryOf(rows: readonly Omit<TrafficRow, 'at' | 'group'>[]): TrafficSummary {
  const sum = (field: 'calls' | 'clientErrors' | 'serverErrors') => rows.reduce((all, row) => all + row[field], 0);
  return {
    calls: sum('calls'),
    clientErrors: sum('clientErrors'),
    serverErrors: sum('serverErrors'),
    latency: latencyPercentiles(mergeLatencies(rows.map(({ total }) => total))),
    upstreamLatency: latencyPercentiles(mergeLatencies(rows.map(({ upstream }) => upstream))),
  };
}
