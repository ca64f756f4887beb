import { type RefundOutcome, testCardByFingerprint } from '../cards/test-card.js';
import type { Metadata } from '../http/metadata.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { refundReturned, refundSent } from './account-transaction.js';
import type { Charge } from './charge.js';
import { formatAmount } from './currency.js';
import { isChargedBack } from './dispute.js';
import { waitUntil } from './due.js';
import { previousOf } from './previous-attributes.js';

const untouched = {
  customer_account: null,
  receipt_number: null,
  source_transfer_reversal: null,
  transfer_reversal: null,
} as const;

export type Refund = typeof untouched & {
  readonly id: string;
  readonly object: 'refund';
  readonly amount: number;
  readonly balance_transaction: string;
  readonly charge: string;
  readonly created: number;
  readonly currency: string;
  readonly customer: string | null;
  readonly destination_details: object;
  readonly failure_balance_transaction?: string;
  readonly failure_reason?: 'expired_or_canceled_card' | 'lost_or_stolen_card' | 'unknown';
  readonly metadata: Metadata;
  readonly payment_intent: string;
  readonly payment_method: string;
  readonly pending_reason?: 'processing';
  readonly reason: RefundReason | null;
  readonly status: 'failed' | 'pending' | 'succeeded';
};

export type RefundReason = 'duplicate' | 'fraudulent' | 'requested_by_customer';

/** How long after its start a refund of a card ends that does not end at once. */
const laterSeconds = 5;

export interface RefundChoices extends Pick<Refund, 'metadata' | 'reason'> {
  /** Null for all that is left of the charge. */
  readonly amount: number | null;
}

/** Gives money of a charge back to its card, at most what is left of it. What comes of that is a property of the test card. */
export function createRefund(call: Call, charge: Charge, choices: RefundChoices): Refund {
  if (isChargedBack(call, charge)) {
    const message = `Charge ${charge.id} has been charged back; cannot issue a refund.`;
    throw invalidRequest(message, undefined, 'charge_disputed');
  }
  const left = charge.amount_captured - charge.amount_refunded;
  if (left === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, undefined, 'charge_already_refunded');
  }
  const amount = choices.amount ?? left;
  if (amount < 1) throw invalidRequest('Invalid positive integer', 'amount', 'parameter_invalid_integer');
  if (amount > left) {
    const [asked, unrefunded] = [amount, left].map((each) => formatAmount(each, charge.currency));
    throw invalidRequest(
      `Refund amount (${asked}) is greater than unrefunded amount on charge (${unrefunded})`,
      'amount',
    );
  }
  const outcome = outcomeOf(charge);
  const isPending = outcome === 'later';
  const id = newId('re');
  const refund = call.store.put('refunds', {
    ...untouched,
    id,
    object: 'refund',
    amount,
    balance_transaction: refundSent(call, { id, currency: charge.currency }, amount).id,
    charge: charge.id,
    created: call.now,
    currency: charge.currency,
    customer: charge.customer,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: choices.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    ...(isPending && { pending_reason: 'processing' as const }),
    reason: choices.reason,
    status: isPending ? 'pending' : 'succeeded',
  });
  if (outcome !== undefined) {
    waitUntil(call, 'refund', { id: refund.id, test_clock: null }, call.now + laterSeconds);
  }
  call.emit('refund.created', refund);
  addToCharge(call, charge, amount, 'charge.refunded');
  return refund;
}

/** Ends a refund that did not end at once: it fails after all, or succeeds. */
export function advanceRefund(call: Call, id: string): void {
  const refund = call.store.get('refunds', id);
  if (refund === undefined) return;
  const charge = call.store.get('charges', refund.charge)!;
  if (outcomeOf(charge) === 'fails') {
    const failed = change(call, refund, {
      failure_balance_transaction: refundReturned(call, refund, refund.amount).id,
      failure_reason: 'expired_or_canceled_card',
      status: 'failed',
    });
    call.emit('refund.failed', failed);
    addToCharge(call, charge, -refund.amount, 'charge.updated');
    return;
  }
  const { pending_reason: _over, ...settled } = refund;
  change(call, settled, { status: 'succeeded' });
}

export function refundOf(call: Call, id: string, param: string): Refund {
  const refund = call.store.get('refunds', id);
  if (refund === undefined) throw noSuch('refund', id, param);
  return refund;
}

/** The charge that a refund is of, by its own id or that of its payment intent. */
export function chargeToRefund(
  call: Call,
  { charge: chargeId, payment_intent: intentId }: { readonly charge?: string; readonly payment_intent?: string },
): Charge {
  if ((chargeId === undefined) === (intentId === undefined)) {
    const message = 'One of the following params should be provided for this request: payment_intent or charge.';
    throw invalidRequest(message, 'payment_intent', 'parameter_missing');
  }
  if (chargeId !== undefined) {
    const charge = call.store.get('charges', chargeId);
    if (charge === undefined) throw noSuch('charge', chargeId, 'charge');
    if (charge.status === 'succeeded') return charge;
    throw invalidRequest(`Charge ${chargeId} was not successful and cannot be refunded.`, 'charge');
  }
  const intent = call.store.get('payment_intents', intentId!);
  if (intent === undefined) throw noSuch('payment_intent', intentId!, 'payment_intent');
  const charge = call.store.get('charges', intent.latest_charge ?? '');
  if (charge?.status === 'succeeded') return charge;
  throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`);
}

export function updateRefund(call: Call, refund: Refund, metadata: Metadata): Refund {
  return change(call, refund, { metadata });
}

function change(call: Call, refund: Refund, fields: Partial<Refund>): Refund {
  const changed = call.store.put('refunds', { ...refund, ...fields });
  const previous = previousOf(refund, changed);
  call.emit('refund.updated', changed, previous);
  call.emit('charge.refund.updated', changed, previous);
  return changed;
}

function outcomeOf({ payment_method_details: details }: Charge): RefundOutcome | undefined {
  return testCardByFingerprint(details.card.fingerprint)?.onRefund;
}

function addToCharge(call: Call, charge: Charge, amount: number, event: string): void {
  const refunded = charge.amount_refunded + amount;
  const changed = call.store.put('charges', {
    ...charge,
    amount_refunded: refunded,
    refunded: refunded === charge.amount_captured,
  });
  call.emit(event, changed, previousOf(charge, changed));
}
