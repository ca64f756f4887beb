import {
  type BankTransfer,
  ConflictError,
  DEFAULT_SELLER,
  InvalidError,
  type Invoice,
  NotFoundError,
  allocateTransfer,
  dueMinor,
  isCurrency,
  isInvoiceUnpaid,
  moveInvoice,
} from '#domain';
import {
  type Actor,
  type Transaction,
  appendToAuditLog,
  appendToOutbox,
  findSeller,
  insertBalanceEntry,
  insertBankTransfer,
  insertPaymentIfMissing,
  listOpenInvoiceIds,
  lockInvoices,
  lockOrganization,
  lockTransfersLike,
  readInvoiceRow,
  updateInvoice,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { auditInvoice } from '../invoice/audit-invoice.js';
import { invoiceEvent } from '../invoice/invoice-events.js';
import { emitEvent } from '../webhook/emit-events.js';
import { settleInvoiceMessage } from '../payment/payment-jobs.js';
import { requireNoCheckout } from '../checkout/require-no-checkout.js';

/** The most that one transfer may be over, in minor units. */
export const MAX_TRANSFER_MINOR = 10n ** 15n;
export const MAX_REFERENCE_LENGTH = 300;
const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export interface RecordTransferInput {
  /** Who paid: one invoice, or an organization's open invoices with a seller, those that were due first first. */
  readonly pays:
    | { readonly invoiceId: string }
    | { readonly organizationId: string; readonly sellerSlug?: string | undefined };
  readonly currency: string;
  readonly amountMinor: bigint;
  /** The day of the bank: "2026-03-31". */
  readonly valueDate: string;
  readonly reference: string;
  readonly sender: string;
  /** True when it is known to be another one than one that looks the same. */
  readonly insist: boolean;
  readonly actor: Actor;
}

/** What became of a transfer. */
export interface RecordedTransfer {
  readonly id: string;
  readonly currency: string;
  readonly payments: readonly { readonly invoiceId: string; readonly amountMinor: bigint }[];
  /** What paid no invoice: it is in the balance. */
  readonly keptMinor: bigint;
}

/**
 * Records a transfer that has arrived: it pays invoices as far as something is due of them, and the rest is in the balance. An
 * invoice that is paid in full is paid at once, and at the payment provider by a job where that knows it.
 * @throws InvalidError `transfer_invalid` that names the field; NotFoundError `invoice_not_found`, `organization_not_found`,
 *   `seller_not_found`; ConflictError `invoice_not_unpaid`, `invoice_on_payment_page`, `transfer_currency_mismatch`, `transfer_recorded` for one that looks
 *   the same as another, unless it is insisted on
 */
export async function recordTransfer(context: ServiceContext, input: RecordTransferInput): Promise<RecordedTransfer> {
  return context.unitOfWork.inSystem((transaction) => recordTransferIn(context, transaction, input));
}

/**
 * The same in a transaction of the caller's. It locks, as all who change what is paid of invoices do, in this order: the organization,
 * transfers that look like it, invoices by their ids, balances. A caller that records several locks all of their invoices first.
 */
export async function recordTransferIn(
  context: ServiceContext,
  transaction: Transaction,
  input: RecordTransferInput,
): Promise<RecordedTransfer> {
  const look = checked(context, input);
  const { organizationId, sellerSlug, invoices } = await findPaid(transaction, input.pays, look.currency);
  const { standing, occurrences } = await lockTransfersLike(transaction, { ...look, sellerSlug });
  if (standing.length > 0 && !input.insist)
    throw new ConflictError(
      'transfer_recorded',
      `A transfer of this amount with this reference and value date is recorded (${standing.join(', ')}). If the bank shows two, ` +
        'record it with insist.',
    );
  const createdAt = context.clock.now();
  const transfer: BankTransfer = {
    id: context.ids.next(),
    organizationId,
    sellerSlug,
    ...look,
    sender: input.sender.trim(),
    occurrence: occurrences + 1,
    reversesId: null,
    reason: null,
    createdAt,
  };
  const locked = await lockInvoices(transaction, invoices);
  if ('invoiceId' in input.pays) {
    requireUnpaid(locked[0]!);
    await requireNoCheckout(transaction, locked[0]!.id);
  }
  await insertBankTransfer(transaction, transfer, input.actor);
  const open = locked
    .filter(({ state }) => isInvoiceUnpaid(state))
    .map((invoice) => ({ id: invoice.id, dueAt: invoice.dueAt, dueMinor: dueMinor(invoice) }));
  const { payments, restMinor } = allocateTransfer(transfer.amountMinor, open);
  for (const { invoiceId, amountMinor } of payments) {
    const invoice = locked.find(({ id }) => id === invoiceId)!;
    await payInvoice(context, transaction, invoice, { transfer, amountMinor, actor: input.actor });
  }
  if (restMinor > 0n) await keepRest(context, transaction, transfer, restMinor, input.actor);
  await auditTransfer(context, transaction, transfer, {
    actor: input.actor,
    action: 'recorded',
    details: { amountMinor: transfer.amountMinor.toString(), reference: transfer.reference },
  });
  return { id: transfer.id, currency: transfer.currency, payments, keptMinor: restMinor };
}

/** Writes down who did what with a transfer, in the transaction that does it. */
export function auditTransfer(
  context: ServiceContext,
  transaction: Transaction,
  { id, organizationId }: Pick<BankTransfer, 'id' | 'organizationId'>,
  entry: {
    readonly actor: Actor;
    readonly action: string;
    readonly details: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  return appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    noun: 'bank_transfer',
    nounId: id,
    createdAt: context.clock.now(),
    ...entry,
  });
}

