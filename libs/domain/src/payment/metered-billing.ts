import type { MeterPrice } from '../catalog/plan-definition.js';

/** A price that the provider rates usage by. */
export interface EnsureMeteredPriceRequest {
  readonly planVersionId: string;
  /** Of the plan, as the provider's invoices name it. */
  readonly title: string;
  /** ISO 4217, any case. */
  readonly currency: string;
  /** One that `stripeRatingFaults` finds nothing wrong with. */
  readonly price: MeterPrice;
}

/** Where the provider counts the units of a price. */
export interface MeteredPrice {
  readonly providerMeterId: string;
  readonly providerPriceId: string;
}

export interface EnsureMeteredSubscriptionRequest {
  /** Our id of it: the provider keeps it, and a repeated call finds it by that. */
  readonly meteredSubscriptionId: string;
  readonly providerCustomerId: string;
  readonly providerPriceIds: readonly string[];
  /** Its periods begin on this day of each month, at this second. */
  readonly anchorMs: number;
}

export interface MeteredSubscription {
  readonly providerSubscriptionId: string;
  /** When its first period began at the provider, in whole seconds: usage before it is not billed. */
  readonly startedMs: number;
}

/** Usage to be counted, once. */
export interface MeteredUsageReport {
  readonly planVersionId: string;
  readonly meter: string;
  readonly providerCustomerId: string;
  /** The same for each attempt: the provider takes it once within a day. At most 100 characters. */
  readonly identifier: string;
  /** Whole units, more than none, at most fifteen digits. */
  readonly quantity: bigint;
  /** Within the last 35 days, and at most five minutes ahead. */
  readonly atMs: number;
}

export interface MeteredUsageSpan {
  readonly providerMeterId: string;
  readonly providerCustomerId: string;
  /** A whole minute. */
  readonly startMs: number;
  /** A whole minute, exclusive. */
  readonly endMs: number;
}

/** What became of a report of usage. */
export type UsageReportOutcome =
  | { readonly outcome: 'counted' }
  /** An earlier attempt was taken: nothing was counted twice. */
  | { readonly outcome: 'counted_before' }
  /** It cannot be counted as it is, now or later. */
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string };

/** Usage that the provider took and cannot count. It may tell of some of many only. */
export interface UsageError {
  /** Under which it was reported. */
  readonly identifier: string;
  readonly code: string;
  readonly message: string;
}

/** Has the provider rate usage. Every call is safe to repeat; errors of the provider arrive as `PaymentProviderError`. */
export interface MeteredBilling {
  /** The meter and the price of one meter of a plan version, found or made. */
  ensurePrice(request: EnsureMeteredPriceRequest): Promise<MeteredPrice>;

  /** The subscription, found or made. Its invoices stay drafts until they are collected by `collectInvoice`. */
  ensureSubscription(request: EnsureMeteredSubscriptionRequest): Promise<MeteredSubscription>;

  /** Says whether the subscription ends with its period. Does nothing to one that has ended. */
  setEndsWithPeriod(providerSubscriptionId: string, endsWithPeriod: boolean): Promise<void>;

  /** Ends the subscription now, if it has not ended; usage that no invoice has had stays unbilled. */
  end(providerSubscriptionId: string): Promise<void>;

  /** Counts usage. */
  reportUsage(report: MeteredUsageReport): Promise<UsageReportOutcome>;

  /** What a message of the provider about usage that it took and cannot count says. */
  readUsageErrors(providerEventId: string): Promise<readonly UsageError[]>;

  /** What the provider has counted so far, as a decimal. What was reported in the last moments may not be in it. */
  readUsage(span: MeteredUsageSpan): Promise<string>;
}
