import type { Call } from '../sandbox.js';
import { finalizeInvoice } from './finalize-invoice.js';
import { invoiceOf, putInvoice, renderInvoice, waitForInvoice, type Invoice } from './invoice.js';
import { collectInvoice, markUncollectible, voidInvoice } from './pay-invoice.js';
import { endSubscription } from './subscription-end.js';
import { changeSubscription, hasEnded, resumptionSeconds, type Subscription } from './subscription.js';

const hour = 3600;
const day = 24 * hour;
/** Waits before the second, third and fourth attempt; then the subscription ends. */
const retrySeconds = [3 * day, 5 * day, 7 * day];
/** A webhook that is not acknowledged delays the finalization of its invoice, but not for ever. */
const longestDraftSeconds = 72 * hour;

/** Lets happen what is due with the invoice at the time of the call: only for those that advance by themselves. */
export function advanceInvoice(call: Call, id: string): void {
  const invoice = call.store.get('invoices', id);
  if (invoice === undefined) return;
  if (invoice.status === 'draft' && invoice.auto_advance) finalizeByItself(call, invoice);
  else if (invoice.status === 'open') advanceOpen(call, invoice);
}

function finalizeByItself(call: Call, draft: Invoice): void {
  if (isUnheard(call, draft) && call.now < draft.created + longestDraftSeconds) {
    waitForInvoice(call, putInvoice(call, draft, { automatically_finalizes_at: call.now + hour }));
    return;
  }
  const invoice = finalizeInvoice(call, draft);
  if (invoice.status !== 'open') return;
  const subscription = subscriptionFor(call, invoice);
  const pause = subscription?.pause_collection?.behavior;
  if (pause === 'void') voidInvoice(call, invoice);
  else if (pause === 'mark_uncollectible') markUncollectible(call, invoice);
  else if (invoice.collection_method === 'send_invoice') call.emit('invoice.sent', renderInvoice(call, invoice));
  else attempt(call, invoice);
}

function advanceOpen(call: Call, invoice: Invoice): void {
  if (isLateResumption(call, invoice)) {
    voidInvoice(call, invoice);
    return;
  }
  if (invoice.collection_method === 'send_invoice') {
    call.emit('invoice.overdue', renderInvoice(call, invoice));
    const subscription = subscriptionFor(call, invoice);
    if (subscription?.status === 'active') changeSubscription(call, subscription, { status: 'past_due' });
  } else if (invoice.auto_advance && invoice.next_payment_attempt !== null) {
    attempt(call, invoice);
  }
}

/** The subscription stays paused: its invoice was not paid in time. */
function isLateResumption(call: Call, invoice: Invoice): boolean {
  const subscription = subscriptionFor(call, invoice);
  if (subscription === undefined) return false;
  const isMeant = call.store.get('resumptions', subscription.id)?.invoice === invoice.id;
  const finalizedAt = invoice.status_transitions.finalized_at ?? call.now;
  return isMeant && call.now >= finalizedAt + resumptionSeconds;
}

/** Charges the invoice as nobody asked for it: a failure is tried again, and ends the subscription at last. */
export function attempt(call: Call, invoice: Invoice): void {
  const outcome = collectInvoice(call, invoice);
  if (outcome === 'paid') return;
  const after = invoiceOf(call, invoice.id);
  const wait = retrySeconds[after.attempt_count - 1];
  const next = after.auto_advance && wait !== undefined ? call.now + wait : null;
  const waiting = putInvoice(call, after, { next_payment_attempt: next });
  waitForInvoice(call, waiting);
  const subscription = subscriptionFor(call, invoice);
  if (subscription === undefined || hasEnded(subscription)) return;
  if (next === null && after.attempt_count > retrySeconds.length) endSubscription(call, subscription, 'payment_failed');
  else if (subscription.status === 'active') changeSubscription(call, subscription, { status: 'past_due' });
}

function subscriptionFor(call: Call, invoice: Invoice): Subscription | undefined {
  const id = invoice.parent?.subscription_details.subscription;
  return id === undefined ? undefined : call.store.get('subscriptions', id);
}

/** Its first event waits for an endpoint to acknowledge it. On a test clock nobody waits. */
function isUnheard(call: Call, draft: Invoice): boolean {
  if (draft.test_clock !== null) return false;
  return call.store
    .all('events')
    .some(
      ({ type, data, pending_webhooks: pending }) =>
        type === 'invoice.created' && pending > 0 && (data.object as { id?: string }).id === draft.id,
    );
}
