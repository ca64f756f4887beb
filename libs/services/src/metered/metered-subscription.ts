import type { PaymentProvider } from '#domain';
import {
  type MeteredPhase,
  type MeteredProviderIds,
  findMeteredSubscriptionId,
  insertMeteredSubscription,
  saveMeteredProviderIds,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { ensureProviderCustomer } from '../payment/payment-method.js';

/** What the provider has for a phase, and our id of it. */
export interface MeteredSubscriptionInForce {
  readonly id: string;
  readonly provider: MeteredProviderIds;
}

/**
 * The provider's subscription for a phase, with its meters and prices, found or made: written down before and after, so that a
 * crash in between ends with one. Null when the organization has another one of the plan version: then this is rated here.
 * @throws PaymentProviderError; ConflictError `billing_email_missing`
 */
export async function ensureMeteredSubscription(
  context: ServiceContext,
  provider: PaymentProvider,
  phase: MeteredPhase,
): Promise<MeteredSubscriptionInForce | null> {
  if (phase.metered?.provider) return { id: phase.metered.id, provider: phase.metered.provider };
  const { phaseId, organizationId, subscriptionId, planVersionId } = phase;
  const id = await context.unitOfWork.inSystem(async (transaction) => {
    await insertMeteredSubscription(transaction, {
      id: context.ids.next(),
      organizationId,
      subscriptionId,
      phaseId,
      planVersionId,
      createdAt: context.clock.now(),
    });
    return findMeteredSubscriptionId(transaction, phaseId);
  });
  if (id === null) return null;
  const made = await makeAtProvider(context, provider, id, phase);
  await context.unitOfWork.inSystem((transaction) => saveMeteredProviderIds(transaction, id, made));
  return { id, provider: made };
}

async function makeAtProvider(
  context: ServiceContext,
  provider: PaymentProvider,
  id: string,
  { organizationId, planVersionId, planTitle, definition, anchorAt }: MeteredPhase,
): Promise<MeteredProviderIds> {
  const customerId = await ensureProviderCustomer(context, provider, organizationId);
  const prices: Record<string, MeteredProviderIds['prices'][string]> = {};
  for (const price of definition.prices) {
    prices[price.meter] = await provider.metered.ensurePrice({
      planVersionId,
      title: planTitle,
      currency: definition.currency,
      price,
    });
  }
  const { providerSubscriptionId, startedMs } = await provider.metered.ensureSubscription({
    meteredSubscriptionId: id,
    providerCustomerId: customerId,
    providerPriceIds: Object.values(prices).map(({ providerPriceId }) => providerPriceId),
    anchorMs: anchorAt.getTime(),
  });
  return { customerId, subscriptionId: providerSubscriptionId, prices, startedAt: new Date(startedMs) };
}
