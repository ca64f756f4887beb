import type { Product } from '../api/types.js';

/** A header that every response of the gateway carries, with a typical value. */
export interface ReceiptHeader {
  readonly name: string;
  readonly value: string;
}

/** What a response to the first call of a plan says about itself: the limit that it met, and what it cost. */
export function receiptOf({ plans, meters }: Product): readonly ReceiptHeader[] {
  const limit = plans.flatMap(({ version }) => version.definition.rateLimits)[0];
  const meter = meters[0];
  return [
    ...(limit ? [{ name: 'ratelimit', value: `"${limit.name}";r=${limit.limit - 1};t=${limit.windowSeconds}` }] : []),
    ...(meter ? [{ name: 'usage', value: `"${meter.slug}";cost=1;billable=?1;reason="ok"` }] : []),
  ];
}
