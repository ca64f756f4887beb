import { type Invoice, type PaymentProvider, isTaxedByProvider } from '#domain';
import { findPayer } from '#persistence';
import type { ServiceContext } from '../context.js';

/** Deletes the draft on which the provider has computed the tax of an invoice that it does not collect. Safe to repeat. */
export async function dropDraft(
  context: ServiceContext,
  provider: PaymentProvider,
  invoice: Pick<Invoice, 'id' | 'organizationId' | 'taxTreatment'>,
): Promise<void> {
  const { id: invoiceId, organizationId } = invoice;
  if (!isTaxedByProvider(invoice)) return;
  const payer = await context.unitOfWork.inOrganization(organizationId, (transaction) =>
    findPayer(transaction, organizationId),
  );
  if (!payer || payer.providerCustomerId === null) return;
  await provider.voidInvoice({ invoiceId, providerCustomerId: payer.providerCustomerId });
}
