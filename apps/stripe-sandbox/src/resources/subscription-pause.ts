import { invalidRequest } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { attempt } from './advance-invoice.js';
import { lengthOfCycleBefore } from './billing-period.js';
import { invoiceOf } from './invoice.js';
import { includePendingItems } from './pending-items.js';
import { moveItems } from './subscription-cycle.js';
import { endSubscription } from './subscription-end.js';
import { addLicensed, draftFor, finalizeNow } from './subscription-invoice.js';
import { prorate } from './subscription-proration.js';
import {
  changeSubscription,
  countedFrom,
  currentPeriodOf,
  recurrenceOf,
  subscriptionItemsOf,
  subscriptionOf,
  type Subscription,
} from './subscription.js';
import { addUsage } from './usage-lines.js';

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

/** Nothing is billed any more until the subscription is resumed. */
export function pauseSubscription(call: Call, subscription: Subscription): Subscription {
  if (subscription.status !== 'active' && subscription.status !== 'trialing') {
    throw invalidRequest(`Only an active subscription can be paused. This one is ${subscription.status}.`);
  }
  const details = {
    paused: { subscription: { type: 'pause_requested' }, transitioned_at: call.now, type: 'subscription' },
  };
  return changeSubscription(
    call,
    subscription,
    { status: 'paused', status_details: details },
    'customer.subscription.paused',
  );
}

/**
 * A paused subscription begins a period again: at once a new one, or what is left of the one that its anchor gives. It is
 * active as soon as that is paid.
 */
export function resumeSubscription(call: Call, subscription: Subscription, anchor: 'now' | 'unchanged'): Subscription {
  if (subscription.status !== 'paused') {
    throw invalidRequest(`Only a paused subscription can be resumed. This one is ${subscription.status}.`);
  }
  const anchored =
    anchor === 'now'
      ? call.store.put('subscriptions', {
          ...subscription,
          billing_cycle_anchor: call.now,
          billing_cycle_anchor_config: null,
        })
      : subscription;
  const begins = moveItems(call, anchored, call.now);
  const draft = draftFor(call, anchored, 'subscription_update', { start: call.now, end: call.now });
  const cycle = recurrenceOf(call, subscription.id);
  const share = {
    seconds: begins.end - call.now,
    of: lengthOfCycleBefore(countedFrom(call, anchored), cycle, begins.end),
  };
  for (const item of subscriptionItemsOf(call, subscription.id)) addLicensed(call, draft, item, begins, share);
  call.store.put('subscriptions', { ...anchored, latest_invoice: draft.id });
  const invoice = finalizeNow(call, draft.id);
  if (invoice.status === 'open' && invoice.collection_method === 'charge_automatically') attempt(call, invoice);
  return subscriptionOf(call, subscription.id);
}
