import type { Invoice } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { lockInvoices } from './invoice-repository.js';

/** Who pays whom in which currency: within that, invoices are collected together. */
export type CarryKey = Pick<Invoice, 'organizationId' | 'sellerSlug' | 'currency'>;

/** The ids of the invoices that were carried and wait for one to be collected with, the oldest first. */
export async function listCarriedInvoiceIds(
  transaction: Transaction,
  { organizationId, sellerSlug, currency }: CarryKey,
): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT id FROM invoice WHERE organization_id = $1 AND seller_slug = $2 AND currency = $3
       AND carried_at IS NOT NULL AND joins_invoice_id IS NULL AND state = 'issued' ORDER BY id`,
    [organizationId, sellerSlug, currency],
  );
  return rows.map(({ id }) => id);
}

/** An invoice and those that are, or were, collected with it, the oldest first. */
export interface CollectedTogether {
  /** Null when there is none. */
  readonly invoice: Invoice | null;
  readonly joined: readonly Invoice[];
}

/** All of them locked until the transaction ends, as by `lockInvoices`. */
export async function lockCollectedTogether(transaction: Transaction, invoiceId: string): Promise<CollectedTogether> {
  const rows = await transaction.query<{ id: string }>(
    'SELECT id FROM invoice WHERE id = $1 OR joins_invoice_id = $1',
    [invoiceId],
  );
  const locked = await lockInvoices(
    transaction,
    rows.map(({ id }) => id),
  );
  return {
    invoice: locked.find(({ id }) => id === invoiceId) ?? null,
    joined: locked.filter(({ joinsInvoiceId }) => joinsInvoiceId === invoiceId),
  };
}

/** An invoice that was carried into another. */
export interface CarriedInvoice {
  readonly id: string;
  readonly number: string;
  readonly amountMinor: bigint;
}

/** What was carried into an invoice, the oldest first. */
export async function listCarriedInto(transaction: Transaction, invoiceId: string): Promise<CarriedInvoice[]> {
  const rows = await transaction.query<{ id: string; number: string; amount: string }>(
    'SELECT id, number, joined_minor AS amount FROM invoice WHERE joins_invoice_id = $1 ORDER BY id',
    [invoiceId],
  );
  return rows.map(({ id, number, amount }) => ({ id, number, amountMinor: BigInt(amount) }));
}
