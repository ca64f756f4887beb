import {
  type CollectBuyer,
  type CollectInvoiceLine,
  type CollectInvoiceRequest,
  type CollectedInvoice,
  type Invoice,
  NotFoundError,
  type PaymentProvider,
  askedMinor,
  isTaxedByProvider,
  type TollgateError,
  formatMoney,
  isCardCharged,
} from '#domain';
import {
  type Actor,
  type CardChangeQuery,
  type LineToCollect,
  type ListedInvoice,
  type Payer,
  findOpenCheckout,
  findPayer,
  hasCardChange,
  listCarriedInto,
  listCreditNotes,
  listLinesToCollect,
  listInvoicePage,
  listInvoiceTaxes,
  listMeteredInvoiceIds,
  lockInvoice,
  updateInvoice,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { auditInvoice } from '../invoice/audit-invoice.js';
import { meteredInvoiceOf, requireUsageCounted } from '../metered/metered-invoice.js';
import { type HeldInvoiceNotice, type PaymentAlarms, alarmStaff } from './payment-alarms.js';
import { type ProviderTry, needsAPerson } from './provider-try.js';
import { planCollection } from './plan-collection.js';
import { dropDraft } from './drop-draft.js';
import { type ProviderLine, providerLines } from './provider-lines.js';
import { recordCollection } from './record-collection.js';
import { RECONCILE_HOLD } from './reconcile-hold.js';
import { retryCollection } from './retry-collection.js';
import { ensureProviderCustomer } from './payment-method.js';

const system: Actor = { kind: 'system', id: null };

/** How an invoice stands after an attempt to collect it. */
export type CollectionOutcome =
  | { readonly outcome: 'paid' }
  /** No card was to be charged: the provider has it, or its buyer pays it on a page there. */
  | { readonly outcome: 'waiting' }
  | { readonly outcome: 'past_due'; readonly failureCode: string; readonly failureMessage: string }
  /** What the provider has is not what was rated: nothing was charged, and a person must look at it. */
  | { readonly outcome: 'held'; readonly reason: string }
  /** It is too little to be charged, and waits for the next invoice. */
  | { readonly outcome: 'carried' }
  /** Nothing was asked of the provider: paid, void, over nothing, paid by transfer, charged back, or failed and waiting for another attempt. */
  | { readonly outcome: 'nothing_to_do'; readonly state: Invoice['state'] };

/**
 * Collects an issued invoice through the payment provider and records what came of it. Calling it again, at the same
 * time or after a crash at any point, charges nothing twice: the provider is asked with the same invoice, generation and
 * attempt. Errors of the provider (`PaymentProviderError`) leave everything as it was, for another call; the invoice is held when the
 * provider has another one, or still refuses it with the `TRIES_OF_A_REFUSAL`th try.
 * @throws NotFoundError `invoice_not_found`; ConflictError `billing_email_missing`
 */
export async function collectInvoice(
  context: ServiceContext,
  provider: PaymentProvider,
  invoiceId: string,
  options: ProviderTry = {},
): Promise<CollectionOutcome> {
  const invoice = await readInvoice(context, invoiceId);
  if (await isOnPage(context, invoiceId)) return { outcome: 'waiting' };
  if (isDue(invoice)) {
    if ((await planCollection(context, provider, invoiceId)) === 'carried') {
      await dropDraft(context, provider, invoice);
      return { outcome: 'carried' };
    }
    const asked = await readInvoice(context, invoiceId);
    return collectAtProvider(context, provider, asked, isCardCharged(asked) ? 'charge' : 'wait', options);
  }
  if (invoice.state === 'paid' && (await isLeftAtProvider(context, invoice)))
    return collectAtProvider(context, provider, invoice, 'wait', options);
  return { outcome: 'nothing_to_do', state: invoice.state };
}

/** Its buyer pays it on a page of the provider: what comes of that is followed there. */
function isOnPage(context: ServiceContext, invoiceId: string): Promise<boolean> {
  return context.unitOfWork.inSystem(async (transaction) => (await findOpenCheckout(transaction, invoiceId)) !== null);
}

/** Nothing of it is to be paid, and the provider has an invoice of it all the same, as it has rated its usage. */
async function isLeftAtProvider(context: ServiceContext, { id, providerInvoiceId }: Invoice): Promise<boolean> {
  if (providerInvoiceId !== null) return false;
  const metered = await context.unitOfWork.inSystem((transaction) => listMeteredInvoiceIds(transaction, [id]));
  return metered.has(id);
}

/** Asks the provider whatever the invoice's last attempt came to: for one that is paid, there or here, and for changes. */
export async function collectAtProvider(
  context: ServiceContext,
  provider: PaymentProvider,
  invoice: ListedInvoice,
  settlement: NonNullable<CollectInvoiceRequest['settlement']>,
  { alarms = null, tries = 1 }: ProviderTry = {},
): Promise<CollectionOutcome> {
  const startedAt = context.clock.now();
  let providerCustomerId: string;
  let collected: CollectedInvoice;
  try {
    providerCustomerId = await ensureProviderCustomer(context, provider, invoice.organizationId);
    const request = await requestFor(context, provider, invoice, providerCustomerId);
    // Nothing was of our making in it, and nothing of the provider's is wanted.
    if (invoice.state === 'paid' && (invoice.totalMinor === 0n || invoice.carriedAt !== null) && !request.metered)
      return { outcome: 'nothing_to_do', state: invoice.state };
    collected = await provider.collectInvoice({ ...request, settlement });
  } catch (error) {
    if (needsAPerson(error, tries)) return hold(context, invoice, error, alarms);
    throw error;
  }
  await recordCollection(context, invoice, collected);
  if (collected.status === 'paid') return { outcome: 'paid' };
  if (!collected.failure) return { outcome: 'waiting' };
  await retryWithNewCard(context, provider, invoice, {
    after: startedAt,
    providerCustomerId,
  });
  return { outcome: 'past_due', failureCode: collected.failure.code, failureMessage: collected.failure.message };
}

export async function readInvoice(context: ServiceContext, invoiceId: string): Promise<ListedInvoice> {
  const [invoice] = await context.unitOfWork.inSystem((transaction) =>
    listInvoicePage(transaction, { invoiceId }, { limit: 1 }),
  );
  if (!invoice) throw new NotFoundError('invoice');
  return invoice;
}

/** One with a failure, or held, waits until it is told to try again: that clears the failure. */
function isDue({ state, paymentMethod, totalMinor, failureCode, chargedBackMinor, carriedAt }: Invoice): boolean {
  return (
    carriedAt === null &&
    paymentMethod === 'card' &&
    chargedBackMinor === 0n &&
    totalMinor > 0n &&
    failureCode === null &&
    (state === 'issued' || state === 'past_due')
  );
}

async function requestFor(
  context: ServiceContext,
  provider: PaymentProvider,
  invoice: Invoice,
  providerCustomerId: string,
): Promise<CollectInvoiceRequest> {
  const { payer, lines, taxes, notes, carried } = await context.unitOfWork.inSystem(async (transaction) => ({
    payer: await findPayer(transaction, invoice.organizationId),
    lines: await listLinesToCollect(transaction, invoice.id),
    taxes: await listInvoiceTaxes(transaction, invoice.id),
    // One that was carried is over nothing there, credited or not.
    notes: invoice.carriedAt === null ? await listCreditNotes(transaction, invoice.id) : [],
    carried: await listCarriedInto(transaction, invoice.id),
  }));
  const rated = await meteredInvoiceOf(context, provider, invoice);
  // What the provider has finalized is compared as it is.
  if (rated && invoice.providerInvoiceId === null) await requireUsageCounted(context, provider, invoice, rated.phase);
  return {
    invoiceId: invoice.id,
    generation: invoice.generation,
    attempt: invoice.attempt,
    number: invoice.number,
    currency: invoice.currency,
    providerCustomerId,
    buyer: collectBuyer(invoice, payer),
    ratingHash: invoice.ratingHash,
    ...amountsOf(invoice),
    creditNotes: notes
      .filter(({ reducedMinor }) => reducedMinor > 0n)
      .map(({ id, reducedMinor, reason }) => ({ creditNoteId: id, amountMinor: reducedMinor, reason })),
    lines: withSpans(
      invoice,
      lines,
      providerLines(
        invoice,
        lines,
        taxes,
        carried.map(({ number }) => number),
      ),
    ),
    ...(rated && { metered: rated.metered }),
  };
}

/** What the provider's lines come to, and what its own tax must. */
function amountsOf(invoice: Invoice): Pick<CollectInvoiceRequest, 'subtotalMinor' | 'computedTaxMinor' | 'taxCode'> {
  const asked = invoice.carriedAt === null ? askedMinor(invoice) : 0n;
  if (!isTaxedByProvider(invoice)) return { subtotalMinor: asked };
  return {
    subtotalMinor: asked - invoice.taxMinor,
    computedTaxMinor: invoice.taxMinor,
    taxCode: invoice.taxTreatment?.taxCode,
  };
}

/** The buyer as the invoice keeps it, at the address that is right now. */
export function collectBuyer(
  invoice: Pick<Invoice, 'buyer' | 'taxTreatment'>,
  payer: Payer | null,
): CollectBuyer | null {
  if (!invoice.buyer) return null;
  const { name, addressLines, country, region, postalCode, taxIds } = invoice.buyer;
  const isExempt = invoice.taxTreatment?.category === 'exempt';
  return {
    name,
    email: payer?.email ?? null,
    addressLines,
    country,
    region,
    ...(postalCode !== undefined && { postalCode }),
    taxIds,
    ...(isTaxedByProvider(invoice) && { isExempt }),
  };
}

/** Lines of the provider over the periods of ours, or of the invoice where they are none of ours. */
export function withSpans(
  invoice: Invoice,
  own: readonly LineToCollect[],
  lines: readonly ProviderLine[],
): CollectInvoiceLine[] {
  const spans = new Map(own.map((line) => [line.id, spanOf(line)] as const));
  return lines.map((line) => ({ ...line, ...(spans.get(line.lineId) ?? spanOf(invoice)) }));
}

export function spanOf({ periodStart, periodEnd }: { readonly periodStart: Date; readonly periodEnd: Date }) {
  return { periodStartMs: periodStart.getTime(), periodEndMs: periodEnd.getTime() };
}

/** A card that was saved during the attempt may have come too late for it, and its event too early for the failure. */
async function retryWithNewCard(
  context: ServiceContext,
  provider: PaymentProvider,
  { organizationId }: Invoice,
  attempt: CardChangeQuery,
): Promise<void> {
  const hasNewCard = await context.unitOfWork.inSystem((transaction) => hasCardChange(transaction, attempt));
  if (hasNewCard) await retryCollection(context, provider, { organizationId });
}

/** The invoice keeps its state; staff is told once, and the audit log says it each time. */
async function hold(
  context: ServiceContext,
  invoice: ListedInvoice,
  error: TollgateError,
  alarms: PaymentAlarms | null,
): Promise<CollectionOutcome> {
  const failedAt = context.clock.now();
  return context.unitOfWork.inSystem(async (transaction): Promise<CollectionOutcome> => {
    const current = (await lockInvoice(transaction, invoice.id))!;
    const { state, generation, attempt } = current;
    // Of an older generation or attempt it says nothing about the one that another process makes meanwhile.
    const isOlder = generation !== invoice.generation || attempt !== invoice.attempt;
    if (isOlder || state === 'paid' || state === 'void') return { outcome: 'nothing_to_do', state };
    await updateInvoice(transaction, invoice.id, {
      failureCode: RECONCILE_HOLD,
      failureMessage: error.message,
      failedAt,
    });
    const details = { code: error.code, reason: error.message };
    await auditInvoice(context, transaction, invoice, { actor: system, action: 'held', details });
    if (alarms && current.failureCode !== RECONCILE_HOLD)
      await alarmStaff(context, transaction, alarms.invoiceHeld(noticeOf(invoice, error)));
    return { outcome: 'held', reason: error.message };
  });
}

function noticeOf(invoice: ListedInvoice, error: TollgateError): HeldInvoiceNotice {
  const { id, number, organization, totalMinor, currency } = invoice;
  return {
    organization: organization.name,
    invoice: number ?? id,
    invoiceId: id,
    amount: formatMoney(totalMinor, currency),
    reason: error.message,
  };
}
