import { createHash } from 'node:crypto';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import type { InvoiceLineKind } from '../invoice/invoice.js';
import type { TimeSpan } from '../period/monthly-period.js';
import type { PeriodEvents, PeriodUsage } from './meter-quantity.js';

/** Goes up when the same input begins to give other lines, so that lines of different rules never share a hash. */
export const ratingRulesVersion = 1;

/** What a rated line came from. The plan version stands for its definition, as it never changes. */
export interface RatingInputIdentity {
  readonly subscriptionId: string;
  readonly planVersionId: string;
  readonly period: TimeSpan;
  readonly usage: PeriodUsage;
  /** Of the meters whose prices depend on single events. */
  readonly events?: PeriodEvents | undefined;
  /** Of late lines: what was billed before. */
  readonly billedUsage?: PeriodUsage;
  readonly billedEvents?: PeriodEvents | undefined;
  /** The full period, when `period` is a part of it. */
  readonly nominalPeriod?: TimeSpan | undefined;
  /** Of lines of fees in advance: which. */
  readonly fee?: InvoiceLineKind | undefined;
}

/**
 * The SHA-256, in hex, of the canonical JSON of an input: equal for inputs that mean the same, whatever the order of
 * the meters and the trailing zeros of the quantities; a meter at zero is a meter not named.
 * @throws InvalidError `invalid_decimal`
 */
export function ratingInputHash(input: RatingInputIdentity): string {
  const canonical = JSON.stringify({
    ...(input.billedEvents && { billedEvents: canonicalEvents(input.billedEvents) }),
    billedUsage: canonicalUsage(input.billedUsage ?? {}),
    ...(input.events && { events: canonicalEvents(input.events) }),
    ...(input.fee && { fee: input.fee }),
    ...(input.nominalPeriod && { nominalPeriod: [input.nominalPeriod.startMs, input.nominalPeriod.endMs] }),
    period: [input.period.startMs, input.period.endMs],
    planVersionId: input.planVersionId,
    rules: ratingRulesVersion,
    subscriptionId: input.subscriptionId,
    usage: canonicalUsage(input.usage),
  });
  return createHash('sha256').update(canonical).digest('hex');
}

/** Pairs rather than an object, whose keys JSON would not keep in order when they look like numbers. */
function canonicalUsage(usage: PeriodUsage): readonly (readonly [meter: string, quantity: string])[] {
  return Object.entries(usage)
    .map(([meter, quantity]) => [meter, formatDecimal(parseDecimal(quantity, `usage of ${meter}`))] as const)
    .filter(([, quantity]) => quantity !== '0')
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
}

function canonicalEvents(events: PeriodEvents): readonly unknown[] {
  return Object.entries(events)
    .map(
      ([meter, { events: count, value, freeEvents, freeValue, raised, lowered }]) =>
        [meter, [count, value, freeEvents, freeValue, raised, lowered]] as const,
    )
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
}
