import {
  type BillingPeriod,
  CARD_TERMS,
  type Invoice,
  type InvoiceKind,
  type InvoiceLine,
  type PaymentTerms,
  awaitsTax,
  collectedMinor,
  dueAtOf,
  formatInvoiceNumber,
  isTaxedByProvider,
  keptTreatment,
} from '#domain';
import {
  type Transaction,
  appendAllToOutbox,
  drawInvoiceSequences,
  insertDraftInvoices,
  insertInvoiceTaxes,
  listMeteredInvoiceIds,
  moveInvoices,
  numberInvoices,
  readPaymentTermsOf,
  readReviewHoursOf,
  updateInvoice,
} from '#persistence';
import { applyBalances, keepExcessCredits } from '../balance/apply-balances.js';
import type { ServiceContext } from '../context.js';
import { collectInvoiceMessage, settleInvoiceMessage, taxInvoiceMessage } from '../payment/payment-jobs.js';
import type { PeriodLine, RatedPeriod } from '../period/rate-period.js';
import { type TaxedPeriod, taxPeriods } from '../tax/tax-periods.js';
import { emitEvents } from '../webhook/emit-events.js';
import { invoiceEvent } from './invoice-events.js';

const HOUR_MS = 3_600_000;
/** Somebody looks at an invoice that is made anew, at least this long. */
const REISSUE_REVIEW_HOURS = 24;

/** What an issued invoice is known by; one in review, or whose tax is not known, has no number yet. */
export type IssuedInvoice = Pick<Invoice, 'id' | 'number' | 'totalMinor' | 'currency'>;

/** A line that is to be written. */
type NewInvoiceLine = Omit<PeriodLine, 'included' | 'billableQuantity' | 'pricedQuantity'>;

/** What an invoice is to say of money. */
export interface RatedInvoice extends Omit<RatedPeriod, 'lines'> {
  readonly lines: readonly NewInvoiceLine[];
}

/** A period that is being closed, and what it comes to. */
export interface PeriodToInvoice {
  readonly period: BillingPeriod;
  readonly rated: RatedInvoice;
  /** Default: the period itself. Credits that are bought in it are not reviewed. */
  readonly kind?: InvoiceKind;
  /** The void invoice of the same period in whose place it is made. */
  readonly replacesInvoiceId?: string;
}

/**
 * Writes the invoices of periods, in the transaction that closes the periods: from then on the database refuses to change
 * their lines and amounts. Each is issued at once, or waits in review where its organization's invoices are looked at first; where
 * the payment provider computes the tax it waits for that as a draft. Returns them by subscription.
 */
export async function makeInvoices(
  context: ServiceContext,
  transaction: Transaction,
  periods: readonly PeriodToInvoice[],
): Promise<Map<string, IssuedInvoice>> {
  const taxed = await taxPeriods(
    transaction,
    periods.map(({ period, rated }) => ({ ...rated, ...period })),
  );
  const drafts = periods.map(({ period, rated, kind = 'period', replacesInvoiceId = null }) => ({
    ...draftOf(context, { period, rated, kind }, taxed.get(period.subscriptionId)!),
    replacesInvoiceId,
  }));
  const lines = drafts.flatMap((draft, index) =>
    periods[index]!.rated.lines.map((line) => invoiceLine(context, draft, line)),
  );
  await insertDraftInvoices(transaction, drafts, lines);
  await insertInvoiceTaxes(
    transaction,
    drafts.flatMap(({ id, organizationId, subscriptionId }) =>
      taxed.get(subscriptionId)!.taxes.map((tax) => ({ ...tax, invoiceId: id, organizationId })),
    ),
  );
  const [awaiting, known] = partition(drafts, awaitsTax);
  await appendAllToOutbox(
    transaction,
    awaiting.map(({ id }) => taxInvoiceMessage(context, id)),
    context.clock.now(),
  );
  const moved = await moveDrafts(context, transaction, known);
  return new Map([...awaiting, ...moved].map((invoice) => [invoice.subscriptionId, invoice]));
}

/**
 * Has drafts whose tax is known looked at where their organizations' invoices are, those in the place of a void one a day at least, and
 * issues the others. What they give back beyond what they charge goes to the balance. Returns all of them.
 */
