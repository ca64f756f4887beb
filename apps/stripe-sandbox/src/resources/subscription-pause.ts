import { invalidRequest } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { attempt } from './advance-invoice.js';
import { invoiceOf } from './invoice.js';
import { includePendingItems } from './pending-items.js';
import { endSubscription } from './subscription-end.js';
import { draftFor, finalizeNow } from './subscription-invoice.js';
import { prorate } from './subscription-proration.js';
import {
  changeSubscription,
  currentPeriodOf,
  subscriptionItemsOf,
  subscriptionOf,
  type Subscription,
} from './subscription.js';
import { addUsage, pendUsage } from './usage-lines.js';

/** Ends the subscription now. Usage that no invoice has had yet is billed only when that is asked for. */
export function cancelNow(
  call: Call,
  subscription: Subscription,
  choices: { readonly comment: string | null; readonly invoiceNow: boolean; readonly prorates: boolean },
): Subscription {
  const { start } = currentPeriodOf(call, subscription);
  const items = subscriptionItemsOf(call, subscription.id);
  if (choices.prorates && subscription.status === 'active') {
    for (const item of items) prorate(call, subscription, item, -1, call.now);
  }
  let latest = subscription;
  if (choices.invoiceNow) {
    const draft = draftFor(call, subscription, 'subscription_update', { start, end: call.now });
    // What came in this very second was used before.
    for (const item of items) addUsage(call, draft, item, { start, end: call.now }, call.now + 1);
    includePendingItems(call, invoiceOf(call, draft.id));
    const invoice = finalizeNow(call, draft.id);
    if (invoice.status === 'open' && invoice.collection_method === 'charge_automatically') attempt(call, invoice);
    latest = { ...subscriptionOf(call, subscription.id), latest_invoice: draft.id };
  }
  return endSubscription(call, latest, 'cancellation_requested', choices.comment);
}

export interface PauseChoices {
  /** Until when usage of the present period is billed, if it is. */
  readonly usageThrough: 'none' | 'now';
  /** From when on what was paid for in advance is given back, if it is. */
  readonly unusedFrom: 'item_current_period_start' | 'none' | 'now';
  /** Whether both are invoiced at once, or wait for the next invoice. */
  readonly behavior: 'invoice' | 'pending_invoice_item';
}

/** Nothing is billed any more until the subscription is resumed. A trial has nothing to give back, and bills no usage. */
export function pauseSubscription(call: Call, subscription: Subscription, choices: PauseChoices): Subscription {
  if (subscription.status !== 'active' && subscription.status !== 'trialing') {
    throw invalidRequest(`Only an active subscription can be paused. This one is ${subscription.status}.`);
  }
  if (subscription.status === 'active') settleUntilPause(call, subscription, choices);
  const details = {
    paused: { subscription: { type: 'pause_requested' }, transitioned_at: call.now, type: 'subscription' },
  };
  return changeSubscription(
    call,
    subscriptionOf(call, subscription.id),
    { status: 'paused', status_details: details },
    'customer.subscription.paused',
  );
}

function settleUntilPause(call: Call, subscription: Subscription, choices: PauseChoices): void {
  const { start } = currentPeriodOf(call, subscription);
  const items = subscriptionItemsOf(call, subscription.id);
  if (choices.unusedFrom !== 'none') {
    const from = choices.unusedFrom === 'now' ? call.now : start;
    for (const item of items) prorate(call, subscription, item, -1, from);
  }
  const metered = choices.usageThrough === 'now' ? items.filter(({ quantity }) => quantity === null) : [];
  const used = { start, end: call.now };
  if (choices.behavior === 'pending_invoice_item') {
    for (const item of metered) pendUsage(call, subscription, item, used, call.now + 1);
    return;
  }
  const draft = draftFor(call, subscription, 'subscription_update', used);
  for (const item of metered) addUsage(call, draft, item, used, call.now + 1);
  includePendingItems(call, invoiceOf(call, draft.id));
  call.store.put('subscriptions', { ...subscription, latest_invoice: draft.id });
  const invoice = finalizeNow(call, draft.id);
  if (invoice.status === 'open' && invoice.collection_method === 'charge_automatically') attempt(call, invoice);
}
