import type { Metadata } from '../http/metadata.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { putCustomer } from './customer.js';

/** One change of a customer's balance; positive amounts are owed by the customer. */
export interface BalanceTransaction {
  readonly id: string;
  readonly object: 'customer_balance_transaction';
  readonly amount: number;
  readonly checkout_session: null;
  readonly created: number;
  readonly credit_note: string | null;
  readonly currency: string;
  readonly customer: string;
  readonly customer_account: null;
  readonly description: string | null;
  readonly ending_balance: number;
  readonly invoice: string | null;
  readonly livemode: false;
  readonly metadata: Metadata;
  readonly type: 'adjustment' | 'applied_to_invoice' | 'credit_note' | 'invoice_too_small' | 'unapplied_from_invoice';
}

type Cause = Pick<BalanceTransaction, 'currency' | 'type'> &
  Partial<Pick<BalanceTransaction, 'credit_note' | 'description' | 'invoice' | 'metadata'>>;

/** Changes what the customer owes, and notes why. Undefined for a customer that is gone. */
export function changeBalance(
  call: Call,
  customerId: string,
  amount: number,
  cause: Cause,
): BalanceTransaction | undefined {
  const customer = call.store.get('customers', customerId);
  if (customer === undefined) return undefined;
  const balance = customer.balance + amount;
  putCustomer(call, customerId, { balance });
  return call.store.put('balance_transactions', {
    id: newId('cbtxn'),
    object: 'customer_balance_transaction',
    amount,
    checkout_session: null,
    created: call.now,
    credit_note: null,
    customer: customerId,
    customer_account: null,
    description: null,
    ending_balance: balance,
    invoice: null,
    livemode: false,
    metadata: {},
    ...cause,
  });
}
