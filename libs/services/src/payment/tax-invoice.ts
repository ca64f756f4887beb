import {
  type CollectInvoiceLine,
  type ComputedTax,
  type Invoice,
  type InvoiceTax,
  type PaymentProvider,
  type TaxTreatment,
  awaitsTax,
  formatMoney,
  invoiceBuyer,
  sumOfTaxes,
  taxedByProvider,
} from '#domain';
import {
  type Actor,
  type ListedInvoice,
  type NamedBillingDetails,
  type Transaction,
  findPayer,
  insertInvoiceTaxes,
  listBillingDetails,
  listInvoicesAwaitingTax,
  listLinesToCollect,
  lockInvoice,
  saveComputedTax,
  updateInvoice,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { auditInvoice } from '../invoice/audit-invoice.js';
import { moveDrafts } from '../invoice/issue-invoice.js';
import { pagesOf } from '../table/table.js';
import { askAboutEach } from './ask-about-each.js';
import { collectBuyer, readInvoice, spanOf, withSpans } from './collect-invoice.js';
import { type PaymentAlarms, alarmStaff } from './payment-alarms.js';
import { ensureProviderCustomer } from './payment-method.js';
import { type ProviderTry, needsAPerson } from './provider-try.js';
import { providerLines } from './provider-lines.js';
import { RECONCILE_HOLD, TAX_FAILED, TAX_LOCATION_MISSING } from './reconcile-hold.js';

const PAGE_SIZE = 100;
const system: Actor = { kind: 'system', id: null };

/** What came of asking for the tax of an invoice. */
export type TaxOutcome =
  | { readonly outcome: 'taxed' }
  /** It stays a draft: a person must see to it. */
  | { readonly outcome: 'held'; readonly reason: string }
  /** Its tax is known, or none of the provider's. */
  | { readonly outcome: 'nothing_to_do' };

/**
 * Has the payment provider compute the tax of a draft, takes it over for good, and moves the invoice on: into review, or it is
 * issued. From then on the database refuses to change it, and what is collected must come to the same. Where the buyer's address is
 * not enough, or the provider still refuses with the `TRIES_OF_A_REFUSAL`th try, it stays a draft, and staff is told once. Safe to
 * repeat, also at the same time and after a crash at any point.
 * @throws NotFoundError `invoice_not_found`; ConflictError `billing_email_missing`; PaymentProviderError, for another call
 */
export async function taxInvoice(
  context: ServiceContext,
  provider: PaymentProvider,
  invoiceId: string,
  { alarms = null, tries = 1 }: ProviderTry = {},
): Promise<TaxOutcome> {
  const invoice = await readInvoice(context, invoiceId);
  if (!awaitsTax(invoice)) return { outcome: 'nothing_to_do' };
  const basis = await readBasis(context, invoice);
  let computed: ComputedTax;
  try {
    computed = await provider.computeTax({
      ...basis.request,
      providerCustomerId: await ensureProviderCustomer(context, provider, invoice.organizationId),
    });
  } catch (error) {
    if (needsAPerson(error, tries))
      return hold(context, invoice, { code: RECONCILE_HOLD, message: error.message }, alarms);
    throw error;
  }
  switch (computed.state) {
    case 'computed': {
      const { exemptionReason } = basis.details.details;
      await takeOver(context, invoice, basis, taxedByProvider(computed.taxes, { exemptionReason }));
      return { outcome: 'taxed' };
    }
    case 'location_missing': {
      const message =
        'Stripe cannot tell where the buyer is taxed: its billing details need a country, and in the United States a ZIP code in its address.';
      return hold(context, invoice, { code: TAX_LOCATION_MISSING, message }, alarms);
    }
    case 'failed': {
      const message = `Stripe could not compute the tax: ${computed.message} "Build anew" asks again.`;
      return hold(context, invoice, { code: TAX_FAILED, message }, alarms);
    }
  }
}

/**
 * Asks for the tax of every draft that waits for it, so that what was mended at the provider is noticed; returns how many there were.
 * For an hourly timer; safe to repeat.
 * @throws PaymentProviderError at once when it is retryable, else the first after all were asked about
 */
export async function reconcileTaxes(
  context: ServiceContext,
  provider: PaymentProvider,
  alarms: PaymentAlarms | null = null,
): Promise<number> {
  let count = 0;
  const pages = pagesOf<string>(PAGE_SIZE, (after, limit) =>
    context.unitOfWork.inSystem((transaction) => listInvoicesAwaitingTax(transaction, null, after ?? null, limit)),
  );
  await askAboutEach(pages, async (invoiceId) => {
    count += 1;
    await taxInvoice(context, provider, invoiceId, { alarms });
  });
  return count;
}

interface TaxBasis {
  readonly details: NamedBillingDetails;
  readonly buyer: Invoice['buyer'];
  readonly request: Omit<Parameters<PaymentProvider['computeTax']>[0], 'providerCustomerId'>;
}

/** What is known of the buyer now, and the lines; of one that only gives something back, what it gives back. */
function readBasis(context: ServiceContext, invoice: Invoice): Promise<TaxBasis> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const { organizationId, generation, currency, ratingHash, subtotalMinor, excessCreditMinor } = invoice;
    const details = (await listBillingDetails(transaction, [organizationId])).get(organizationId)!;
    const buyer = invoiceBuyer(details.details, details.organizationName);
    const payer = await findPayer(transaction, organizationId);
    const known = collectBuyer({ buyer, taxTreatment: invoice.taxTreatment }, payer)!;
    const isGivingBack = subtotalMinor === 0n;
    return {
      details,
      buyer,
      request: {
        invoiceId: invoice.id,
        generation,
        currency,
        buyer: { ...known, isExempt: details.details.exemptionReason !== null },
        ratingHash,
        taxCode: invoice.taxTreatment?.taxCode,
        lines: isGivingBack ? [givenBack(invoice)] : await linesOf(transaction, invoice),
        subtotalMinor: isGivingBack ? excessCreditMinor : subtotalMinor,
      },
    };
  });
}

