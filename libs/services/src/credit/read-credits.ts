import { type ListedCreditEntry, type ListedCreditGrant, listCreditEntries, listCreditGrants } from '#persistence';
import type { ServiceContext } from '../context.js';

const MAX_ENTRIES = 100;

/** The credits of an organization, and what became of them. */
export interface CreditStatement {
  /** Those with something left first, in the order in which they burn. */
  readonly grants: readonly ListedCreditGrant[];
  /** Newest first, at most 100. */
  readonly entries: readonly ListedCreditEntry[];
}

/** Grants of an organization, at most 200, and the newest of what became of them. */
export function readCredits(context: ServiceContext, organizationId: string): Promise<CreditStatement> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => ({
    grants: await listCreditGrants(transaction, organizationId),
    entries: await listCreditEntries(transaction, organizationId, MAX_ENTRIES),
  }));
}
