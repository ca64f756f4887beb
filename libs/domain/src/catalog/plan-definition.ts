import type { Aggregation } from './aggregation.js';
import type { BillabilityRules } from './billability.js';
import type { Entitlements } from '../entitlement/entitlements.js';
import type { ConcurrencyDefinition, RateLimitDefinition, WithoutStore } from './rate-limit-definition.js';

/** A non-negative decimal number written out ("0.0025"); never a JavaScript number, so that no cent is lost. */
export type DecimalString = string;

/**
 * All that a plan version fixes. Immutable once the version is published: a new price is a new version.
 * Amounts are in major units of `currency` ("29.00"); rates have up to 12 decimal places.
 */
export interface PlanDefinition {
  readonly currency: string;
  /** What the fixed fee pays for. Usage is billed by the month, and quotas are a month's, in either case. */
  readonly billingInterval: 'month' | 'year';
  /** Lines are settled to multiples of this many minor units: what the payment provider takes. Absent: 1. */
  readonly roundingStepMinor?: number | undefined;
  /** Charged once a billing interval. "0" for none. */
  readonly fixedFee: DecimalString;
  /** When the fixed fee is due: with the first bill of the period or with the last one. Absent: in arrears. */
  readonly fixedFeeDue?: 'in_advance' | 'in_arrears' | undefined;
  /** Charged once, when the subscription begins to cost. Absent: none. */
  readonly setupFee?: DecimalString | undefined;
  readonly trial?: TrialDefinition | undefined;
  /** A subscription waits until the publisher has approved it. Absent: it begins at once. */
  readonly requiresApproval?: true | undefined;
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
  /** Usage may cost no more than the prepaid credits that are left. Absent: what they do not pay goes on the invoice. */
  readonly whenCreditsRunOut?: 'stop' | undefined;
  /** Which operations and features the plan has. Absent: every operation, and no features. */
  readonly entitlements?: Entitlements | undefined;
  /** Who computes what usage costs; fees and taxes are ours in either case. Absent: `local`. */
  readonly rating?: 'stripe' | undefined;
}

/** The first days of a subscription, in which nothing costs anything. An organization has one of each product. */
export interface TrialDefinition {
  readonly days: number;
  /** Hard, in place of the plan's own of these meters. */
  readonly quotas: readonly Omit<QuotaDefinition, 'enforcement'>[];
  /** What becomes of the subscription when the plan costs money and no card is saved at the end. */
  readonly withoutCard: 'cancel' | 'suspend';
}

/** What the units of one meter cost in a period. What is absent does not apply. */
export interface MeterPrice {
  /** Slug of a meter of the same API product. */
  readonly meter: string;
  /** Absent: `sum`. */
  readonly aggregation?: Exclude<Aggregation, 'sum'> | undefined;
  /** Units of the period that are free before `price` applies. */
  readonly included: DecimalString;
  readonly price: PriceModel;
  /** How billable units become the units that the price is for. */
  readonly conversion?: UnitConversion | undefined;
  /** Priced units, after conversion, that are taken off before the tiers. */
  readonly discountUnits?: DecimalString | undefined;
  /** Taken off the amount after the tiers; 0 to 100. */
  readonly discountPercent?: DecimalString | undefined;
  /** What the meter costs in a full period at least: the difference is a line of its own. In major units. */
  readonly minimumAmount?: DecimalString | undefined;
  /** What the meter costs in a period at most, after discounts. In major units. */
  readonly maximumAmount?: DecimalString | undefined;
}

/** Units of the meter times or divided by `factor`, then rounded to whole ones unless `round` is `none`. */
export interface UnitConversion {
  readonly operation: 'multiply' | 'divide';
  /** More than 0. */
  readonly factor: DecimalString;
  /** `half_up` is half away from zero. A quotient that is not rounded has at most 12 decimal places, cut off. */
  readonly round: 'none' | 'up' | 'down' | 'half_up';
}

/** `flatWithoutUsage`: the first tier's flat amount is owed in a period without usage too. */
export type PriceModel =
  | { readonly model: 'per_unit'; readonly unitAmount: DecimalString }
  | {
      readonly model: 'graduated';
      readonly tiers: readonly PriceTier[];
      readonly flatWithoutUsage?: boolean | undefined;
    }
  /** All units have the price of the tier that their number falls into. */
  | { readonly model: 'volume'; readonly tiers: readonly PriceTier[]; readonly flatWithoutUsage?: boolean | undefined }
  /** Only whole packages are sold: a part of one counts as one (`up`) or as none (`down`). */
  | {
      readonly model: 'package';
      readonly packageSize: DecimalString;
      readonly packageAmount: DecimalString;
      readonly round: 'up' | 'down';
    }
  | PercentagePrice
  /** Graduated by value: each tier takes its share of the value that falls into it. */
  | {
      readonly model: 'graduated_percentage';
      readonly tiers: readonly PercentageTier[];
      readonly flatWithoutUsage?: boolean | undefined;
    }
  /** The events say what they cost, in major units: their sum, times `multiplier`. */
  | { readonly model: 'dynamic'; readonly multiplier: DecimalString };

/** A share of the value of each event, in major units: the units of the meter are money. */
export interface PercentagePrice {
  readonly model: 'percentage';
  /** "2.9" for 2.9 %. */
  readonly ratePercent: DecimalString;
  /** Charged for each event that is not free. */
  readonly fixedAmount?: DecimalString | undefined;
  /** How many events of a period are free at most, in the order in which they happened. */
  readonly freeEvents?: DecimalString | undefined;
  /** How much value of a period is free at most. Both must have room for an event to be free. */
  readonly freeAmount?: DecimalString | undefined;
  /** What an event that is not free costs at least, its fixed part counted in. */
  readonly minimumPerEvent?: DecimalString | undefined;
  readonly maximumPerEvent?: DecimalString | undefined;
}

/** A tier holds the units above the previous tier's bound, up to and including `upTo`; the last is open (`null`). */
export interface PriceTier {
  readonly upTo: DecimalString | null;
  readonly unitAmount: DecimalString;
  /** Charged once when the tier is entered. */
  readonly flatAmount: DecimalString;
}

export interface PercentageTier {
  readonly upTo: DecimalString | null;
  readonly ratePercent: DecimalString;
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
