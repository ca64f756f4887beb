import type { Call } from '../sandbox.js';
import { putInvoice } from './invoice.js';
import { defaultPaymentMethodOf, voidInvoice } from './pay-invoice.js';
import { endSubscription } from './subscription-end.js';
import { createCycleInvoice } from './subscription-invoice.js';
import {
  changeSubscription,
  currentPeriodOf,
  hasEnded,
  periodEndAfter,
  renderSubscription,
  subscriptionItemsOf,
  trialNoticeSeconds,
  wait,
  type Subscription,
} from './subscription.js';

/** Lets happen what is due with the subscription at the time of the call. */
export function advanceSubscription(call: Call, id: string): void {
  const subscription = call.store.get('subscriptions', id);
  if (subscription === undefined || hasEnded(subscription)) return;
  const { status, cancel_at: cancelAt, trial_end: trialEnd } = subscription;
  const resumesAt = subscription.pause_collection?.resumes_at ?? null;
  if (status === 'incomplete') return expire(call, subscription);
  if (cancelAt !== null && cancelAt <= call.now) return endOfTerm(call, subscription);
  if (resumesAt !== null && resumesAt <= call.now) {
    changeSubscription(call, subscription, { pause_collection: null });
    return;
  }
  const period = currentPeriodOf(call, subscription);
  if (status !== 'paused' && period.end <= call.now) {
    if (status === 'trialing') endTrial(call, subscription);
    else renew(call, subscription);
    return;
  }
  if (status === 'trialing' && trialEnd! - trialNoticeSeconds <= call.now) {
    call.emit('customer.subscription.trial_will_end', renderSubscription(call, subscription));
  }
  wait(call, subscription);
}

/** The trial is over: the first period that is paid for begins now. */
export function endTrial(call: Call, subscription: Subscription): void {
  const missing = subscription.trial_settings.end_behavior.missing_payment_method;
  const charges = subscription.collection_method === 'charge_automatically';
  if (charges && missing !== 'create_invoice' && defaultPaymentMethodOf(call, subscription) === undefined) {
    if (missing === 'cancel') endSubscription(call, subscription, null);
    else pauseWithoutCard(call, subscription);
    return;
  }
  const anchor = subscription.billing_cycle_anchor < call.now ? call.now : subscription.billing_cycle_anchor;
  const active = call.store.put('subscriptions', { ...subscription, billing_cycle_anchor: anchor });
  const trial = currentPeriodOf(call, active);
  const begins = moveItems(call, active, call.now);
  const invoice = createCycleInvoice(call, active, trial, begins);
  changeSubscription(call, subscription, {
    billing_cycle_anchor: anchor,
    latest_invoice: invoice.id,
    status: 'active',
    trial_end: Math.min(subscription.trial_end ?? call.now, call.now),
  });
}

function pauseWithoutCard(call: Call, subscription: Subscription): void {
  changeSubscription(
    call,
    subscription,
    {
      status: 'paused',
      status_details: {
        paused: {
          subscription: { type: 'trial_end_without_payment_method' },
          transitioned_at: call.now,
          type: 'subscription',
        },
      },
      trial_end: Math.min(subscription.trial_end ?? call.now, call.now),
    },
    'customer.subscription.paused',
  );
}

/** The next period begins; what it costs, and the usage of the one that ended, is on one invoice. */
function renew(call: Call, subscription: Subscription): void {
  if (subscription.cancel_at_period_end) return endOfTerm(call, subscription);
  const ended = currentPeriodOf(call, subscription);
  const begins = moveItems(call, subscription, ended.end);
  const invoice = createCycleInvoice(call, subscription, ended, begins);
  changeSubscription(call, subscription, { latest_invoice: invoice.id });
}

/** Ends the subscription as was asked for, and bills the usage that no invoice has had yet. */
function endOfTerm(call: Call, subscription: Subscription): void {
  const { start } = currentPeriodOf(call, subscription);
  const isMetered = subscriptionItemsOf(call, subscription.id).some(({ quantity }) => quantity === null);
  const invoice = isMetered ? createCycleInvoice(call, subscription, { start, end: call.now }, null) : undefined;
  endSubscription(
    call,
    { ...subscription, latest_invoice: invoice?.id ?? subscription.latest_invoice },
    'cancellation_requested',
    subscription.cancellation_details.comment,
  );
  if (invoice && subscription.pause_collection?.behavior !== 'keep_as_draft')
    putInvoice(call, invoice, { auto_advance: true });
}

/** Puts the items of the subscription into the period that begins at the instant, and returns it. */
export function moveItems(call: Call, subscription: Subscription, start: number): { start: number; end: number } {
  const end = periodEndAfter(call, subscription, start);
  for (const item of subscriptionItemsOf(call, subscription.id)) {
    call.store.put('subscription_items', { ...item, current_period_start: start, current_period_end: end });
  }
  return { start, end };
}

/** Its first payment did not come within 23 hours. */
function expire(call: Call, subscription: Subscription): void {
  const invoice = subscription.latest_invoice && call.store.get('invoices', subscription.latest_invoice);
  changeSubscription(call, subscription, { ended_at: call.now, status: 'incomplete_expired' });
  if (invoice && invoice.status === 'open') voidInvoice(call, invoice);
}
