import {
  ConflictError,
  InvalidError,
  type Invoice,
  NotFoundError,
  creditsPaid,
  isInvoiceUnpaid,
  isJoined,
} from '#domain';
import {
  type Actor,
  type Transaction,
  appendToOutbox,
  areCreditsBound,
  findBillingPeriod,
  findReplacementId,
  lockCollectedTogether,
  lockCredits,
  listCreditNotes,
  listEarlierInvoices,
  listInvoiceLines,
  lockInvoice,
  updateInvoice,
} from '#persistence';
import { keepOverpayment, releaseBalance } from '../balance/return-to-balance.js';
import type { ServiceContext } from '../context.js';
import { requireNoCheckout } from '../checkout/require-no-checkout.js';
import { payWithCredits } from '../credit/pay-with-credits.js';
import { settleInvoiceMessage } from '../payment/payment-jobs.js';
import { releaseJoined } from '../payment/plan-collection.js';
import { type RatedPeriod, withReturnedCredits } from '../period/rate-period.js';
import { emitEvent } from '../webhook/emit-events.js';
import { auditInvoice } from './audit-invoice.js';
import { invoiceEvent } from './invoice-events.js';
import { makeInvoices } from './issue-invoice.js';

export interface VoidInvoiceInput {
  readonly invoiceId: string;
  /** Printed nowhere; the organization sees it. */
  readonly reason: string;
  /** Makes another invoice of the same period in its place. */
  readonly reissue: boolean;
  readonly actor: Actor;
}

/**
 * Makes an unpaid invoice void, here at once and at the payment provider by a job. It keeps its number; what it took of the
 * balance goes back, and so does what was paid of it; what was carried into it waits for another one. Returns the id of the invoice that was made in its place, or null.
 * @throws NotFoundError `invoice_not_found`; InvalidError `void_reason_missing`; ConflictError `invoice_not_unpaid`,
 *   `invoice_joined` while it is collected with another, `invoice_credited` when credit notes are of it, `invoice_credits_bound` when later invoices build on its credits, `invoice_not_of_period` when one for credits is to be made anew
 */
export async function voidInvoice(
  context: ServiceContext,
  { invoiceId, reason, reissue, actor }: VoidInvoiceInput,
): Promise<string | null> {
  const voidReason = reason.trim();
  if (voidReason === '') throw new InvalidError('void_reason_missing', 'reason: say why the invoice is withdrawn.');
  return context.unitOfWork.inSystem(async (transaction) => {
    const { invoice, joined } = await lockCollectedTogether(transaction, invoiceId);
    if (!invoice) throw new NotFoundError('invoice');
    // A period that is closed meanwhile may burn or return some.
    await lockCredits(transaction, [invoice.organizationId]);
    await requireVoidable(transaction, invoice);
    await makeVoid(context, transaction, invoice, { voidReason, actor, joined });
    await appendToOutbox(transaction, settleInvoiceMessage(context, invoiceId), context.clock.now());
    return reissue ? makeReplacement(context, transaction, { ...invoice, state: 'void' }, actor) : null;
  });
}

/**
 * Makes an invoice in the place of one that is void: with the same lines, and the seller and payer as they are now. It waits
 * in review, a day at least, and gets a number of its own when it is issued. Returns its id.
 * @throws NotFoundError `invoice_not_found`; ConflictError `invoice_not_void`, `invoice_replaced`, `invoice_not_of_period`
 */
export function reissueInvoice(
  context: ServiceContext,
  { invoiceId, actor }: { readonly invoiceId: string; readonly actor: Actor },
): Promise<string> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const invoice = await lockInvoice(transaction, invoiceId);
    if (!invoice) throw new NotFoundError('invoice');
    return makeReplacement(context, transaction, invoice, actor);
  });
}

