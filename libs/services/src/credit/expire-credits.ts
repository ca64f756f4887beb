import { type Actor, appendToAuditLog, insertCreditExpiry, listExpiredCredits, lockCredits } from '#persistence';
import type { ServiceContext } from '../context.js';

const system: Actor = { kind: 'system', id: null };

/**
 * Ends what is left of grants that have expired, at most `limit` of them; returns how many. One that a period which ended
 * in time can still burn waits until that period is closed, however late. Safe to call from several workers at once.
 */
export async function expireCredits(context: ServiceContext, limit = 200): Promise<number> {
  const at = context.clock.now();
  const due = await context.unitOfWork.inSystem((transaction) => listExpiredCredits(transaction, at, { limit }));
  let expired = 0;
  for (const organizationId of new Set(due.map((one) => one.organizationId)))
    expired += await expireOf(context, organizationId, limit);
  return expired;
}

function expireOf(context: ServiceContext, organizationId: string, limit: number): Promise<number> {
  return context.unitOfWork.inSystem(async (transaction) => {
    await lockCredits(transaction, [organizationId]);
    const createdAt = context.clock.now();
    const due = await listExpiredCredits(transaction, createdAt, { limit, organizationId });
    for (const credit of due) {
      await insertCreditExpiry(transaction, credit, createdAt);
      await appendToAuditLog(transaction, {
        id: context.ids.next(),
        organizationId,
        actor: system,
        action: 'expired',
        noun: 'credit_grant',
        nounId: credit.grantId,
        details: { amountMinor: credit.remainingMinor.toString(), currency: credit.currency },
        createdAt,
      });
    }
    return due.length;
  });
}
