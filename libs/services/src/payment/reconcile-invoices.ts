import type { PaymentProvider } from '#domain';
import { type UnsettledInvoice, listUnsettledProviderInvoices } from '#persistence';
import type { ServiceContext } from '../context.js';
import { applyProviderInvoice } from './apply-provider-invoice.js';

const PAGE_SIZE = 100;

/**
 * Asks the provider about every invoice that is not settled, so that a webhook that was lost is made up for; returns how
 * many were asked about. For an hourly timer. Stops at the first error of the provider; safe to repeat.
 */
export async function reconcileInvoices(context: ServiceContext, provider: PaymentProvider): Promise<number> {
  let count = 0;
  let after: string | null = null;
  for (;;) {
    const cursor = after;
    const page: readonly UnsettledInvoice[] = await context.unitOfWork.inSystem((transaction) =>
      listUnsettledProviderInvoices(transaction, cursor, PAGE_SIZE),
    );
    for (const { providerInvoiceId } of page) await applyProviderInvoice(context, provider, providerInvoiceId);
    count += page.length;
    if (page.length < PAGE_SIZE) return count;
    after = page.at(-1)!.invoiceId;
  }
}
