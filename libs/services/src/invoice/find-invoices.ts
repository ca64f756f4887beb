import {
  type CreditNote,
  type InvoiceBuyer,
  type InvoiceLine,
  type InvoiceTax,
  NotFoundError,
  type Payment,
  type Refund,
  printedAddress,
  printedPlace,
} from '#domain';
import {
  type CarriedInvoice,
  type InvoiceFilter,
  type InvoicePage,
  type ListedInvoice,
  type Transaction,
  findInvoiceIdByNumber,
  findInvoiceNames,
  findPayer,
  listCarriedInto,
  listCreditNotes,
  listInvoiceLines,
  listInvoicePage,
  listInvoiceTaxes,
  listPayments,
  listRefunds,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import type { InvoiceDocument } from './document/invoice-document.js';

/** An invoice with its lines, in order, and its payments, credit notes and refunds, oldest first. */
export interface InvoiceDetails extends ListedInvoice {
  readonly lines: readonly InvoiceLine[];
  /** One at least, unless it is of before taxes. */
  readonly taxes: readonly InvoiceTax[];
  readonly payments: readonly Payment[];
  readonly creditNotes: readonly CreditNote[];
  readonly refunds: readonly Refund[];
  /** What was carried into it, the oldest first. */
  readonly carriedInvoices: readonly CarriedInvoice[];
}

/** Which invoice; with an organization, only if it is that organization's. */
export interface InvoiceReference {
  readonly invoiceId: string;
  readonly organizationId?: string | undefined;
}

const MAX_PAGE = 200;

/**
 * One page of invoices, newest first: of one organization when the filter names it, of all otherwise, which is for
 * finance only. `next` goes into `before` for the page that follows, and is null on the last one. At most 200 a page.
 */
export function listInvoices(
  context: ServiceContext,
  filter: InvoiceFilter = {},
  { limit = 50, before }: Partial<InvoicePage> = {},
): Promise<{ readonly invoices: readonly ListedInvoice[]; readonly next: string | null }> {
  const size = Math.min(Math.max(limit, 1), MAX_PAGE);
  return inScope(context, filter.organizationId, async (transaction) => {
    const found = await listInvoicePage(transaction, filter, { limit: size + 1, before });
    const invoices = found.slice(0, size);
    return { invoices, next: found.length > size ? invoices.at(-1)!.id : null };
  });
}

/**
 * The id of the invoice with this number, or this id, whoever it is for.
 * @throws NotFoundError `invoice_not_found`
 */
export async function findInvoiceId({ unitOfWork }: ServiceContext, numberOrId: string): Promise<string> {
  const id = await unitOfWork.inSystem((transaction) => findInvoiceIdByNumber(transaction, numberOrId));
  if (id === null) throw new NotFoundError('invoice');
  return id;
}

/** @throws NotFoundError `invoice_not_found`, also for an invoice of another organization. */
export function findInvoice(context: ServiceContext, reference: InvoiceReference): Promise<InvoiceDetails> {
  return inScope(context, reference.organizationId, (transaction) => readDetails(transaction, reference));
}

/**
 * Everything that is printed on an invoice.
 * @throws NotFoundError `invoice_not_found`
 */
export function findInvoiceDocument(context: ServiceContext, reference: InvoiceReference): Promise<InvoiceDocument> {
  return inScope(context, reference.organizationId, async (transaction) => {
    const invoice = await readDetails(transaction, reference);
    const payer = await findPayer(transaction, invoice.organizationId);
    return {
      invoice,
      billTo: {
        name: invoice.buyer?.name ?? invoice.organization.name,
        email: payer?.email ?? null,
        details: invoice.buyer ? buyerLines(invoice.buyer) : [],
      },
      seller: invoice.seller,
      ...(await findInvoiceNames(transaction, invoice.id)),
      renderedAt: context.clock.now(),
    };
  });
}

function buyerLines(buyer: InvoiceBuyer): string[] {
  const place = printedPlace(buyer);
  return [
    ...printedAddress(buyer),
    ...(place === null ? [] : [place]),
    ...buyer.taxIds.map(({ value }) => `Tax ID ${value}`),
  ];
}

async function readDetails(
  transaction: Transaction,
  { invoiceId, organizationId }: InvoiceReference,
): Promise<InvoiceDetails> {
  const [invoice] = await listInvoicePage(transaction, { invoiceId, organizationId }, { limit: 1 });
  if (!invoice) throw new NotFoundError('invoice');
  return {
    ...invoice,
    lines: await listInvoiceLines(transaction, invoiceId),
    taxes: await listInvoiceTaxes(transaction, invoiceId),
    payments: await listPayments(transaction, invoiceId),
    creditNotes: await listCreditNotes(transaction, invoiceId),
    refunds: await listRefunds(transaction, invoiceId),
    carriedInvoices: await listCarriedInto(transaction, invoiceId),
  };
}

function inScope<Result>(
  { unitOfWork }: ServiceContext,
  organizationId: string | undefined,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return organizationId === undefined ? unitOfWork.inSystem(work) : unitOfWork.inOrganization(organizationId, work);
}
