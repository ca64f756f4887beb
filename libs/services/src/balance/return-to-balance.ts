import { type Invoice, overpaidMinor } from '#domain';
import { type Actor, type Transaction, insertBalanceEntry, lockInvoice, sumOverpayments } from '#persistence';
import type { ServiceContext } from '../context.js';
import { invoiceEntry } from './invoice-entry.js';

/** Gives back what an invoice took of the balance, in the transaction that makes it void. */
export async function releaseBalance(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  actor: Actor,
): Promise<void> {
  if (invoice.balanceAppliedMinor === 0n) return;
  await insertBalanceEntry(transaction, {
    ...invoiceEntry(context, invoice, actor),
    amountMinor: invoice.balanceAppliedMinor,
    kind: 'released',
    reason: 'Given back by an invoice that is void.',
  });
}

/**
 * Puts what was paid of an invoice beyond what it was due, and is not there yet, into the balance; of one that is void all
 * that was paid. What was put there and is not paid any more is taken back. Call it after each change of its state, payments or
 * credit notes; repeated it changes nothing.
 */
export async function keepOverpayment(
  context: ServiceContext,
  transaction: Transaction,
  invoiceId: string,
  actor: Actor,
): Promise<void> {
  const invoice = (await lockInvoice(transaction, invoiceId))!;
  const amountMinor = overpaidMinor(invoice) - (await sumOverpayments(transaction, invoiceId));
  if (amountMinor === 0n) return;
  await insertBalanceEntry(transaction, {
    ...invoiceEntry(context, invoice, actor),
    amountMinor,
    kind: 'overpayment',
    reason:
      amountMinor > 0n ? 'Paid beyond what was due of an invoice.' : 'What an invoice was paid beyond is taken back.',
  });
}
