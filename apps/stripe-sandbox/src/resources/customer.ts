import type { Metadata } from '../http/metadata.js';
import { noSuch } from '../http/stripe-fault.js';
import { newId, randomText } from '../ids.js';
import type { Call } from '../sandbox.js';
import type { Address } from './address.js';

/** The fields that the sandbox leaves as Stripe sets them on a new customer. */
const untouched = {
  customer_account: null,
  delinquent: false,
  discount: null,
  livemode: false,
  preferred_locales: [],
  shipping: null,
} as const;

export type Customer = typeof untouched & {
  readonly id: string;
  readonly object: 'customer';
  readonly address: Address | null;
  /** Minor units of `currency`; positive is owed by the customer and added to the next invoice. */
  readonly balance: number;
  readonly created: number;
  readonly currency: string | null;
  readonly default_source: string | null;
  readonly description: string | null;
  readonly email: string | null;
  readonly invoice_prefix: string;
  readonly invoice_settings: {
    readonly custom_fields: null;
    readonly default_payment_method: string | null;
    readonly footer: string | null;
    readonly rendering_options: null;
  };
  readonly metadata: Metadata;
  readonly name: string | null;
  readonly next_invoice_sequence: number;
  readonly phone: string | null;
  readonly tax_exempt: 'exempt' | 'none' | 'reverse';
  /** The test clock whose time the customer lives in; null for the sandbox's own. */
  readonly test_clock: string | null;
};

export interface DeletedCustomer {
  readonly id: string;
  readonly object: 'customer';
  readonly deleted: true;
}

export function blankCustomer(created: number): Customer {
  return {
    ...untouched,
    id: newId('cus', 14),
    object: 'customer',
    address: null,
    balance: 0,
    created,
    currency: null,
    default_source: null,
    description: null,
    email: null,
    invoice_prefix: randomText(8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    tax_exempt: 'none',
    test_clock: null,
  };
}

/** The customer, or Stripe's answer when there is none or it was deleted. */
export function customerOf(call: Call, id: string, param: string): Customer {
  const customer = call.store.get('customers', id);
  if (customer === undefined) throw noSuch('customer', id, param);
  return customer;
}

/** Changes the customer's books, which is no event of its own. */
export function putCustomer(call: Call, id: string | null, change: Partial<Customer>): void {
  const customer = id === null ? undefined : call.store.get('customers', id);
  if (customer) call.store.put('customers', { ...customer, ...change });
}
