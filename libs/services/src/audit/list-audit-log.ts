import { type ListedAuditEntry, listAuditEntries } from '#persistence';
import type { ServiceContext } from '../context.js';

/** The newest entries of all organizations and of the installation itself, at most `limit`; for operators. */
export function listAuditLog(context: ServiceContext, limit: number): Promise<ListedAuditEntry[]> {
  return context.unitOfWork.inSystem((transaction) => listAuditEntries(transaction, limit));
}
