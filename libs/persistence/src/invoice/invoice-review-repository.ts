import type { Invoice } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { InvoiceEntity } from './invoice-entity.js';

/** How many hours the invoices of an organization are reviewed; null when there is no such organization. */
export async function readReviewHours(transaction: Transaction, organizationId: string): Promise<number | null> {
  return (await readReviewHoursOf(transaction, [organizationId])).get(organizationId) ?? null;
}

/** The same of several, by organization. */
export async function readReviewHoursOf(
  transaction: Transaction,
  organizationIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await transaction.query<{ id: string; hours: number }>(
    `SELECT id, invoice_review_hours AS hours FROM organization WHERE id = ANY ($1)`,
    [organizationIds],
  );
  return new Map(rows.map(({ id, hours }) => [id, hours]));
}

/** Sets them; invoices that are in review keep the end that they have. */
export async function saveReviewHours(transaction: Transaction, organizationId: string, hours: number): Promise<void> {
  await transaction.query(`UPDATE organization SET invoice_review_hours = $2 WHERE id = $1`, [organizationId, hours]);
}

/**
 * The issued invoice that no card is charged for, as it is paid by transfer or was paid in part, whose due moment passed the longest
 * before `at`, locked against others until the transaction ends; those that others have locked are passed over. Null when there
 * is none.
 */
export function lockNextOverdueInvoice(transaction: Transaction, at: Date): Promise<Invoice | null> {
  return transaction
    .repository(InvoiceEntity)
    .createQueryBuilder('invoice')
    .setLock('pessimistic_write')
    .setOnLocked('skip_locked')
    .where(`invoice.state = 'issued' AND invoice.dueAt < :at`, { at })
    .andWhere(`(invoice.paymentMethod = 'transfer' OR invoice.paidMinor > 0) AND invoice.carriedAt IS NULL`)
    .orderBy('invoice.dueAt')
    .addOrderBy('invoice.id')
    .limit(1)
    .getOne();
}

/**
 * The invoice that waits the longest for being issued: locked, or in a review that has ended by `at`. Locked against
 * others until the transaction ends; those that others have locked, and those of `except`, are passed over. Null when
 * there is none.
 */
export function lockNextDueInvoice(
  transaction: Transaction,
  at: Date,
  except: readonly string[] = [],
): Promise<Invoice | null> {
  return transaction
    .repository(InvoiceEntity)
    .createQueryBuilder('invoice')
    .setLock('pessimistic_write')
    .setOnLocked('skip_locked')
    .where(`invoice.state IN ('review', 'locked') AND (invoice.state = 'locked' OR invoice.reviewEndsAt <= :at)`, {
      at,
    })
    .andWhere('invoice.id <> ALL(:except::uuid[])', { except })
    .orderBy('invoice.reviewEndsAt')
    .addOrderBy('invoice.id')
    .limit(1)
    .getOne();
}
