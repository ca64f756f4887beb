import {
  type Adjustment,
  ConflictError,
  DEFAULT_SELLER,
  InvalidError,
  NotFoundError,
  type ProposalDecision,
  isCurrency,
  roundingStepMinor,
} from '#domain';
import {
  type Slice,
  type ProposalPlace,
  type Actor,
  type ListedAdjustment,
  type Transaction,
  decideAdjustment,
  findSeller,
  insertAdjustment,
  insertBalanceEntry,
  listAdjustments as listAdjustmentRows,
  lockAdjustment,
  lockBalance,
  lockOrganization,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { auditProposal, personOf, requireDecidable } from '../proposal/finance-proposal.js';

/** The most that is written by hand at once, in minor units. */
export const MAX_ADJUSTMENT_MINOR = 10n ** 12n;

export interface ProposeAdjustmentInput {
  readonly organizationId: string;
  /** Default: the seller of publishers that name no other. */
  readonly sellerSlug?: string | undefined;
  readonly currency: string;
  /** Positive in favour of the organization. */
  readonly amountMinor: bigint;
  readonly reason: string;
  /** The person of finance. */
  readonly actor: Actor;
}

/**
 * Proposes a change of a balance by hand. Nothing changes until another person approves it.
 * @throws InvalidError `adjustment_invalid` that names the field, NotFoundError `organization_not_found`, `seller_not_found`
 */
export async function proposeAdjustment(context: ServiceContext, input: ProposeAdjustmentInput): Promise<Adjustment> {
  const { organizationId, sellerSlug = DEFAULT_SELLER, currency, amountMinor, actor } = input;
  const reason = input.reason.trim();
  if (!isCurrency(currency)) throw invalid(`currency: "${currency}" is no ISO 4217 code, such as EUR.`);
  if (amountMinor === 0n || amountMinor > MAX_ADJUSTMENT_MINOR || amountMinor < -MAX_ADJUSTMENT_MINOR)
    throw invalid(`amountMinor: expected a whole number that is not 0, at most ${MAX_ADJUSTMENT_MINOR} either way.`);
  const step = BigInt(roundingStepMinor(currency));
  if (amountMinor % step !== 0n)
    throw invalid(`amountMinor: amounts of ${currency} are collected in steps of ${step} minor units only.`);
  if (reason === '') throw invalid('reason: say why the balance is changed.');
  return context.unitOfWork.inSystem(async (transaction) => {
    if (!(await lockOrganization(transaction, organizationId))) throw new NotFoundError('organization');
    if (!(await findSeller(transaction, sellerSlug))) throw new NotFoundError('seller');
    const adjustment: Adjustment = {
      id: context.ids.next(),
      organizationId,
      sellerSlug,
      currency,
      amountMinor,
      reason,
      state: 'proposed',
      proposedBy: personOf(actor),
      proposedAt: context.clock.now(),
      decidedBy: null,
      decidedAt: null,
    };
    await insertAdjustment(transaction, adjustment);
    await auditProposal(context, transaction, adjustment, { noun: 'adjustment', actor });
    return adjustment;
  });
}

export interface DecideAdjustmentInput {
  readonly adjustmentId: string;
  readonly decision: ProposalDecision;
  readonly actor: Actor;
}

/**
 * Approves or refuses an adjustment, once. Approving it changes the balance in the same step, and is for another person
 * than the one who proposed it; that one may still take it back by refusing.
 * @throws NotFoundError `adjustment_not_found`; ConflictError `adjustment_decided`, `adjustment_needs_another_person`,
 *   `balance_too_low` when it takes more than there is
 */
export function decideOnAdjustment(
  context: ServiceContext,
  { adjustmentId, decision, actor }: DecideAdjustmentInput,
): Promise<Adjustment> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const proposed = await lockAdjustment(transaction, adjustmentId);
    if (!proposed) throw new NotFoundError('adjustment');
    requireDecidable(proposed, { noun: 'adjustment', decision, actor });
    const decidedAt = context.clock.now();
    const decided: Adjustment = { ...proposed, state: decision, decidedBy: personOf(actor), decidedAt };
    await decideAdjustment(transaction, decided);
    if (decision === 'approved') await addToBalance(context, transaction, decided, actor);
    await auditProposal(context, transaction, decided, { noun: 'adjustment', actor });
    return decided;
  });
}

/** Adjustments of all organizations: those that wait first, then the newest. */
export function listAdjustments(
  context: ServiceContext,
  slice: Slice<ProposalPlace> = {},
): Promise<ListedAdjustment[]> {
  return context.unitOfWork.inSystem((transaction) => listAdjustmentRows(transaction, slice));
}

async function addToBalance(
  context: ServiceContext,
  transaction: Transaction,
  { id, organizationId, sellerSlug, currency, amountMinor, reason }: Adjustment,
  actor: Actor,
): Promise<void> {
  const balanceMinor = await lockBalance(transaction, { organizationId, sellerSlug, currency });
  if (balanceMinor + amountMinor < 0n)
    throw new ConflictError(
      'balance_too_low',
      `The balance is ${balanceMinor} minor units of ${currency}: ${-amountMinor} cannot be taken of it.`,
    );
  await insertBalanceEntry(transaction, {
    id: context.ids.next(),
    organizationId,
    sellerSlug,
    currency,
    amountMinor,
    kind: 'adjustment',
    reason,
    adjustmentId: id,
    actor,
    createdAt: context.clock.now(),
  });
}

function invalid(message: string): InvalidError {
  return new InvalidError('adjustment_invalid', message);
}
