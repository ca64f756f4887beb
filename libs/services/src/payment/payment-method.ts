import { ConflictError, NotFoundError, type PaymentProvider, type SavedPaymentMethod } from '#domain';
import { type Payer, findPayer, saveProviderCustomer } from '#persistence';
import type { ServiceContext } from '../context.js';
import { findPaymentTerms } from './payment-terms.js';

/** The card that the organization's next invoice would be charged to; null when none is saved. */
export async function paymentMethodOf(
  context: ServiceContext,
  provider: PaymentProvider,
  organizationId: string,
): Promise<SavedPaymentMethod | null> {
  const { providerCustomerId } = await readPayer(context, organizationId);
  return providerCustomerId === null ? null : provider.defaultPaymentMethod(providerCustomerId);
}

/** How an organization would pay its next invoice: by transfer, or the card that is saved; null for neither. */
export async function wayToPay(
  context: ServiceContext,
  provider: PaymentProvider,
  organizationId: string,
): Promise<'transfer' | 'card' | null> {
  const { method } = await findPaymentTerms(context, organizationId);
  if (method === 'transfer') return method;
  return (await paymentMethodOf(context, provider, organizationId)) === null ? null : 'card';
}

/** True for an organization that pays by transfer, or has saved a card. */
export async function hasWayToPay(
  context: ServiceContext,
  provider: PaymentProvider,
  organizationId: string,
): Promise<boolean> {
  return (await wayToPay(context, provider, organizationId)) !== null;
}

export interface CreateSetupSessionInput {
  readonly organizationId: string;
  /** Where the browser comes back to, absolute; gets `payment_method=saved` or `payment_method=canceled`. */
  readonly returnUrl: string;
  /** ISO 4217; what the card will be charged in. Default USD. */
  readonly currency?: string;
}

/** The provider's hosted page on which the organization saves a card. */
export async function createSetupSession(
  context: ServiceContext,
  provider: PaymentProvider,
  { organizationId, returnUrl, currency = 'USD' }: CreateSetupSessionInput,
): Promise<{ readonly url: string }> {
  const providerCustomerId = await ensureProviderCustomer(context, provider, organizationId);
  const { url } = await provider.createSetupSession({
    providerCustomerId,
    organizationId,
    successUrl: withOutcome(returnUrl, 'saved'),
    cancelUrl: withOutcome(returnUrl, 'canceled'),
    currency,
  });
  return { url };
}

/** The provider's hosted page of the organization's cards and invoices, which leads back to an absolute address. */
export async function createPortalSession(
  context: ServiceContext,
  provider: PaymentProvider,
  { organizationId, returnUrl }: Pick<CreateSetupSessionInput, 'organizationId' | 'returnUrl'>,
): Promise<{ readonly url: string }> {
  const providerCustomerId = await ensureProviderCustomer(context, provider, organizationId);
  return provider.createPortalSession({ providerCustomerId, returnUrl });
}

/**
 * The organization's id at the payment provider, created there the first time and remembered.
 * @throws ConflictError `billing_email_missing`
 */
export async function ensureProviderCustomer(
  context: ServiceContext,
  provider: PaymentProvider,
  organizationId: string,
): Promise<string> {
  const { name, email, providerCustomerId } = await readPayer(context, organizationId);
  if (providerCustomerId !== null) return providerCustomerId;
  if (email === null) {
    throw new ConflictError(
      'billing_email_missing',
      `${name} has neither a billing address nor an owner whom the payment provider could write to: add one.`,
    );
  }
  const created = await provider.ensureCustomer({ organizationId, name, email });
  return context.unitOfWork.inOrganization(organizationId, (transaction) =>
    saveProviderCustomer(transaction, organizationId, created.providerCustomerId),
  );
}

async function readPayer(context: ServiceContext, organizationId: string): Promise<Payer> {
  const payer = await context.unitOfWork.inOrganization(organizationId, (transaction) =>
    findPayer(transaction, organizationId),
  );
  if (!payer) throw new NotFoundError('organization');
  return payer;
}

function withOutcome(returnUrl: string, outcome: 'saved' | 'canceled'): string {
  const url = new URL(returnUrl);
  url.searchParams.set('payment_method', outcome);
  return url.href;
}
