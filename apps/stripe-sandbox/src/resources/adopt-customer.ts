import { invalidRequest } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import type { Customer } from './customer.js';
import { waitForInvoice } from './invoice.js';
import { wait } from './subscription.js';
import type { TestClock } from './test-clock.js';

/** Lets a customer and all that is theirs live by the clock from now on. There is no way back. */
export function adoptCustomer(call: Call, clock: TestClock, customer: Customer): void {
  if (customer.test_clock !== null) {
    throw invalidRequest(`The customer is attached to the test clock ${customer.test_clock} already.`, 'customer');
  }
  if (clock.frozen_time < call.now) {
    throw invalidRequest('The clock of an existing customer cannot begin in the past.', 'frozen_time');
  }
  const { store } = call;
  const test_clock = clock.id;
  store.put('customers', { ...customer, test_clock });
  for (const item of store.childrenOf('invoice_items', customer.id))
    store.put('invoice_items', { ...item, test_clock });
  for (const subscription of store.childrenOf('subscriptions', customer.id)) {
    wait(call, store.put('subscriptions', { ...subscription, test_clock }));
  }
  for (const invoice of store.childrenOf('invoices', customer.id)) {
    waitForInvoice(call, store.put('invoices', { ...invoice, test_clock }));
  }
}
