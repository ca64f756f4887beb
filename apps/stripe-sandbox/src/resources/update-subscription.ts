import type { MetadataChange } from '../http/metadata.js';
import { mergeMetadata } from '../http/metadata.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { attempt } from './advance-invoice.js';
import { addItem, cycleOf, type PaymentBehavior } from './create-subscription.js';
import { chooseDiscounts, type DiscountChoices } from './discount.js';
import { chooseTaxRates } from './tax.js';
import { refreshEntitlements } from './entitlement.js';
import { invoiceOf, type Invoice } from './invoice.js';
import { payInvoice } from './pay-invoice.js';
import { includePendingItems } from './pending-items.js';
import { priceOf, type Price } from './price.js';
import { moveItems } from './subscription-cycle.js';
import { addLicensed, draftFor, finalizeNow } from './subscription-invoice.js';
import { prorate } from './subscription-proration.js';
import {
  currentPeriodOf,
  subscriptionItemsOf,
  subscriptionOf,
  type Subscription,
  type SubscriptionItem,
} from './subscription.js';
import { addUsage } from './usage-lines.js';

export interface ItemChange {
  /** The item to change; without it a new one is added. */
  readonly id?: string;
  readonly deleted?: boolean;
  readonly price?: string;
  readonly quantity?: number;
  readonly metadata?: MetadataChange;
  readonly discounts?: DiscountChoices;
  readonly tax_rates?: readonly string[] | null;
}

export type ProrationBehavior = 'always_invoice' | 'create_prorations' | 'none';

export interface Change {
  readonly behavior: ProrationBehavior;
  /** From when on the change is reckoned, within the current period unless it is now. */
  readonly from: number;
  readonly paymentBehavior: PaymentBehavior;
}

/**
 * Changes the items. What is taken away is given back and what is added is owed, for the rest of the period; usage so far
 * of a metered price that goes is billed at once. Another interval begins a new period now.
 */
export function changeItems(
  call: Call,
  subscription: Subscription,
  changes: readonly ItemChange[],
  change: Change,
): void {
  const before = subscriptionItemsOf(call, subscription.id);
  const period = currentPeriodOf(call, subscription);
  if (change.from !== call.now && (change.from < period.start || change.from > period.end)) {
    throw invalidRequest('The proration date must be within the current period.', 'proration_date');
  }
  const cycle = cycleFrom(call, before);
  const gone: SubscriptionItem[] = [];
  const come: SubscriptionItem[] = [];
  for (const each of changes) {
    const old = each.id === undefined ? undefined : itemOf(before, each.id);
    if (old !== undefined && each.deleted === true) {
      call.store.delete('subscription_items', old.id);
      gone.push(old);
      continue;
    }
    const price = each.price === undefined ? undefined : priceOf(call, each.price, 'items[price]');
    if (old === undefined) {
      if (price === undefined) throw invalidRequest('Missing required param: items[0][price].', 'items[0][price]');
      const choice = {
        price,
        quantity: each.quantity,
        metadata: mergeMetadata({}, each.metadata),
        taxRates: chooseTaxRates(call, each.tax_rates ?? null, 'items[0][tax_rates]'),
        discounts: each.discounts ?? null,
      };
      come.push(addItem(call, subscription, choice, period));
      continue;
    }
    const after = call.store.put('subscription_items', {
      ...old,
      ...moneyChangeOf(call, subscription, old, each),
      metadata: mergeMetadata(old.metadata, each.metadata),
      price: price?.id ?? old.price,
      quantity: quantityOf(price ?? priceOf(call, old.price), each.quantity ?? old.quantity, each.quantity),
    });
    if (after.price === old.price && after.quantity === old.quantity) continue;
    gone.push(old);
    come.push(after);
  }
  refreshEntitlements(call, subscription.customer);
  const newCycle = cycleFrom(call, subscriptionItemsOf(call, subscription.id));
  const startsAnew = newCycle.interval !== cycle.interval || newCycle.interval_count !== cycle.interval_count;
  const prorates = change.behavior !== 'none' && subscription.status !== 'trialing';
  if (prorates) for (const item of gone) prorate(call, subscription, item, -1, change.from);
  if (prorates && !startsAnew) for (const item of come) prorate(call, subscription, item, 1, change.from);
  const used = gone.filter(({ quantity }) => quantity === null);
  if (!startsAnew && used.length === 0 && change.behavior !== 'always_invoice') return;
  if (subscription.status === 'trialing') return;
  const invoice = invoiceChange(call, subscription, used, period, startsAnew);
  collect(call, invoice, change.paymentBehavior);
}

function moneyChangeOf(
  call: Call,
  { customer, currency, id: subscription }: Subscription,
  { id, discounts: current }: SubscriptionItem,
  { discounts, tax_rates: rates }: ItemChange,
): Partial<SubscriptionItem> {
  const owner = { customer, subscription, subscription_item: id };
  return {
    ...(discounts !== undefined && { discounts: chooseDiscounts(call, owner, currency, discounts, current) }),
    ...(rates !== undefined && { tax_rates: chooseTaxRates(call, rates, 'items[0][tax_rates]') }),
  };
}

function cycleFrom(call: Call, items: readonly SubscriptionItem[]): ReturnType<typeof cycleOf> {
  return cycleOf(items.map((item) => ({ price: priceOf(call, item.price) })));
}

function itemOf(items: readonly SubscriptionItem[], id: string): SubscriptionItem {
  const item = items.find((each) => each.id === id);
  if (item === undefined) throw noSuch('subscription_item', id, 'items[0][id]');
  return item;
}

function quantityOf(price: Price, quantity: number | null, asked: number | undefined): number | null {
  if (price.recurring?.usage_type !== 'metered') return quantity ?? 1;
  if (asked === undefined) return null;
  throw invalidRequest(
    `Quantity should not be specified where usage_type is \`metered\`. Remove quantity from ${price.id}.`,
    'items',
  );
}

/** The invoice that a change makes at once. */
function invoiceChange(
  call: Call,
  subscription: Subscription,
  used: readonly SubscriptionItem[],
  period: { readonly start: number; readonly end: number },
  startsAnew: boolean,
): Invoice {
  const draft = draftFor(call, subscription, 'subscription_update', { start: call.now, end: call.now });
  for (const item of used) addUsage(call, draft, item, { start: period.start, end: call.now }, call.now + 1);
  if (startsAnew) {
    const anchored = call.store.put('subscriptions', {
      ...subscription,
      billing_cycle_anchor: call.now,
      billing_cycle_anchor_config: null,
    });
    const begins = moveItems(call, anchored, call.now);
    for (const item of subscriptionItemsOf(call, subscription.id)) addLicensed(call, draft, item, begins);
  }
  includePendingItems(call, invoiceOf(call, draft.id));
  call.store.put('subscriptions', { ...subscriptionOf(call, subscription.id), latest_invoice: draft.id });
  return finalizeNow(call, draft.id);
}

/** Charges an invoice that a request made. */
export function collect(call: Call, invoice: Invoice, paymentBehavior: PaymentBehavior): void {
  if (invoice.status !== 'open' || invoice.collection_method !== 'charge_automatically') return;
  if (paymentBehavior === 'error_if_incomplete') payInvoice(call, invoice, undefined);
  else attempt(call, invoice);
}
