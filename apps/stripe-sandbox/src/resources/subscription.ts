import type { Metadata } from '../http/metadata.js';
import { noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { nextCycleEnd } from './billing-period.js';
import { anchorsOf, type AnchorConfig } from './cycle-anchor.js';
import { waitUntil } from './due.js';
import { refreshEntitlements } from './entitlement.js';
import { previousOf } from './previous-attributes.js';
import { taxRatesOf } from './tax.js';
import { priceOf, renderPrice, type Price, type Recurring } from './price.js';

const untouched = {
  application: null,
  application_fee_percent: null,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null },
  billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
  billing_schedules: [],
  billing_thresholds: null,
  customer_account: null,
  default_source: null,
  invoice_settings: {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: { type: 'self' },
  },
  livemode: false,
  managed_payments: null,
  next_pending_invoice_item_invoice: null,
  on_behalf_of: null,
  payment_settings: {
    payment_method_options: null,
    payment_method_types: null,
    save_default_payment_method: 'off',
  },
  pending_invoice_item_interval: null,
  pending_setup_intent: null,
  pending_update: null,
  schedule: null,
  transfer_data: null,
} as const;

export type SubscriptionStatus =
  | 'active'
  | 'canceled'
  | 'incomplete'
  | 'incomplete_expired'
  | 'past_due'
  | 'paused'
  | 'trialing'
  | 'unpaid';

export type MissingPaymentMethod = 'cancel' | 'create_invoice' | 'pause';

/** As stored: without its items, which `renderSubscription` adds. */
export type Subscription = typeof untouched & {
  readonly id: string;
  readonly object: 'subscription';
  readonly billing_cycle_anchor: number;
  readonly billing_cycle_anchor_config: AnchorConfig | null;
  readonly cancel_at: number | null;
  readonly cancel_at_period_end: boolean;
  readonly canceled_at: number | null;
  readonly cancellation_details: {
    readonly comment: string | null;
    readonly feedback: null;
    readonly feedback_option: null;
    readonly reason: 'cancellation_requested' | 'payment_failed' | null;
  };
  readonly collection_method: 'charge_automatically' | 'send_invoice';
  readonly created: number;
  readonly currency: string;
  readonly customer: string;
  readonly days_until_due: number | null;
  readonly default_payment_method: string | null;
  /** Ids; of every item that has no tax rates of its own. */
  readonly default_tax_rates: readonly string[];
  readonly description: string | null;
  readonly discounts: readonly string[];
  readonly ended_at: number | null;
  readonly latest_invoice: string | null;
  readonly metadata: Metadata;
  readonly pause_collection: {
    readonly behavior: 'keep_as_draft' | 'mark_uncollectible' | 'void';
    readonly resumes_at: number | null;
  } | null;
  readonly start_date: number;
  readonly status: SubscriptionStatus;
  readonly status_details?: object;
  readonly test_clock: string | null;
  readonly trial_end: number | null;
  readonly trial_settings: {
    readonly end_behavior: {
      readonly billing_cycle_anchor: null;
      readonly missing_payment_method: MissingPaymentMethod;
    };
  };
  readonly trial_start: number | null;
};

/** As stored: with the id of its price. */
export interface SubscriptionItem {
  readonly id: string;
  readonly object: 'subscription_item';
  readonly created: number;
  readonly current_period_end: number;
  readonly current_period_start: number;
  readonly discounts: readonly string[];
  readonly metadata: Metadata;
  readonly price: string;
  /** Null for a metered price, of which usage is billed. */
  readonly quantity: number | null;
  readonly subscription: string;
  /** Ids. */
  readonly tax_rates: readonly string[];
}

export const blankSubscription = untouched;

export const maximumItems = 20;

/** The subscription has ended and nothing can happen with it any more. */
export function hasEnded({ status }: Subscription): boolean {
  return status === 'canceled' || status === 'incomplete_expired';
}

export function subscriptionOf(call: Call, id: string, param = 'id'): Subscription {
  const subscription = call.store.get('subscriptions', id);
  if (subscription === undefined) throw noSuch('subscription', id, param);
  return subscription;
}

/** In the order in which they were added. */
export function subscriptionItemsOf(call: Call, subscriptionId: string): SubscriptionItem[] {
  return call.store.childrenOf('subscription_items', subscriptionId).reverse();
}

/** The period in which the subscription is; all of its items share it. */
export function currentPeriodOf(call: Call, { id, created }: Subscription): { start: number; end: number } {
  const [item] = subscriptionItemsOf(call, id);
  return { start: item?.current_period_start ?? created, end: item?.current_period_end ?? created };
}

/** The instant from which the periods of the subscription are counted. */
export function countedFrom(call: Call, subscription: Subscription): number {
  const { billing_cycle_anchor: anchor, billing_cycle_anchor_config: config } = subscription;
  return config === null ? anchor : anchorsOf(config, recurrenceOf(call, subscription.id), anchor).counted;
}

