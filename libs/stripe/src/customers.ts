import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import type { EnsureCustomerRequest, SavedPaymentMethod } from '#domain';
import { createOnce } from './create-once.js';

/**
 * The id of the organization's customer. Stripe forgets idempotency keys after a day, so the search by metadata comes
 * first; the key covers two calls at once.
 */
export async function ensureCustomer(stripe: Stripe, request: EnsureCustomerRequest): Promise<string> {
  const { organizationId, name, email } = request;
  const find = async (): Promise<Stripe.Customer | undefined> => {
    for await (const customer of stripe.customers.list({ email, limit: 100 }))
      if (customer.metadata['organization_id'] === organizationId) return customer;
    return undefined;
  };
  const found = await find();
  if (found) {
    if (found.name !== name) await stripe.customers.update(found.id, { name });
    return found.id;
  }
  const parameters = { name, email, metadata: { organization_id: organizationId } };
  const hash = createHash('sha256').update(JSON.stringify(parameters)).digest('hex').slice(0, 16);
  const create = (options: Stripe.RequestOptions) => stripe.customers.create(parameters, options);
  return (await createOnce({ key: `org:${organizationId}:${hash}`, create, find })).id;
}

/**
 * The card to charge: the customer's default if one is set, else the newest that is attached. (Checkout in setup mode
 * attaches a card, and leaves the default alone.)
 */
export async function cardToCharge(stripe: Stripe, customerId: string): Promise<Stripe.PaymentMethod | null> {
  const customer = await stripe.customers.retrieve(customerId, {
    expand: ['invoice_settings.default_payment_method'],
  });
  if (customer.deleted) return null;
  const chosen = customer.invoice_settings.default_payment_method;
  if (chosen !== null && typeof chosen !== 'string') return chosen;
  const cards = await stripe.customers.listPaymentMethods(customerId, { type: 'card', limit: 1 });
  return cards.data[0] ?? null;
}

/** What may be shown of a card, or null for a payment method that is none. */
export function toSavedPaymentMethod(method: Stripe.PaymentMethod | null): SavedPaymentMethod | null {
  if (!method?.card) return null;
  const { brand, last4, exp_month: expMonth, exp_year: expYear, fingerprint = null } = method.card;
  return { id: method.id, brand, last4, expMonth, expYear, fingerprint };
}
