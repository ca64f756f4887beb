import { invalidRequest } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { cyclesAfter } from './billing-period.js';
import { invoiceOf } from './invoice.js';
import { includePendingItems } from './pending-items.js';
import { addTrial, draftFor, finalizeNow } from './subscription-invoice.js';
import { prorate } from './subscription-proration.js';
import { currentPeriodOf, subscriptionItemsOf, type Subscription } from './subscription.js';
import { collect, type Change } from './update-subscription.js';
import { addUsage } from './usage-lines.js';

/** Refuses an end of a trial that has passed, or that is more than five years ahead. */
export function trialEndOf(call: Call, value: number | 'now' | undefined): number | null {
  if (value === undefined || value === 'now') return null;
  if (value <= call.now)
    throw invalidRequest('Invalid timestamp: must be an integer Unix timestamp in the future.', 'trial_end');
  if (value > cyclesAfter(call.now, { interval: 'year', interval_count: 5 }, 1))
    throw invalidRequest('Invalid timestamp: can be no more than five years in the future.', 'trial_end');
  return value;
}

/**
 * Moves the end of a trial, or begins one on a subscription that is paid for: its period ends now, with what is left of it
 * given back and its usage billed, and it costs nothing until the trial ends.
 */
export function changeTrial(call: Call, subscription: Subscription, end: number, change: Change): void {
  const { status } = subscription;
  if (status !== 'trialing' && status !== 'active' && status !== 'past_due') {
    throw invalidRequest(`A subscription that is ${status} cannot begin a trial.`, 'trial_end');
  }
  const items = subscriptionItemsOf(call, subscription.id);
  const trial = { billing_cycle_anchor: end, billing_cycle_anchor_config: null, trial_end: end } as const;
  if (status === 'trialing') {
    for (const item of items) call.store.put('subscription_items', { ...item, current_period_end: end });
    call.store.put('subscriptions', { ...subscription, ...trial });
    return;
  }
  const period = currentPeriodOf(call, subscription);
  if (change.from < period.start || change.from > period.end) {
    throw invalidRequest('The proration date must be within the current period.', 'proration_date');
  }
  if (change.behavior !== 'none') for (const item of items) prorate(call, subscription, item, -1, change.from);
  const begins = { start: call.now, end };
  for (const item of items) {
    const moved = { current_period_start: begins.start, current_period_end: begins.end };
    call.store.put('subscription_items', { ...item, ...moved });
  }
  const tried = { ...subscription, ...trial, status: 'trialing', trial_start: call.now } as const;
  const draft = draftFor(call, tried, 'subscription_update', { start: call.now, end: call.now });
  for (const item of items) addUsage(call, draft, item, { start: period.start, end: call.now }, call.now + 1);
  for (const item of items) addTrial(call, draft, item, begins);
  includePendingItems(call, invoiceOf(call, draft.id));
  call.store.put('subscriptions', { ...tried, latest_invoice: draft.id });
  collect(call, finalizeNow(call, draft.id), change.paymentBehavior);
}

/** The instant at which a trial of so many days ends. */
export function trialEndAfter(call: Call, days: number): number {
  if (days < 1 || days > 730) throw invalidRequest('This value must be from 1 to 730.', 'trial_period_days');
  return call.now + days * 24 * 3600;
}
