import type Stripe from 'stripe';
import type { CreatePortalSessionRequest } from '#domain';

/** Names our configuration among those of the account; another number when what it allows changes. */
const MARK = 'cards-and-invoices-1';

/**
 * A session of Stripe's customer portal that allows cards and invoices, and nothing that Tollgate decides: no change or end of
 * a subscription, no other address than that of our invoices.
 */
export async function createPortalSession(stripe: Stripe, request: CreatePortalSessionRequest): Promise<string> {
  const { url } = await stripe.billingPortal.sessions.create({
    configuration: await ensureConfiguration(stripe),
    customer: request.providerCustomerId,
    return_url: request.returnUrl,
  });
  return url;
}

async function ensureConfiguration(stripe: Stripe): Promise<string> {
  for await (const { id, metadata } of stripe.billingPortal.configurations.list({ active: true, limit: 100 }))
    if (metadata?.['tollgate'] === MARK) return id;
  const { id } = await stripe.billingPortal.configurations.create(
    {
      features: { invoice_history: { enabled: true }, payment_method_update: { enabled: true } },
      metadata: { tollgate: MARK },
    },
    { idempotencyKey: `portal:${MARK}` },
  );
  return id;
}