/** A payment of an invoice by a transfer: of one that takes another back it is below zero. */
export async function insertTransferPayment(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  { id: bankTransferId, createdAt }: BankTransfer,
  amountMinor: bigint,
): Promise<void> {
  await insertPaymentIfMissing(transaction, {
    id: context.ids.next(),
    organizationId: invoice.organizationId,
    invoiceId: invoice.id,
    method: 'transfer',
    bankTransferId,
    disputeId: null,
    providerPaymentId: null,
    attempt: invoice.attempt,
    state: 'succeeded',
    amountMinor,
    currency: invoice.currency,
    failureCode: null,
    failureMessage: null,
    createdAt,
  });
}

/** What of a transfer is in the balance, or is taken of it again. */
export function insertTransferEntry(
  context: ServiceContext,
  transaction: Transaction,
  transfer: BankTransfer,
  entry: { readonly amountMinor: bigint; readonly reason: string; readonly actor: Actor },
): Promise<void> {
  const { id: bankTransferId, organizationId, sellerSlug, currency, createdAt } = transfer;
  return insertBalanceEntry(transaction, {
    id: context.ids.next(),
    organizationId,
    sellerSlug,
    currency,
    kind: 'overpayment',
    bankTransferId,
    createdAt,
    ...entry,
  });
}

async function payInvoice(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  {
    transfer,
    amountMinor,
    actor,
  }: { readonly transfer: BankTransfer; readonly amountMinor: bigint; readonly actor: Actor },
): Promise<void> {
  await insertTransferPayment(context, transaction, invoice, transfer, amountMinor);
  const isPaid = amountMinor === dueMinor(invoice);
  const details = { transferId: transfer.id, amountMinor: amountMinor.toString() };
  if (!isPaid) return auditInvoice(context, transaction, invoice, { actor, action: 'paid_in_part', details });
  const cleared = { failureCode: null, failureMessage: null, failedAt: null };
  await updateInvoice(transaction, invoice.id, {
    state: moveInvoice(invoice.state, 'paid'),
    paidAt: transfer.createdAt,
    ...cleared,
  });
  await auditInvoice(context, transaction, invoice, {
    actor,
    action: 'paid',
    details: { ...details, from: invoice.state },
  });
  await emitEvent(context, transaction, invoiceEvent('invoice.paid', invoice));
  if (invoice.paymentMethod === 'card')
    await appendToOutbox(transaction, settleInvoiceMessage(context, invoice.id), transfer.createdAt);
}

