import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { roundedShare } from './exact.js';

/** Money that comes into the account, or leaves it, and what Stripe takes for that. */
export interface AccountTransaction {
  readonly id: string;
  readonly object: 'balance_transaction';
  readonly amount: number;
  readonly available_on: number;
  readonly balance_type: 'payments';
  readonly created: number;
  readonly currency: string;
  readonly description: string;
  readonly exchange_rate: null;
  readonly fee: number;
  readonly fee_details: readonly object[];
  readonly net: number;
  readonly reporting_category: string;
  readonly source: string;
  readonly status: 'available';
  readonly type: 'adjustment' | 'charge' | 'refund' | 'refund_failure';
}

/** What money moves for: a charge, a refund or a dispute. */
interface Source {
  readonly id: string;
  readonly currency: string;
}

/**
 * Of a charge 2.9 % and 30 of its minor units, whatever its currency and card, rounded half up: what Stripe takes of domestic cards in the
 * United States (https://stripe.com/pricing).
 */
const chargeFee = (amount: number): number => roundedShare(BigInt(amount), 29n, 1000n) + 30;

/** What Stripe takes for a dispute, and gives back for one that is won: https://docs.stripe.com/disputes/how-disputes-work */
const disputeFee = 1500;

export function chargeReceived(call: Call, charge: Source, amount: number): AccountTransaction {
  return move(call, charge, {
    amount,
    fee: chargeFee(amount),
    feeName: 'Stripe processing fees',
    description: `Payment ${charge.id}`,
    reporting_category: 'charge',
    type: 'charge',
  });
}

/** The fee of the charge is not given back: https://docs.stripe.com/refunds */
export function refundSent(call: Call, refund: Source, amount: number): AccountTransaction {
  const description = `Refund ${refund.id}`;
  return move(call, refund, { amount: -amount, fee: 0, description, reporting_category: 'refund', type: 'refund' });
}

/** What the bank of the card did not take comes back. */
export function refundReturned(call: Call, refund: Source, amount: number): AccountTransaction {
  return move(call, refund, {
    amount,
    fee: 0,
    description: `Failed refund ${refund.id}`,
    reporting_category: 'refund_failure',
    type: 'refund_failure',
  });
}

export function fundsWithdrawn(call: Call, dispute: Source, amount: number): AccountTransaction {
  return move(call, dispute, {
    amount: -amount,
    fee: disputeFee,
    feeName: 'Dispute fee',
    description: `Chargeback withdrawal for ${dispute.id}`,
    reporting_category: 'dispute',
    type: 'adjustment',
  });
}

export function fundsReinstated(call: Call, dispute: Source, amount: number): AccountTransaction {
  return move(call, dispute, {
    amount,
    fee: -disputeFee,
    feeName: 'Dispute fee',
    description: `Chargeback reversal for ${dispute.id}`,
    reporting_category: 'dispute_reversal',
    type: 'adjustment',
  });
}

interface Movement extends Pick<AccountTransaction, 'amount' | 'description' | 'fee' | 'reporting_category' | 'type'> {
  readonly feeName?: string;
}

function move(call: Call, { id: source, currency }: Source, { feeName, ...movement }: Movement): AccountTransaction {
  const { amount, fee } = movement;
  return call.store.put('account_transactions', {
    ...movement,
    id: newId('txn'),
    object: 'balance_transaction',
    available_on: call.now,
    balance_type: 'payments',
    created: call.now,
    currency,
    exchange_rate: null,
    fee_details:
      feeName === undefined
        ? []
        : [{ amount: fee, application: null, currency, description: feeName, type: 'stripe_fee' }],
    net: amount - fee,
    source,
    status: 'available',
  });
}
