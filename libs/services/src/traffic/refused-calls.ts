import { InvalidError, TRAFFIC_DAYS } from '#domain';
import {
  type RefusedBucket,
  type RefusedCallsFilter,
  type RefusedKind,
  type Transaction,
  listVersionIdsOfProduct,
  readRefusedBuckets,
  readRefusedKinds,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { findOwnProduct } from '../plan/own-plan.js';

const DAY_MS = 86_400_000;
/** Kinds of refused calls that are told one by one. */
const MOST_KINDS = 100;
const MAX_FINE_MS = 3 * DAY_MS;

/** Why calls were refused. */
export interface RefusedCallsReport {
  readonly from: Date;
  readonly to: Date;
  readonly bucket: 'hour' | 'day';
  readonly calls: number;
  /** Oldest first; spans without any are left out. */
  readonly buckets: readonly RefusedBucket[];
  /** Those with the most calls first, a hundred at most. */
  readonly kinds: readonly RefusedKind[];
}

export type OwnRefusedCallsFilter = Pick<
  RefusedCallsFilter,
  'from' | 'to' | 'operation' | 'applicationId' | 'credentialId'
> & { readonly organizationId: string; readonly apiVersionId?: string | undefined };

/**
 * Why calls with an organization's keys were refused, by the hour for up to three days, else by the day (UTC). They cost
 * nothing and are in no usage. Of the last 31 days; gateways tell every ten seconds or so.
 * @throws InvalidError `usage_range_invalid` when `to` is not after `from`, or is more than 31 days after it
 */
export function refusedCalls(
  context: ServiceContext,
  { apiVersionId, ...filter }: OwnRefusedCallsFilter,
): Promise<RefusedCallsReport> {
  const spanMs = filter.to.getTime() - filter.from.getTime();
  if (!(spanMs > 0)) throw new InvalidError('usage_range_invalid', '“to” must be later than “from”.');
  if (spanMs > TRAFFIC_DAYS * DAY_MS)
    throw new InvalidError('usage_range_invalid', `Refused calls are kept for ${TRAFFIC_DAYS} days: ask for less.`);
  const only = apiVersionId === undefined ? {} : { apiVersionIds: [apiVersionId] };
  return context.unitOfWork.inOrganization(filter.organizationId, (transaction) =>
    reportWithin(transaction, { ...filter, ...only }),
  );
}

/** Of the calls to the APIs of a product, of the last so many days. */
export interface ProductRefusedCallsFilter extends Pick<RefusedCallsFilter, 'operation'> {
  /** Slug of the product. */
  readonly product: string;
  readonly days: number;
  readonly apiVersionId?: string | undefined;
  readonly publisherUserId: string;
}

/**
 * Why calls to the APIs of a product were refused, whichever product pays, and to whom; callers that nobody knows are among them.
 * @throws NotFoundError `product_not_found`
 */
export function productRefusedCalls(
  context: ServiceContext,
  { product: slug, days, operation, apiVersionId, publisherUserId }: ProductRefusedCallsFilter,
): Promise<RefusedCallsReport> {
  const to = context.clock.now();
  const from = new Date(to.getTime() - days * DAY_MS);
  return context.unitOfWork.inSystem(async (transaction) => {
    const product = await findOwnProduct(transaction, { slug, publisherUserId });
    const ids = await listVersionIdsOfProduct(transaction, product.id);
    const apiVersionIds = apiVersionId === undefined ? ids : ids.filter((id) => id === apiVersionId);
    return reportWithin(transaction, { organizationId: null, from, to, operation, apiVersionIds });
  });
}

async function reportWithin(
  transaction: Transaction,
  filter: Omit<RefusedCallsFilter, 'bucket'>,
): Promise<RefusedCallsReport> {
  const { from, to } = filter;
  const bucket = to.getTime() - from.getTime() <= MAX_FINE_MS ? 'hour' : 'day';
  const buckets = await readRefusedBuckets(transaction, { ...filter, bucket });
  const kinds = await readRefusedKinds(transaction, { ...filter, bucket }, MOST_KINDS);
  return { from, to, bucket, calls: buckets.reduce((sum, { calls }) => sum + calls, 0), buckets, kinds };
}