function keepRest(
  context: ServiceContext,
  transaction: Transaction,
  transfer: BankTransfer,
  amountMinor: bigint,
  actor: Actor,
): Promise<void> {
  return insertTransferEntry(context, transaction, transfer, {
    amountMinor,
    reason: 'Paid by transfer beyond what was due.',
    actor,
  });
}

function checked(
  context: ServiceContext,
  { currency, amountMinor, valueDate, reference, sender }: RecordTransferInput,
): Pick<BankTransfer, 'currency' | 'amountMinor' | 'valueDate' | 'reference'> {
  if (!isCurrency(currency)) throw invalid(`currency: "${currency}" is no ISO 4217 code, such as EUR.`);
  if (amountMinor <= 0n || amountMinor > MAX_TRANSFER_MINOR)
    throw invalid(`amountMinor: expected a whole number from 1 to ${MAX_TRANSFER_MINOR}.`);
  if (!isDay(valueDate)) throw invalid(`valueDate: "${valueDate}" is no day such as 2026-03-31.`);
  if (isToCome(valueDate, context.clock.nowMs()))
    throw invalid('valueDate: the day is still to come. Record the transfer when it has arrived.');
  const trimmed = reference.trim();
  if (trimmed === '' || trimmed.length > MAX_REFERENCE_LENGTH)
    throw invalid(
      `reference: write what the payer wrote, at most ${MAX_REFERENCE_LENGTH} characters; "-" for nothing at all.`,
    );
  if (sender.trim().length > MAX_REFERENCE_LENGTH)
    throw invalid(`sender: write at most ${MAX_REFERENCE_LENGTH} characters.`);
  return { currency, amountMinor, valueDate, reference: trimmed };
}

/** True for a day that has begun nowhere: a bank may be in a time zone ahead of UTC. */
export function isToCome(day: string, nowMs: number): boolean {
  return Date.parse(day) > nowMs + DAY_MS;
}

/** True for a day that there is, written "2026-03-31". */
export function isDay(text: string): boolean {
  const atMs = DAY.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text);
}

async function findPaid(
  transaction: Transaction,
  pays: RecordTransferInput['pays'],
  currency: string,
): Promise<{ readonly organizationId: string; readonly sellerSlug: string; readonly invoices: readonly string[] }> {
  if ('invoiceId' in pays) {
    const invoice = await readInvoiceRow(transaction, pays.invoiceId);
    if (!invoice) throw new NotFoundError('invoice');
    if (invoice.currency !== currency)
      throw new ConflictError(
        'transfer_currency_mismatch',
        `The invoice is in ${invoice.currency}, the transfer in ${currency}: record it for the organization, or in the currency that the bank has credited.`,
      );
    return { organizationId: invoice.organizationId, sellerSlug: invoice.sellerSlug, invoices: [invoice.id] };
  }
  const { organizationId, sellerSlug = DEFAULT_SELLER } = pays;
  if (!(await lockOrganization(transaction, organizationId))) throw new NotFoundError('organization');
  if (!(await findSeller(transaction, sellerSlug))) throw new NotFoundError('seller');
  const invoices = await listOpenInvoiceIds(transaction, { organizationId, sellerSlug, currency });
  return { organizationId, sellerSlug, invoices };
}

function requireUnpaid({ state }: Invoice): void {
  if (isInvoiceUnpaid(state)) return;
  throw new ConflictError(
    'invoice_not_unpaid',
    `The invoice is ${state}: nothing is due of it. Record the transfer for its organization instead.`,
  );
}

function invalid(message: string): InvalidError {
  return new InvalidError('transfer_invalid', message);
}
