import { declineFields } from '../cards/card-fault.js';
import { testCardByFingerprint, type Decline } from '../cards/test-card.js';
import type { Metadata } from '../http/metadata.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { chargeReceived } from './account-transaction.js';
import { expectDispute } from './dispute.js';
import type { PaymentIntent } from './payment-intent.js';
import type { PaymentMethod } from './payment-method.js';

const untouched = {
  application: null,
  application_fee: null,
  application_fee_amount: null,
  calculated_statement_descriptor: 'SANDBOX',
  failure_balance_transaction: null,
  fraud_details: {},
  livemode: false,
  on_behalf_of: null,
  receipt_email: null,
  receipt_number: null,
  receipt_url: null,
  review: null,
  shipping: null,
  source: null,
  source_transfer: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  transfer_data: null,
  transfer_group: null,
} as const;

export type Charge = typeof untouched & {
  readonly id: string;
  readonly object: 'charge';
  readonly amount: number;
  readonly amount_captured: number;
  readonly amount_refunded: number;
  readonly balance_transaction: string | null;
  readonly billing_details: object;
  readonly captured: boolean;
  readonly created: number;
  readonly currency: string;
  readonly customer: string | null;
  readonly description: string | null;
  readonly disputed: boolean;
  readonly failure_code: string | null;
  readonly failure_message: string | null;
  readonly metadata: Metadata;
  readonly outcome: object;
  readonly paid: boolean;
  readonly payment_intent: string;
  readonly payment_method: string;
  readonly payment_method_details: { readonly type: 'card'; readonly card: { readonly fingerprint: string } };
  readonly refunded: boolean;
  readonly status: 'failed' | 'succeeded';
};

/** Charges the card for the payment intent; whether that succeeds is a property of the test card. */
export function createCharge(
  call: Call,
  intent: PaymentIntent,
  method: PaymentMethod,
): { readonly charge: Charge; readonly decline: Decline | undefined } {
  const decline = testCardByFingerprint(method.card.fingerprint)?.onCharge;
  const held = intent.capture_method === 'manual';
  const id = newId('ch');
  const { amount, currency } = intent;
  const charge = call.store.put('charges', {
    ...untouched,
    id,
    object: 'charge',
    amount,
    amount_captured: decline || held ? 0 : amount,
    amount_refunded: 0,
    balance_transaction: decline || held ? null : chargeReceived(call, { id, currency }, amount).id,
    billing_details: method.billing_details,
    captured: !decline && !held,
    created: call.now,
    currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    metadata: intent.metadata,
    outcome: outcomeOf(decline),
    paid: !decline,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { type: 'card', card: cardDetailsOf(method, amount) },
    refunded: false,
    status: decline ? 'failed' : 'succeeded',
  });
  call.emit(decline ? 'charge.failed' : 'charge.succeeded', charge);
  if (charge.captured) expectDispute(call, charge);
  return { charge, decline };
}

/** Takes what a charge holds, or a part of it. */
export function captureCharge(call: Call, id: string, amount: number): void {
  const charge = call.store.get('charges', id)!;
  const { id: transaction } = chargeReceived(call, charge, amount);
  const captured = { ...charge, amount_captured: amount, balance_transaction: transaction, captured: true };
  const previous = { amount_captured: 0, balance_transaction: null, captured: false };
  call.emit('charge.captured', call.store.put('charges', captured), previous);
  expectDispute(call, captured);
}

/** Lets go of what a charge holds. */
export function releaseCharge(call: Call, id: string): void {
  const charge = call.store.get('charges', id)!;
  call.store.put('charges', { ...charge, amount_refunded: charge.amount, refunded: true });
}

function outcomeOf(decline: Decline | undefined): object {
  return {
    advice_code: decline ? 'try_again_later' : null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: decline ? 'declined_by_network' : 'approved_by_network',
    reason: decline ? (declineFields(decline).decline_code ?? decline.code) : null,
    risk_level: 'normal',
    risk_score: 12,
    seller_message: decline ? 'The bank did not return any further details with this decline.' : 'Payment complete.',
    type: decline ? 'issuer_declined' : 'authorized',
  };
}

function cardDetailsOf({ card }: PaymentMethod, amount: number) {
  return {
    amount_authorized: amount,
    authorization_code: null,
    brand: card.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: null },
    country: card.country,
    electronic_commerce_indicator: null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    fingerprint: card.fingerprint,
    funding: card.funding,
    installments: null,
    last4: card.last4,
    mandate: null,
    network: card.brand,
    network_transaction_id: null,
    regulated_status: card.regulated_status,
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  };
}
