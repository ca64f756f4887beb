import {
  ConflictError,
  type Dispute,
  type DisputeResolution,
  InvalidError,
  NotFoundError,
  type ProposalDecision,
  awaitsResolution,
} from '#domain';
import {
  type Actor,
  type Transaction,
  appendToAuditLog,
  findDisputedInvoiceId,
  lockDispute,
  lockCollectedTogether,
  saveDispute,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { applyDunningStanding } from '../dunning/dunning-standing.js';
import { personOf } from '../proposal/finance-proposal.js';
import { chargeBack } from './charge-back.js';

export interface ResolveDisputeInput {
  readonly disputeId: string;
  readonly resolution: DisputeResolution;
  readonly reason: string;
  readonly actor: Actor;
}

/**
 * Says what becomes of the claim of a lost dispute. `reopened`: its invoice is past due again, at once, and dunning of it begins
 * anew. `written_off` gives money away: it is proposed, and another person approves it.
 * @throws NotFoundError `dispute_not_found`; InvalidError `dispute_reason_missing`; ConflictError `dispute_not_lost`,
 *   `dispute_resolved`, `dispute_resolution_proposed`, `dispute_balance_used`
 */
export async function resolveDispute(
  context: ServiceContext,
  { disputeId, resolution, reason, actor }: ResolveDisputeInput,
): Promise<Dispute> {
  const why = reason.trim();
  if (why === '') throw new InvalidError('dispute_reason_missing', 'reason: say why.');
  return context.unitOfWork.inSystem(async (transaction) => {
    const found = await requireUnresolved(transaction, disputeId);
    if (found.resolution !== null)
      throw new ConflictError('dispute_resolution_proposed', 'A write-off is proposed: decide on that first.');
    const at = context.clock.now();
    const proposed = { ...found, resolution, resolutionReason: why, proposedBy: personOf(actor), proposedAt: at };
    if (resolution === 'reopened') return carryOut(context, transaction, proposed, actor);
    await saveDispute(transaction, proposed);
    await audit(context, transaction, proposed, { actor, action: 'proposed' });
    return proposed;
  });
}

/**
 * Approves or refuses the write-off that is proposed for a lost dispute. To approve it is for another person than the one who
 * proposed it; that one may still take it back.
 * @throws NotFoundError `dispute_not_found`; ConflictError `dispute_not_lost`, `dispute_resolved`,
 *   `dispute_resolution_not_proposed`, `dispute_resolution_needs_another_person`, `dispute_balance_used`
 */
export function decideOnDispute(
  context: ServiceContext,
  {
    disputeId,
    decision,
    actor,
  }: { readonly disputeId: string; readonly decision: ProposalDecision; readonly actor: Actor },
): Promise<Dispute> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const found = await requireUnresolved(transaction, disputeId);
    if (found.resolution === null)
      throw new ConflictError('dispute_resolution_not_proposed', 'Nothing is proposed about this dispute.');
    if (decision === 'approved') {
      if (personOf(actor) === found.proposedBy)
        throw new ConflictError(
          'dispute_resolution_needs_another_person',
          'This proposal is your own: another person of finance must approve it.',
        );
      return carryOut(context, transaction, found, actor);
    }
    await audit(context, transaction, found, { actor, action: 'refused' });
    const refused = { ...found, resolution: null, resolutionReason: null, proposedBy: null, proposedAt: null };
    await saveDispute(transaction, refused);
    return refused;
  });
}

async function requireUnresolved(transaction: Transaction, id: string): Promise<Dispute> {
  // The invoice first, with what is collected with it, as whoever records what the provider says.
  const invoiceId = await findDisputedInvoiceId(transaction, id);
  if (invoiceId !== null) await lockCollectedTogether(transaction, invoiceId);
  const found = await lockDispute(transaction, { id });
  if (!found) throw new NotFoundError('dispute');
  if (found.decidedAt !== null) throw new ConflictError('dispute_resolved', 'The claim was decided on before.');
  if (!awaitsResolution(found))
    throw new ConflictError('dispute_not_lost', `The dispute is ${found.state}: only a lost one is decided on.`);
  return found;
}

async function carryOut(
  context: ServiceContext,
  transaction: Transaction,
  proposed: Dispute,
  actor: Actor,
): Promise<Dispute> {
  const decided = { ...proposed, decidedBy: personOf(actor), decidedAt: context.clock.now() };
  await saveDispute(transaction, decided);
  await chargeBack(context, transaction, decided, { reason: decided.resolutionReason!, actor });
  await applyDunningStanding(context, transaction, { organizationId: decided.organizationId, actor });
  await audit(context, transaction, decided, { actor, action: decided.resolution! });
  return decided;
}

function audit(
  context: ServiceContext,
  transaction: Transaction,
  { id, organizationId, invoiceId, amountMinor, currency, resolution, resolutionReason: reason }: Dispute,
  { actor, action }: { readonly actor: Actor; readonly action: string },
): Promise<void> {
  return appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    actor,
    action,
    noun: 'dispute',
    nounId: id,
    details: { invoiceId, amountMinor: amountMinor.toString(), currency, resolution, reason },
    createdAt: context.clock.now(),
  });
}
