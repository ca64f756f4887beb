import { formatMinor, taxLabel } from '#domain';
import { type InvoiceDetails, type ServiceContext, findInvoice, listInvoices } from '#services';

/** What an invoice of a simulation says, without what differs from run to run. */
export interface SimulatedInvoice {
  readonly number: string | null;
  readonly customer: string;
  readonly period: string;
  readonly state: string;
  readonly currency: string;
  readonly lines: readonly SimulatedLine[];
  readonly subtotal: string;
  readonly tax: string;
  readonly total: string;
  /** How it is taxed; absent where no tax rates are. */
  readonly taxes?: string;
  /** What was taken back of it, and where that went; absent when nothing was. */
  readonly creditNotes?: string;
  /** What its lines give back beyond what they charge; absent when that is nothing. */
  readonly toBalance?: string;
  /** What of the total the balance paid; absent when that is nothing. */
  readonly fromBalance?: string;
}

export interface SimulatedLine {
  readonly kind: string;
  readonly meter: string | null;
  readonly description: string;
  readonly quantity: string;
  readonly amount: string;
}

const PAGE = 200;

/** Every invoice, in the order in which they were made. */
export async function listSimulatedInvoices(context: ServiceContext): Promise<SimulatedInvoice[]> {
  const invoices: SimulatedInvoice[] = [];
  let before: string | undefined;
  for (;;) {
    const page: Awaited<ReturnType<typeof listInvoices>> = await listInvoices(context, {}, { limit: PAGE, before });
    for (const { id } of page.invoices) invoices.push(toSimulated(await findInvoice(context, { invoiceId: id })));
    if (page.next === null) return invoices.toReversed();
    before = page.next;
  }
}

function toSimulated(invoice: InvoiceDetails): SimulatedInvoice {
  const { currency } = invoice;
  return {
    number: invoice.number,
    customer: invoice.organization.name,
    period: `${invoice.periodStart.toISOString()}/${invoice.periodEnd.toISOString()}`,
    state: invoice.state,
    currency,
    lines: invoice.lines.map(({ kind, meter, description, quantity, amountMinor }) => ({
      kind,
      meter,
      description,
      quantity,
      amount: formatMinor(amountMinor, currency),
    })),
    subtotal: formatMinor(invoice.subtotalMinor, currency),
    tax: formatMinor(invoice.taxMinor, currency),
    total: formatMinor(invoice.totalMinor, currency),
    ...taxesOf(invoice),
    ...creditNotesOf(invoice),
    ...(invoice.excessCreditMinor > 0n && { toBalance: formatMinor(invoice.excessCreditMinor, currency) }),
    ...(invoice.balanceAppliedMinor > 0n && { fromBalance: formatMinor(invoice.balanceAppliedMinor, currency) }),
  };
}

function taxesOf({ taxes, taxTreatment, currency }: InvoiceDetails): Pick<SimulatedInvoice, 'taxes'> {
  if (taxTreatment === null || taxes.every(({ category }) => category === 'outside_scope')) return {};
  const told = taxes.map(
    (tax) => `${taxLabel(tax)} of ${formatMinor(tax.taxableMinor, currency)}: ${formatMinor(tax.taxMinor, currency)}`,
  );
  return { taxes: told.join('; ') };
}

function creditNotesOf({ creditNotes, refunds, currency }: InvoiceDetails): Pick<SimulatedInvoice, 'creditNotes'> {
  if (creditNotes.length === 0) return {};
  const told = creditNotes.map(({ id, number, totalMinor, taxMinor, refundedMinor }) => {
    const refund = refunds.find(({ creditNoteId }) => creditNoteId === id);
    const card = refund ? `, ${formatMinor(refundedMinor, currency)} to the card (${refund.state})` : '';
    return `${number}: ${formatMinor(totalMinor, currency)} with tax of ${formatMinor(taxMinor, currency)}${card}`;
  });
  return { creditNotes: told.join('; ') };
}
