import type { Metadata } from '../http/metadata.js';
import { invalidRequest, StripeFault } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { attempt } from './advance-invoice.js';
import { lengthOfCycleBefore, nextCycleEnd } from './billing-period.js';
import { anchorsOf, type AnchorConfig } from './cycle-anchor.js';
import type { Customer } from './customer.js';
import { chooseDiscounts, type DiscountChoices } from './discount.js';
import { refreshEntitlements } from './entitlement.js';
import { invoiceOf } from './invoice.js';
import { defaultPaymentMethodOf, missingPaymentMethod, payInvoice } from './pay-invoice.js';
import { includePendingItems } from './pending-items.js';
import type { Price } from './price.js';
import { refuseFourthSubscription } from './test-clock.js';
import { addLicensed, addTrial, announce, draftFor, finalizeNow } from './subscription-invoice.js';
import {
  blankSubscription,
  countedFrom,
  maximumItems,
  renderSubscription,
  subscriptionItemsOf,
  subscriptionOf,
  trialNoticeSeconds,
  wait,
  type Subscription,
} from './subscription.js';

export interface ItemChoice {
  readonly price: Price;
  readonly quantity: number | undefined;
  readonly metadata: Metadata;
  /** Ids. */
  readonly taxRates: readonly string[];
  readonly discounts: DiscountChoices;
}

export type PaymentBehavior = 'allow_incomplete' | 'default_incomplete' | 'error_if_incomplete';

export interface NewSubscription extends Pick<
  Subscription,
  | 'cancel_at'
  | 'cancel_at_period_end'
  | 'collection_method'
  | 'days_until_due'
  | 'default_payment_method'
  | 'default_tax_rates'
  | 'description'
  | 'metadata'
  | 'trial_end'
  | 'trial_settings'
> {
  readonly items: readonly ItemChoice[];
  /** Null for now, or for the end of the trial. */
  readonly anchor: number | null;
  readonly anchorConfig: AnchorConfig | null;
  readonly discounts: DiscountChoices;
  readonly prorates: boolean;
  readonly paymentBehavior: PaymentBehavior;
}

/** Creates the subscription with its first invoice, which is finalized and charged at once. */
export function createSubscription(call: Call, customer: Customer, choices: NewSubscription): Subscription {
  const { items, anchor, anchorConfig, discounts, prorates: _prorates, ...more } = choices;
  const { paymentBehavior, trial_end: trialEnd, ...fields } = more;
  const cycle = cycleOf(items);
  refuseFourthSubscription(call, customer);
  const configured = anchorConfig && anchorsOf(anchorConfig, cycle, call.now);
  const billingAnchor = configured?.first ?? anchor ?? trialEnd ?? call.now;
  if (billingAnchor < call.now) throw invalidRequest('The anchor cannot be in the past.', 'billing_cycle_anchor');
  const isTrial = trialEnd !== null;
  const sends = fields.collection_method === 'send_invoice';
  const subscription = call.store.put('subscriptions', {
    ...blankSubscription,
    ...fields,
    id: newId('sub'),
    object: 'subscription',
    billing_cycle_anchor: billingAnchor,
    billing_cycle_anchor_config: anchorConfig,
    canceled_at: fields.cancel_at_period_end || fields.cancel_at !== null ? call.now : null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    created: call.now,
    currency: items[0]!.price.currency,
    customer: customer.id,
    discounts: [],
    ended_at: null,
    latest_invoice: null,
    pause_collection: null,
    start_date: call.now,
    status: isTrial ? 'trialing' : sends ? 'active' : 'incomplete',
    test_clock: customer.test_clock,
    trial_end: trialEnd,
    trial_start: isTrial ? call.now : null,
  });
  if (!isTrial && !sends && paymentBehavior !== 'default_incomplete' && costsSomething(items)) {
    if (defaultPaymentMethodOf(call, subscription) === undefined) throw missingPaymentMethod();
  }
  call.store.put('customers', { ...customer, currency: customer.currency ?? subscription.currency });
  const end = trialEnd ?? nextCycleEnd(configured?.counted ?? billingAnchor, cycle, call.now);
  const owner = { customer: customer.id, subscription: subscription.id };
  const chosen = chooseDiscounts(call, owner, subscription.currency, discounts);
  const discounted = call.store.put('subscriptions', { ...subscription, discounts: chosen });
  for (const item of items) addItem(call, discounted, item, { start: call.now, end });
  bill(call, discounted, choices, end);
  const created = subscriptionOf(call, subscription.id);
  wait(call, created);
  refreshEntitlements(call, customer.id);
  call.emit('customer.subscription.created', renderSubscription(call, created));
  if (isTrial && trialEnd - trialNoticeSeconds <= call.now) {
    call.emit('customer.subscription.trial_will_end', renderSubscription(call, created));
  }
  return created;
}

