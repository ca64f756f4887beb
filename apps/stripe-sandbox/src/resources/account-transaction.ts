import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import type { Charge } from './charge.js';

/** Money of a dispute that leaves the account, or comes back to it. */
export interface FundsMovement {
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
  readonly reporting_category: 'dispute' | 'dispute_reversal';
  readonly source: string;
  readonly status: 'available';
  readonly type: 'adjustment';
}

/** What Stripe takes for a dispute, and gives back for one that is won: https://docs.stripe.com/disputes/how-disputes-work */
const feeMinor = 1500;

export function fundsWithdrawn(call: Call, charge: Charge, amount: number): FundsMovement {
  return movement(call, charge, { amount: -amount, fee: feeMinor, description: 'Chargeback withdrawal' });
}

export function fundsReinstated(call: Call, charge: Charge, amount: number): FundsMovement {
  return movement(call, charge, { amount, fee: -feeMinor, description: 'Chargeback reversal' });
}

function movement(
  call: Call,
  { id, currency }: Charge,
  { amount, fee, description }: { readonly amount: number; readonly fee: number; readonly description: string },
): FundsMovement {
  return {
    id: newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: call.now,
    balance_type: 'payments',
    created: call.now,
    currency,
    description: `${description} for ${id}`,
    exchange_rate: null,
    fee,
    fee_details: [{ amount: fee, application: null, currency, description: 'Dispute fee', type: 'stripe_fee' }],
    net: amount - fee,
    reporting_category: amount < 0 ? 'dispute' : 'dispute_reversal',
    source: id,
    status: 'available',
    type: 'adjustment',
  };
}
