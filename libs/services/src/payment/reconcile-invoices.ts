import type { PaymentProvider } from '#domain';
import { type UnsettledInvoice, listUnsettledProviderInvoices } from '#persistence';
import type { ServiceContext } from '../context.js';
import { pagesOf } from '../table/table.js';
import { applyProviderInvoice } from './apply-provider-invoice.js';
import { askAboutEach } from './ask-about-each.js';

const PAGE_SIZE = 100;

/**
 * Asks the provider about every invoice that is not settled, so that a webhook that was lost is made up for; returns how
 * many were asked about. For an hourly timer; safe to repeat. Stops when the provider is away; an invoice that it refuses to
 * show does not keep the others waiting.
 * @throws PaymentProviderError at once when it is retryable, else the first after all were asked about
 */
export async function reconcileInvoices(context: ServiceContext, provider: PaymentProvider): Promise<number> {
  let count = 0;
  const pages = pagesOf<UnsettledInvoice>(PAGE_SIZE, (after, limit) =>
    context.unitOfWork.inSystem((transaction) =>
      listUnsettledProviderInvoices(transaction, after?.invoiceId ?? null, limit),
    ),
  );
  await askAboutEach(pages, ({ providerInvoiceId }) => {
    count += 1;
    return applyProviderInvoice(context, provider, providerInvoiceId);
  });
  return count;
}
