import type { Invoice } from '#domain';
import { type Actor, lockNextOverdueInvoice, updateInvoice } from '#persistence';
import type { ServiceContext } from '../context.js';
import { emitEvent } from '../webhook/emit-events.js';
import { auditInvoice } from './audit-invoice.js';
import { invoiceEvent } from './invoice-events.js';

const system: Actor = { kind: 'system', id: null };

/**
 * Makes each invoice past due that no card is charged for and whose due moment has passed: those by transfer, also when some of
 * them is paid, and those by card that were paid in part before the first charge. The longest waiting first, each in a transaction of its own, so that exactly one caller does it, however many there are. At
 * most `limit` of them; returns those that it made past due.
 */
export async function markPastDue(context: ServiceContext, limit = 1_000): Promise<Invoice[]> {
  const marked: Invoice[] = [];
  while (marked.length < limit) {
    const invoice = await context.unitOfWork.inSystem(async (transaction) => {
      const at = context.clock.now();
      const overdue = await lockNextOverdueInvoice(transaction, at);
      if (!overdue) return null;
      await updateInvoice(transaction, overdue.id, { state: 'past_due', pastDueSince: overdue.pastDueSince ?? at });
      await auditInvoice(context, transaction, overdue, {
        actor: system,
        action: 'past_due',
        details: { from: overdue.state, dueAt: overdue.dueAt },
      });
      await emitEvent(context, transaction, invoiceEvent('invoice.past_due', overdue));
      return overdue;
    });
    if (!invoice) break;
    marked.push(invoice);
  }
  return marked;
}