export async function moveDrafts(
  context: ServiceContext,
  transaction: Transaction,
  drafts: readonly Invoice[],
): Promise<Invoice[]> {
  const hoursOf = await readReviewHoursOf(
    transaction,
    drafts.map(({ organizationId }) => organizationId),
  );
  const hoursFor = ({ organizationId, kind, replacesInvoiceId }: Invoice): number => {
    const hours = kind === 'period' ? (hoursOf.get(organizationId) ?? 0) : 0;
    return replacesInvoiceId === null ? hours : Math.max(REISSUE_REVIEW_HOURS, hours);
  };
  const [reviewed, others] = partition(drafts, (draft) => hoursFor(draft) > 0);
  for (const draft of reviewed) {
    const reviewEndsAt = new Date(context.clock.nowMs() + hoursFor(draft) * HOUR_MS);
    await updateInvoice(transaction, draft.id, { state: 'review', reviewEndsAt });
  }
  await moveInvoices(
    transaction,
    others.map(({ id }) => id),
    { state: 'locked' },
  );
  const issued = await issueLocked(context, transaction, others);
  // Last: balances are written under the locks of their sellers, by all in one order.
  await keepExcessCredits(context, transaction, drafts);
  return [...reviewed, ...issued];
}

/**
 * Issues invoices that are locked. One over money gets the next number of its seller, takes what it can of its payer's
 * balance, and what is left is handed to collection, or waits for a transfer; one over nothing has no number. Where nothing is left it is paid at once.
 */
export async function issueLocked(
  context: ServiceContext,
  transaction: Transaction,
  invoices: readonly Invoice[],
): Promise<Invoice[]> {
  const [free, owed] = partition(invoices, ({ totalMinor }) => totalMinor === 0n);
  if (free.length > 0) {
    const ids = free.map(({ id }) => id);
    const issuedAt = context.clock.now();
    await moveInvoices(transaction, ids, { state: 'issued', issuedAt });
    await moveInvoices(transaction, ids, { state: 'paid', paidAt: issuedAt });
    await settleAtProvider(context, transaction, free, issuedAt);
  }
  // In one order: two who draw numbers of several sellers wait for each other in one direction only.
  const sellers = [...new Set(owed.map(({ sellerSlug }) => sellerSlug))].sort();
  const issued: Invoice[] = [];
  for (const slug of sellers) {
    const ofSeller = owed.filter(({ sellerSlug }) => sellerSlug === slug);
    issued.push(...(await issueNumbered(context, transaction, slug, ofSeller)));
  }
  return [...free, ...issued];
}

async function issueNumbered(
  context: ServiceContext,
  transaction: Transaction,
  sellerSlug: string,
  invoices: readonly Invoice[],
): Promise<Invoice[]> {
  const { prefix, first } = await drawInvoiceSequences(transaction, sellerSlug, invoices.length);
  const termsOf = await readPaymentTermsOf(
    transaction,
    invoices.map(({ organizationId }) => organizationId),
  );
  const applied = await applyBalances(context, transaction, sellerSlug, invoices, (invoice) =>
    mayTakePart(invoice, termsOf.get(invoice.organizationId) ?? CARD_TERMS),
  );
  // Only now: whoever waited for others to draw theirs must not have a later number with an earlier date.
  const issuedAt = context.clock.now();
  const numbered = invoices.map((invoice, index) => {
    const terms = termsOf.get(invoice.organizationId) ?? CARD_TERMS;
    return {
      ...invoice,
      number: formatInvoiceNumber(prefix, first + index),
      balanceAppliedMinor: applied.get(invoice.id) ?? 0n,
      paymentMethod: terms.method,
      netDays: terms.netDays,
      dueAt: dueAtOf(issuedAt, terms),
    };
  });
  await numberInvoices(transaction, numbered, issuedAt);
  const [settled, due] = partition(numbered, (invoice) => collectedMinor(invoice) === 0n);
  await moveInvoices(
    transaction,
    settled.map(({ id }) => id),
    { state: 'paid', paidAt: issuedAt },
  );
  await emitEvents(context, transaction, [
    ...numbered.map((invoice) => invoiceEvent('invoice.issued', invoice)),
    ...settled.map((invoice) => invoiceEvent('invoice.paid', invoice)),
  ]);
  const [byCard, byTransfer] = partition(due, ({ paymentMethod }) => paymentMethod === 'card');
  await settleAtProvider(context, transaction, settled, issuedAt);
  await dropDrafts(context, transaction, byTransfer, issuedAt);
  await appendAllToOutbox(
    transaction,
    byCard.map((invoice) => collectInvoiceMessage(context, invoice)),
    issuedAt,
  );
  return numbered;
}

