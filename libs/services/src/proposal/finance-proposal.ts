import { ConflictError, type FinanceProposal, type ProposalDecision } from '#domain';
import { type Actor, type Transaction, appendToAuditLog } from '#persistence';
import type { ServiceContext } from '../context.js';

/** Who proposes or decides: at the command line, one and the same for everybody. */
export function personOf({ kind, id }: Actor): string {
  return id ?? kind;
}

/**
 * Refuses a second decision, and the approval of a proposal by who made it; that one may still take it back by refusing.
 * @throws ConflictError `decided` and `needs_another_person`, after the noun: `adjustment_decided`
 */
export function requireDecidable(
  { state, proposedBy }: FinanceProposal,
  { noun, decision, actor }: { readonly noun: string; readonly decision: ProposalDecision; readonly actor: Actor },
): void {
  const code = noun.replaceAll(' ', '_');
  if (state !== 'proposed') throw new ConflictError(`${code}_decided`, `The ${noun} is ${state} already.`);
  if (decision === 'approved' && personOf(actor) === proposedBy)
    throw new ConflictError(
      `${code}_needs_another_person`,
      `This ${noun} is your own: another person of finance must approve it.`,
    );
}

/** Writes the state that a proposal has come to into the audit log, with what it is about. */
export function auditProposal(
  context: ServiceContext,
  transaction: Transaction,
  { id, organizationId, state, sellerSlug, currency, amountMinor, reason }: FinanceProposal,
  { noun, actor, details = {} }: { readonly noun: string; readonly actor: Actor; readonly details?: object },
): Promise<void> {
  return appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    actor,
    action: state,
    noun,
    nounId: id,
    details: { sellerSlug, currency, amountMinor: amountMinor.toString(), reason, ...details },
    createdAt: context.clock.now(),
  });
}