async function linesOf(transaction: Transaction, invoice: Invoice): Promise<CollectInvoiceLine[]> {
  const own = await listLinesToCollect(transaction, invoice.id);
  return withSpans(invoice, own, providerLines(invoice, own, []));
}

function givenBack(invoice: Invoice): CollectInvoiceLine {
  const description = 'Credits of an invoice beyond what it charges';
  const { id, excessCreditMinor: amountMinor } = invoice;
  return { lineId: `${id}-excess`, description, amountMinor, ...spanOf(invoice) };
}

function takeOver(
  context: ServiceContext,
  { id }: Invoice,
  { buyer }: TaxBasis,
  { taxes, treatment }: { readonly taxes: readonly InvoiceTax[]; readonly treatment: TaxTreatment },
): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const invoice = await lockInvoice(transaction, id);
    if (!invoice || !awaitsTax(invoice)) return;
    const isGivingBack = invoice.subtotalMinor === 0n;
    const rows = isGivingBack ? taxes.map((tax) => ({ ...tax, taxableMinor: 0n, taxMinor: 0n })) : taxes;
    const { category, note, explanation } = treatment;
    const taxMinor = sumOfTaxes(rows);
    const taxed: Invoice = {
      ...invoice,
      buyer,
      taxTreatment: { ...invoice.taxTreatment, category, note, explanation },
      taxMinor,
      totalMinor: invoice.subtotalMinor + taxMinor,
      excessTaxMinor: isGivingBack ? sumOfTaxes(taxes) : 0n,
      failureCode: null,
      failureMessage: null,
      failedAt: null,
    };
    await insertInvoiceTaxes(
      transaction,
      rows.map((tax) => ({ ...tax, invoiceId: id, organizationId: invoice.organizationId })),
    );
    await saveComputedTax(transaction, taxed);
    await auditInvoice(context, transaction, taxed, {
      actor: system,
      action: 'taxed',
      details: { taxMinor: taxMinor.toString(), explanation },
    });
    await moveDrafts(context, transaction, [taxed]);
  });
}

/** The invoice stays a draft; staff is told once of each reason, and the audit log says it each time. */
async function hold(
  context: ServiceContext,
  { id, organization }: ListedInvoice,
  { code, message }: { readonly code: string; readonly message: string },
  alarms: PaymentAlarms | null,
): Promise<TaxOutcome> {
  await context.unitOfWork.inSystem(async (transaction) => {
    const current = await lockInvoice(transaction, id);
    if (!current || !awaitsTax(current)) return;
    const failedAt = context.clock.now();
    await updateInvoice(transaction, id, { failureCode: code, failureMessage: message, failedAt });
    const details = { code, reason: message };
    await auditInvoice(context, transaction, current, { actor: system, action: 'held', details });
    if (!alarms || current.failureCode === code) return;
    const amount = formatMoney(current.subtotalMinor, current.currency);
    const notice = { organization: organization.name, invoice: id, invoiceId: id, amount, reason: message };
    await alarmStaff(context, transaction, alarms.invoiceHeld(notice));
  });
  return { outcome: 'held', reason: message };
}
