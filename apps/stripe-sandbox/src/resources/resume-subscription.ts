import { invalidRequest } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { attempt } from './advance-invoice.js';
import { lengthOfCycleBefore } from './billing-period.js';
import { waitUntil } from './due.js';
import { invoiceOf, type Invoice } from './invoice.js';
import { collectInvoice } from './pay-invoice.js';
import { includePendingItems } from './pending-items.js';
import { moveItems } from './subscription-cycle.js';
import { addLicensed, draftFor, finalizeNow } from './subscription-invoice.js';
import { prorate } from './subscription-proration.js';
import {
  countedFrom,
  recurrenceOf,
  resume,
  resumptionSeconds,
  subscriptionItemsOf,
  subscriptionOf,
  type Subscription,
} from './subscription.js';
import type { ProrationBehavior } from './update-subscription.js';

export interface ResumeChoices {
  /** Whether a period begins now, or what is left of the one that the anchor gives. */
  readonly anchor: 'now' | 'unchanged';
  /** How what is left is billed; nothing is prorated where a period begins. */
  readonly behavior: ProrationBehavior;
  /** From when on what is left is reckoned, within the cycle that the anchor gives. */
  readonly from: number;
  /** Whether an attempt to pay is enough to be active, or a payment is needed. */
  readonly payment: 'resume_on_payment_attempt' | 'resume_on_payment_success';
}

/** Begins to bill a paused subscription again. */
export function resumeSubscription(call: Call, subscription: Subscription, choices: ResumeChoices): Subscription {
  if (subscription.status !== 'paused') {
    throw invalidRequest(`Only a paused subscription can be resumed. This one is ${subscription.status}.`);
  }
  const invoice = choices.anchor === 'now' ? beginPeriod(call, subscription) : goOn(call, subscription, choices);
  if (invoice === undefined) resume(call, subscriptionOf(call, subscription.id));
  else if (choices.payment === 'resume_on_payment_attempt') chargeResumed(call, subscription.id, invoice);
  else chargeToResume(call, subscription.id, invoice);
  return subscriptionOf(call, subscription.id);
}

function beginPeriod(call: Call, subscription: Subscription): Invoice {
  const change = { billing_cycle_anchor: call.now, billing_cycle_anchor_config: null };
  const anchored = call.store.put('subscriptions', { ...subscription, ...change });
  const begins = moveItems(call, anchored, call.now);
  const draft = draftFor(call, anchored, 'subscription_update', { start: call.now, end: call.now });
  for (const item of subscriptionItemsOf(call, subscription.id)) addLicensed(call, draft, item, begins);
  return withPending(call, subscription.id, draft);
}

/** The draft of what is left of the cycle, if it is invoiced at once. */
function goOn(call: Call, subscription: Subscription, { behavior, from }: ResumeChoices): Invoice | undefined {
  const { end } = moveItems(call, subscription, call.now);
  const start = end - lengthOfCycleBefore(countedFrom(call, subscription), recurrenceOf(call, subscription.id), end);
  if (from < start || from > end) {
    throw invalidRequest('The proration date must be within the current period.', 'proration_date');
  }
  if (behavior === 'none') return undefined;
  for (const item of subscriptionItemsOf(call, subscription.id)) {
    prorate(call, subscription, { ...item, current_period_start: start }, 1, from);
  }
  if (behavior === 'create_prorations') return undefined;
  const draft = draftFor(call, subscription, 'subscription_update', { start: call.now, end: call.now });
  return withPending(call, subscription.id, draft);
}

function withPending(call: Call, subscriptionId: string, draft: Invoice): Invoice {
  includePendingItems(call, invoiceOf(call, draft.id));
  call.store.put('subscriptions', { ...subscriptionOf(call, subscriptionId), latest_invoice: draft.id });
  return draft;
}

/** It is active, and past due if the payment fails. */
function chargeResumed(call: Call, subscriptionId: string, draft: Invoice): void {
  resume(call, subscriptionOf(call, subscriptionId));
  const invoice = finalizeNow(call, draft.id);
  if (invoice.status === 'open' && invoice.collection_method === 'charge_automatically') attempt(call, invoice);
}

/** It stays paused until the invoice is paid or given up, which is void unless that happens in time. */
function chargeToResume(call: Call, subscriptionId: string, draft: Invoice): void {
  call.store.put('resumptions', { id: subscriptionId, invoice: draft.id });
  const invoice = finalizeNow(call, draft.id);
  if (invoice.status !== 'open') return;
  const isPaid = invoice.collection_method === 'charge_automatically' && collectInvoice(call, invoice) === 'paid';
  if (!isPaid) waitUntil(call, 'invoice', invoice, call.now + resumptionSeconds);
}
