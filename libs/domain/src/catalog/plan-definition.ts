import type { Aggregation } from './aggregation.js';
import type { BillabilityRules } from './billability.js';
import type { ConcurrencyDefinition, RateLimitDefinition, WithoutStore } from './rate-limit-definition.js';

/** A non-negative decimal number written out ("0.0025"); never a JavaScript number, so that no cent is lost. */
export type DecimalString = string;

/**
 * All that a plan version fixes. Immutable once the version is published: a new price is a new version.
 * Amounts are in major units of `currency` ("29.00"); rates have up to 12 decimal places.
 */
export interface PlanDefinition {
  readonly currency: string;
  readonly billingInterval: 'month';
  /** Charged once a period, in arrears. "0" for none. */
  readonly fixedFee: DecimalString;
  readonly prices: readonly MeterPrice[];
  readonly rateLimits: readonly RateLimitDefinition[];
  readonly quotas: readonly QuotaDefinition[];
  /** What is billable where it is not as by default; absent from versions that say nothing. */
  readonly billability?: BillabilityRules | undefined;
  /** Absent: any number of calls at the same time. */
  readonly concurrency?: ConcurrencyDefinition | undefined;
  /** Absent: `local`. */
  readonly withoutStore?: WithoutStore | undefined;
  /** The status of refusals for want of money: 402 unless it says 403. */
  readonly moneyRefusalStatus?: 402 | 403 | undefined;
}

/** What the units of one meter cost in a period. */
export interface MeterPrice {
  /** Slug of a meter of the same API product. */
  readonly meter: string;
  /** Absent: `sum`. */
  readonly aggregation?: Exclude<Aggregation, 'sum'> | undefined;
  /** Units of the period that are free before `price` applies. */
  readonly included: DecimalString;
  readonly price: PriceModel;
}

export type PriceModel =
  | { readonly model: 'per_unit'; readonly unitAmount: DecimalString }
  | { readonly model: 'graduated'; readonly tiers: readonly PriceTier[] };

/** A tier holds the units above the previous tier's bound, up to and including `upTo`; the last is open (`null`). */
export interface PriceTier {
  readonly upTo: DecimalString | null;
  readonly unitAmount: DecimalString;
  /** Charged once when the tier is entered. */
  readonly flatAmount: DecimalString;
}

/** A long limit, per period of the subscription. `hard` refuses beyond it, `soft` only tells. */
export interface QuotaDefinition {
  readonly name: string;
  readonly meter: string;
  readonly limit: number;
  readonly enforcement: 'hard' | 'soft';
}