/** The provider takes no line below zero of an invoice that it taxes: the balance pays the whole of one, or nothing. */
function mayTakePart(invoice: Invoice, { method }: PaymentTerms): boolean {
  return method === 'transfer' || !isTaxedByProvider(invoice);
}

/** Where the provider has computed the tax it has a draft, and nothing more is to be made of it. */
async function dropDrafts(
  context: ServiceContext,
  transaction: Transaction,
  invoices: readonly Invoice[],
  at: Date,
): Promise<void> {
  const left = invoices.filter(isTaxedByProvider);
  await appendAllToOutbox(
    transaction,
    left.map(({ id }) => settleInvoiceMessage(context, id)),
    at,
  );
}

/** Of these nothing is to be paid, but where the provider has rated or taxed something it has a draft of its own that must end too. */
async function settleAtProvider(
  context: ServiceContext,
  transaction: Transaction,
  invoices: readonly Invoice[],
  issuedAt: Date,
): Promise<void> {
  if (invoices.length === 0) return;
  await dropDrafts(context, transaction, invoices, issuedAt);
  const metered = await listMeteredInvoiceIds(
    transaction,
    invoices.map(({ id }) => id),
  );
  const left = invoices.filter(({ id }) => metered.has(id));
  await appendAllToOutbox(
    transaction,
    left.map((invoice) => collectInvoiceMessage(context, invoice)),
    issuedAt,
  );
}

function partition<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  const { first = [], second = [] } = Object.groupBy(items, (item) => (isFirst(item) ? 'first' : 'second'));
  return [first, second];
}

function draftOf(
  context: ServiceContext,
  { period, rated, kind }: Required<Omit<PeriodToInvoice, 'replacesInvoiceId'>>,
  { seller, buyer, treatment, taxMinor, excessTaxMinor }: TaxedPeriod,
): Invoice {
  const { slug, name, addressLines, taxId, country, bankAccount } = seller;
  return {
    id: context.ids.next(),
    organizationId: period.organizationId,
    subscriptionId: period.subscriptionId,
    periodStart: period.startsAt,
    periodEnd: period.endsAt,
    kind,
    state: 'draft',
    sellerSlug: slug,
    seller: { name, addressLines, taxId, country, bankAccount },
    buyer,
    taxTreatment: keptTreatment(treatment),
    number: null,
    currency: rated.currency,
    subtotalMinor: rated.subtotalMinor,
    taxMinor,
    totalMinor: rated.subtotalMinor + taxMinor,
    excessCreditMinor: rated.excessCreditMinor,
    excessTaxMinor,
    balanceAppliedMinor: 0n,
    creditedMinor: 0n,
    paidMinor: 0n,
    chargedBackMinor: 0n,
    ratingHash: rated.ratingHash,
    generation: 1,
    attempt: 1,
    providerInvoiceId: null,
    hostedUrl: null,
    hostedPdfUrl: null,
    failureCode: null,
    failureMessage: null,
    failedAt: null,
    paymentMethod: CARD_TERMS.method,
    netDays: CARD_TERMS.netDays,
    dueAt: null,
    pastDueSince: null,
    createdAt: context.clock.now(),
    reviewEndsAt: null,
    issuedAt: null,
    paidAt: null,
    askedAt: null,
    carriedAt: null,
    joinsInvoiceId: null,
    joinedMinor: null,
    carriedInMinor: 0n,
    voidReason: null,
    replacesInvoiceId: null,
  };
}

function invoiceLine(context: ServiceContext, invoice: Invoice, line: NewInvoiceLine): InvoiceLine {
  return {
    id: context.ids.next(),
    organizationId: invoice.organizationId,
    invoiceId: invoice.id,
    position: line.position,
    kind: line.kind,
    subscriptionId: invoice.subscriptionId,
    periodStart: line.periodStart,
    phaseId: line.phaseId,
    planVersionId: line.planVersionId,
    meter: line.meter,
    description: line.description,
    serviceStart: line.serviceStart ?? null,
    serviceEnd: line.serviceEnd ?? null,
    quantity: line.quantity,
    unroundedAmount: line.unroundedAmount,
    amountMinor: line.amountMinor,
    breakdown: line.breakdown,
    inputHash: line.inputHash,
    creditGrantId: line.creditGrantId,
  };
}