/** @throws ConflictError `invoice_not_unpaid`, `invoice_joined`, `invoice_on_payment_page`, `invoice_credited`, `invoice_credits_bound` */
export async function requireVoidable(
  transaction: Transaction,
  invoice: Pick<Invoice, 'id' | 'state' | 'joinsInvoiceId'>,
): Promise<void> {
  const { id, state } = invoice;
  if (!isInvoiceUnpaid(state))
    throw new ConflictError(
      'invoice_not_unpaid',
      `The invoice is ${state}: only one that is issued and not paid can be made void.`,
    );
  requireNotJoined(invoice);
  await requireNoCheckout(transaction, id);
  if ((await listCreditNotes(transaction, id)).length > 0)
    throw new ConflictError(
      'invoice_credited',
      'Credit notes are of this invoice, and they stay: credit what is left of it instead.',
    );
  if (await areCreditsBound(transaction, id))
    throw new ConflictError(
      'invoice_credits_bound',
      'Prepaid credits came back with usage of this invoice, or that it had paid, and are used or over: credit what is left of it instead.',
    );
}

/**
 * What another invoice asks for on its behalf must stay what it is until that is paid or void.
 * @throws ConflictError `invoice_joined`
 */
export function requireNotJoined(invoice: Pick<Invoice, 'state' | 'joinsInvoiceId'>): void {
  if (isJoined(invoice))
    throw new ConflictError(
      'invoice_joined',
      'The invoice is collected together with a later one: wait until that is paid, or make that one void first.',
    );
}

/** @throws ConflictError `invoice_not_void`, `invoice_replaced`, `invoice_not_of_period` */
export async function requireReissuable(
  transaction: Transaction,
  { id, state, kind }: Pick<Invoice, 'id' | 'state' | 'kind'>,
): Promise<void> {
  if (state !== 'void') throw new ConflictError('invoice_not_void', `The invoice is ${state}: make it void first.`);
  if ((await findReplacementId(transaction, id)) !== null)
    throw new ConflictError('invoice_replaced', 'Another invoice was made in the place of this one before.');
  if (kind !== 'period')
    throw new ConflictError(
      'invoice_not_of_period',
      'Only the invoice of a period is made anew: buy the credits again.',
    );
}

/** Void, with all that it took given back and what was carried into it released; for one that may become it, locked with those. */
export async function makeVoid(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  {
    voidReason,
    actor,
    joined,
  }: { readonly voidReason: string | null; readonly actor: Actor; readonly joined: readonly Invoice[] },
): Promise<void> {
  await updateInvoice(transaction, invoice.id, { state: 'void', voidReason });
  await releaseJoined(context, transaction, invoice, joined);
  await releaseBalance(context, transaction, invoice, actor);
  await keepOverpayment(context, transaction, invoice.id, actor);
  const details = { from: invoice.state, ...(voidReason !== null && { reason: voidReason }) };
  await auditInvoice(context, transaction, invoice, { actor, action: 'void', details });
  await emitEvent(context, transaction, invoiceEvent('invoice.voided', invoice));
}

/** The lines of an invoice without its credits: those came back, or were taken back, when it became void. */
async function ratedAsBefore(
  transaction: Transaction,
  { id, currency, subscriptionId }: Invoice,
): Promise<RatedPeriod> {
  const all = await listInvoiceLines(transaction, id);
  const lines = all
    .filter(({ kind }) => kind !== 'prepaid_credit')
    .map((line) => ({ ...line, included: '0', billableQuantity: line.quantity, pricedQuantity: line.quantity }));
  const invoices = await listEarlierInvoices(transaction, [subscriptionId]);
  return withReturnedCredits(currency, lines, creditsPaid(invoices.get(subscriptionId) ?? []));
}

async function makeReplacement(
  context: ServiceContext,
  transaction: Transaction,
  voided: Invoice,
  actor: Actor,
): Promise<string> {
  await requireReissuable(transaction, voided);
  const { subscriptionId } = voided;
  const period = (await findBillingPeriod(transaction, subscriptionId, voided.periodStart))!;
  const [rated] = await payWithCredits(transaction, [period], async () => [await ratedAsBefore(transaction, voided)]);
  const made = await makeInvoices(context, transaction, [{ period, rated: rated!, replacesInvoiceId: voided.id }]);
  const { id } = made.get(subscriptionId)!;
  const details = { replaces: voided.number };
  await auditInvoice(context, transaction, { ...voided, id }, { actor, action: 'reissued', details });
  return id;
}
