import { InvalidError } from '#domain';
import type { UsageBucketSize } from '#persistence';

const BUCKET_MS: Readonly<Record<UsageBucketSize, number>> = { quarter: 900_000, hour: 3_600_000, day: 86_400_000 };
const MAX_BUCKETS = 1_500;

/** @throws InvalidError `usage_range_invalid` when `to` is not after `from`, or there are more than 1500 spans in between. */
export function requireUsageRange({
  from,
  to,
  bucket,
}: {
  readonly from: Date;
  readonly to: Date;
  readonly bucket: UsageBucketSize;
}): void {
  const spanMs = to.getTime() - from.getTime();
  if (!(spanMs > 0)) throw new InvalidError('usage_range_invalid', '“to” must be later than “from”.');
  if (spanMs / BUCKET_MS[bucket] > MAX_BUCKETS) {
    throw new InvalidError(
      'usage_range_invalid',
      `From “from” to “to” there are more than ${MAX_BUCKETS} spans of a ${bucket}: ask for less, or for larger spans.`,
    );
  }
}
