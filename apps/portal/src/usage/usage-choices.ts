import type { ProductUsageGrouping, UsageGrouping, UsageOutcome } from '../api/types.js';

/** By what the explorer tells usage apart, in the order of its choices. */
export const usageGroupings = {
  status: 'Status',
  operation: 'Operation',
  product: 'API product',
  key: 'Key',
  application: 'Application',
} as const satisfies Record<UsageGrouping, string>;

/** A choice within a sentence: "API product" and "status". */
export function groupingWords(label: string): string {
  return label.toLowerCase().replace('api', 'API');
}

export function isUsageGrouping(value: unknown): value is UsageGrouping {
  return typeof value === 'string' && Object.hasOwn(usageGroupings, value);
}

/** By what a publisher tells the usage of a product apart. */
export const productUsageGroupings = {
  caller: 'Caller',
  operation: 'Operation',
  status: 'Status',
} as const satisfies Record<ProductUsageGrouping, string>;

export function isProductUsageGrouping(value: unknown): value is ProductUsageGrouping {
  return typeof value === 'string' && Object.hasOwn(productUsageGroupings, value);
}

/** How requests end, as sentences. */
export const usageOutcomes: Readonly<Record<UsageOutcome, string>> = {
  delivered: 'Delivered in full',
  client_aborted: 'The caller closed the connection',
  upstream_refused: 'The API behind the gateway could not be reached',
  upstream_timeout: 'The API behind the gateway did not answer in time',
  upstream_broke: 'The API behind the gateway broke off its answer',
  circuit_open: 'The API behind the gateway was given a rest, and not asked',
  mocked: 'Answered from the documentation',
  body_too_large: 'The request body was too large',
  cut_at_maximum: 'The answer was cut at what is reserved for a call',
  cache_hit: 'Answered from the cache',
  replayed: 'Answered again for the same Idempotency-Key',
  checkpoint: 'Still under way',
  interrupted: 'The gateway stopped in the middle of it',
};

export function isUsageOutcome(outcome: string): outcome is UsageOutcome {
  return Object.hasOwn(usageOutcomes, outcome);
}
