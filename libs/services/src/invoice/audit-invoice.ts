import type { Invoice } from '#domain';
import { type Actor, type Transaction, appendToAuditLog } from '#persistence';
import type { ServiceContext } from '../context.js';

/** Writes down who did what to an invoice, in the transaction that does it. */
export function auditInvoice(
  context: ServiceContext,
  transaction: Transaction,
  { id, organizationId }: Pick<Invoice, 'id' | 'organizationId'>,
  entry: {
    readonly actor: Actor;
    readonly action: string;
    readonly details?: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  return appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    actor: entry.actor,
    action: entry.action,
    noun: 'invoice',
    nounId: id,
    details: entry.details ?? {},
    createdAt: context.clock.now(),
  });
}