/** All items of a subscription have one currency and one interval. */
export function cycleOf(items: readonly { readonly price: Price }[]) {
  const [first] = items;
  if (first === undefined) throw invalidRequest('Missing required param: items.', 'items', 'parameter_missing');
  if (items.length > maximumItems) {
    throw invalidRequest(`A subscription can have at most ${maximumItems} items.`, 'items');
  }
  const { recurring, currency } = first.price;
  for (const { price } of items) {
    if (price.recurring === null) {
      throw invalidRequest(
        `The price ${price.id} is set to \`type=one_time\` but this field only accepts prices with \`type=recurring\`.`,
        'items',
      );
    }
    if (price.currency !== currency) {
      throw invalidRequest('All prices of a subscription must have the same currency.', 'items');
    }
    const { interval, interval_count: count } = price.recurring;
    if (interval !== recurring?.interval || count !== recurring.interval_count) {
      throw invalidRequest('All prices of a subscription must have the same interval.', 'items');
    }
  }
  if (new Set(items.map(({ price }) => price.id)).size < items.length) {
    throw invalidRequest('A subscription cannot have two items with the same price.', 'items');
  }
  return recurring!;
}

export function addItem(
  call: Call,
  subscription: Subscription,
  { price, quantity, metadata, taxRates, discounts }: ItemChoice,
  period: { readonly start: number; readonly end: number },
) {
  const isMetered = price.recurring?.usage_type === 'metered';
  if (isMetered && quantity !== undefined) {
    throw invalidRequest(
      `Quantity should not be specified where usage_type is \`metered\`. Remove quantity from ${price.id}.`,
      'items',
    );
  }
  const id = newId('si', 14);
  const owner = { customer: subscription.customer, subscription: subscription.id, subscription_item: id };
  return call.store.put('subscription_items', {
    id,
    object: 'subscription_item',
    created: call.now,
    current_period_end: period.end,
    current_period_start: period.start,
    discounts: chooseDiscounts(call, owner, subscription.currency, discounts),
    metadata,
    price: price.id,
    quantity: isMetered ? null : (quantity ?? 1),
    subscription: subscription.id,
    tax_rates: taxRates,
  });
}

function bill(call: Call, subscription: Subscription, choices: NewSubscription, end: number): void {
  const period = { start: call.now, end };
  const draft = draftFor(call, subscription, 'subscription_create', { start: call.now, end: call.now });
  const { trial_end: trialEnd, billing_cycle_anchor: anchor } = subscription;
  const isWhole = trialEnd !== null || anchor === call.now;
  const of = lengthOfCycleBefore(countedFrom(call, subscription), cycleOf(choices.items), end);
  const whole = isWhole ? undefined : { seconds: end - call.now, of };
  for (const item of subscriptionItemsOf(call, subscription.id)) {
    if (trialEnd !== null) addTrial(call, draft, item, period);
    else if (isWhole || choices.prorates) addLicensed(call, draft, item, period, whole);
  }
  includePendingItems(call, invoiceOf(call, draft.id));
  if (subscription.collection_method === 'send_invoice') {
    const invoice = announce(call, draft.id);
    call.store.put('subscriptions', { ...subscriptionOf(call, subscription.id), latest_invoice: invoice.id });
    return;
  }
  call.store.put('subscriptions', { ...subscriptionOf(call, subscription.id), latest_invoice: draft.id });
  const invoice = finalizeNow(call, draft.id);
  if (invoice.status !== 'open') return;
  const { paymentBehavior } = choices;
  if (paymentBehavior === 'error_if_incomplete') payInvoiceOrUndo(call, invoice.id);
  else if (paymentBehavior === 'allow_incomplete') attempt(call, invoice);
}

/** The decline undoes the whole subscription: nothing of it is kept. */
function payInvoiceOrUndo(call: Call, invoiceId: string): void {
  try {
    payInvoice(call, invoiceOf(call, invoiceId), undefined);
  } catch (error) {
    throw error instanceof StripeFault ? new StripeFault(error.status, error.body) : error;
  }
}

function costsSomething(items: readonly ItemChoice[]): boolean {
  return items.some(({ price }) => price.recurring?.usage_type === 'licensed' && price.unit_amount !== 0);
}
