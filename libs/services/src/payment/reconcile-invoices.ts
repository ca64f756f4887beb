import { type PaymentProvider, PaymentProviderError, TollgateError } from '#domain';
import { type UnsettledInvoice, listUnsettledProviderInvoices } from '#persistence';
import type { ServiceContext } from '../context.js';
import { applyProviderInvoice } from './apply-provider-invoice.js';

const PAGE_SIZE = 100;

/**
 * Asks the provider about every invoice that is not settled, so that a webhook that was lost is made up for; returns how
 * many were asked about. For an hourly timer; safe to repeat. Stops when the provider is away; an invoice that it refuses to
 * show does not keep the others waiting.
 * @throws PaymentProviderError at once when it is retryable, else the first after all were asked about
 */
export async function reconcileInvoices(context: ServiceContext, provider: PaymentProvider): Promise<number> {
  let count = 0;
  let after: string | null = null;
  const refusals: TollgateError[] = [];
  for (;;) {
    const cursor = after;
    const page: readonly UnsettledInvoice[] = await context.unitOfWork.inSystem((transaction) =>
      listUnsettledProviderInvoices(transaction, cursor, PAGE_SIZE),
    );
    for (const { providerInvoiceId } of page) {
      try {
        await applyProviderInvoice(context, provider, providerInvoiceId);
      } catch (error) {
        if (!(error instanceof TollgateError) || (error instanceof PaymentProviderError && error.retryable))
          throw error;
        refusals.push(error);
      }
    }
    count += page.length;
    if (page.length < PAGE_SIZE) break;
    after = page.at(-1)!.invoiceId;
  }
  if (refusals[0]) throw refusals[0];
  return count;
}