/** Where the period ends that the instant is in, or begins with. */
export function periodEndAfter(call: Call, subscription: Subscription, instant: number): number {
  return nextCycleEnd(countedFrom(call, subscription), recurrenceOf(call, subscription.id), instant);
}

/** How often the subscription renews; all of its items share it. */
export function recurrenceOf(call: Call, subscriptionId: string): Recurring {
  const [item] = subscriptionItemsOf(call, subscriptionId);
  return priceOf(call, item!.price).recurring!;
}

export function renderItem(call: Call, item: SubscriptionItem): object {
  const price = priceOf(call, item.price);
  const { price: _price, quantity, ...rest } = item;
  return {
    ...rest,
    billing_thresholds: null,
    current_trial: null,
    discounts: item.discounts ?? [],
    plan: planOf(price),
    price: renderPrice(price),
    ...(quantity !== null && { quantity }),
    tax_rates: taxRatesOf(call, item.tax_rates),
  };
}

export function renderSubscription(call: Call, subscription: Subscription): object {
  const items = subscriptionItemsOf(call, subscription.id).map((item) => renderItem(call, item));
  const url = `/v1/subscription_items?subscription=${subscription.id}`;
  return {
    ...subscription,
    default_tax_rates: taxRatesOf(call, subscription.default_tax_rates),
    items: { object: 'list', data: items, has_more: false, url },
  };
}

/** Stores a change, says so in an event, and notes when the subscription is to be looked at next. */
export function changeSubscription(
  call: Call,
  before: Subscription,
  change: Partial<Subscription>,
  event = 'customer.subscription.updated',
): Subscription {
  const after = call.store.put('subscriptions', { ...before, ...change });
  wait(call, after);
  refreshEntitlements(call, after.customer);
  const previous = previousOf(before, after);
  const isUpdate = event === 'customer.subscription.updated';
  if (!isUpdate || Object.keys(previous).length > 0) {
    call.emit(event, renderSubscription(call, after), isUpdate ? previous : undefined);
  }
  return after;
}

const incompleteSeconds = 23 * 3600;
export const trialNoticeSeconds = 3 * 24 * 3600;

/** Notes when something happens with the subscription by itself. */
export function wait(call: Call, subscription: Subscription): void {
  waitUntil(call, 'subscription', subscription, nextChangeOf(call, subscription));
}

function nextChangeOf(call: Call, subscription: Subscription): number | null {
  const { status, cancel_at: cancelAt, trial_end: trialEnd } = subscription;
  if (hasEnded(subscription)) return null;
  if (status === 'incomplete') return subscription.created + incompleteSeconds;
  const instants = [cancelAt, subscription.pause_collection?.resumes_at ?? null];
  if (status !== 'paused') instants.push(currentPeriodOf(call, subscription).end);
  const notice = trialEnd === null ? 0 : trialEnd - trialNoticeSeconds;
  if (status === 'trialing' && notice > call.now) instants.push(notice);
  return Math.min(...instants.filter((instant) => instant !== null));
}

/** A paused subscription whose invoice must be paid before it is active again. */
export interface Resumption {
  /** Of the subscription. */
  readonly id: string;
  readonly invoice: string;
}

/** How long the invoice of a resumption can be paid. */
export const resumptionSeconds = 23 * 3600;

/** The invoice was paid: what waited for that goes on. */
export function subscriptionPaid(call: Call, subscriptionId: string, invoiceId: string): void {
  const subscription = call.store.get('subscriptions', subscriptionId);
  if (subscription === undefined) return;
  if (subscription.status === 'paused') resumeBy(call, subscriptionId, invoiceId);
  else if (['incomplete', 'past_due', 'unpaid'].includes(subscription.status)) {
    changeSubscription(call, subscription, { status: 'active' });
  }
}

/** Resumes the subscription if that is what the invoice is for. */
export function resumeBy(call: Call, subscriptionId: string, invoiceId: string): void {
  const subscription = call.store.get('subscriptions', subscriptionId);
  const isMeant = call.store.get('resumptions', subscriptionId)?.invoice === invoiceId;
  if (isMeant && subscription?.status === 'paused') resume(call, subscription);
}

/** Paused → active. */
export function resume(call: Call, subscription: Subscription): void {
  call.store.delete('resumptions', subscription.id);
  const { status_details: _details, ...rest } = subscription;
  changeSubscription(call, rest as Subscription, { status: 'active' }, 'customer.subscription.resumed');
}

/** The price in the form that came before prices. */
function planOf(price: Price): object {
  const recurring = price.recurring!;
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: recurring.interval,
    interval_count: recurring.interval_count,
    livemode: false,
    metadata: price.metadata,
    meter: recurring.meter,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: price.tiers_mode,
    transform_usage: price.transform_quantity,
    trial_period_days: null,
    usage_type: recurring.usage_type,
  };
}
