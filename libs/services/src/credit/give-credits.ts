import {
  ConflictError,
  type CreditProposal,
  DEFAULT_SELLER,
  InvalidError,
  NotFoundError,
  type ProposalDecision,
  isCurrency,
  minorDigits,
  roundingStepMinor,
} from '#domain';
import {
  type Slice,
  type ProposalPlace,
  type Actor,
  type ListedCreditProposal,
  type Transaction,
  decideCreditProposal,
  findProductOfCredits,
  findSeller,
  insertCreditGrant,
  insertCreditProposal,
  listCreditProposals as listCreditProposalRows,
  lockCreditProposal,
  lockOrganization,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { auditProposal, personOf, requireDecidable } from '../proposal/finance-proposal.js';

/** The most that is given at once, in minor units. */
const MAX_CREDIT_MINOR = 10n ** 12n;
const MAX_REASON = 200;
/** Of credits that nobody paid for: they burn before bought ones, which have 50. */
const GIVEN_PRIORITY = 10;

export interface ProposeCreditsInput {
  readonly organizationId: string;
  /** Default: the seller of the product, or of publishers that name no other. */
  readonly sellerSlug?: string | undefined;
  readonly currency: string;
  /** More than 0. */
  readonly amountMinor: bigint;
  /** Default: promotional. */
  readonly source?: CreditProposal['source'] | undefined;
  /** 0 to 100, the lowest burns first; default 10, before what was bought. */
  readonly priority?: number | undefined;
  /** Slug of the only product whose usage they pay. */
  readonly product?: string | undefined;
  /** Slug of the only meter of that product. */
  readonly meter?: string | undefined;
  readonly expiresAt?: Date | undefined;
  /** The organization sees it. */
  readonly reason: string;
  /** Up to so many major units of the currency one person is enough. */
  readonly limit: number;
  readonly actor: Actor;
}

/**
 * Gives an organization credits: at once up to the limit, above it once another person has approved.
 * @throws InvalidError `credits_invalid` that names the field; NotFoundError `organization_not_found`, `seller_not_found`,
 *   `product_not_found`
 */
export async function proposeCredits(context: ServiceContext, input: ProposeCreditsInput): Promise<CreditProposal> {
  const { organizationId, currency, amountMinor, source = 'promotional', actor } = input;
  checkCredits(context, input);
  return context.unitOfWork.inSystem(async (transaction) => {
    if (!(await lockOrganization(transaction, organizationId))) throw new NotFoundError('organization');
    const product = await productOf(transaction, input);
    const sellerSlug = input.sellerSlug ?? product?.sellerSlug ?? DEFAULT_SELLER;
    if (!(await findSeller(transaction, sellerSlug))) throw new NotFoundError('seller');
    if (product && product.sellerSlug !== sellerSlug)
      throw invalid(`seller: the usage of ${input.product} is invoiced by ${product.sellerSlug}.`);
    const proposal: CreditProposal = {
      id: context.ids.next(),
      organizationId,
      sellerSlug,
      currency,
      amountMinor,
      source,
      priority: input.priority ?? GIVEN_PRIORITY,
      apiProductId: product?.id ?? null,
      meter: input.meter ?? null,
      reason: input.reason.trim(),
      expiresAt: input.expiresAt ?? null,
      limitMinor: BigInt(Math.floor(input.limit)) * 10n ** BigInt(minorDigits(currency)),
      state: 'proposed',
      proposedBy: personOf(actor),
      proposedAt: context.clock.now(),
      decidedBy: null,
      decidedAt: null,
    };
    await insertCreditProposal(transaction, proposal);
    await audit(context, transaction, proposal, actor);
    if (amountMinor > proposal.limitMinor) return proposal;
    return decide(context, transaction, proposal, 'approved', actor);
  });
}

export interface DecideCreditsInput {
  readonly proposalId: string;
  readonly decision: ProposalDecision;
  readonly actor: Actor;
}

/**
 * Approves or refuses credits that wait, once. Approving grants them in the same step, and is for another person than the
 * one who proposed them; that one may still take them back by refusing.
 * @throws NotFoundError `credit_proposal_not_found`; ConflictError `credit_proposal_decided`,
 *   `credit_proposal_needs_another_person`, `credits_expired`
 */
export function decideOnCredits(
  context: ServiceContext,
  { proposalId, decision, actor }: DecideCreditsInput,
): Promise<CreditProposal> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const proposed = await lockCreditProposal(transaction, proposalId);
    if (!proposed) throw new NotFoundError('credit proposal');
    requireDecidable(proposed, { noun: 'credit proposal', decision, actor });
    return decide(context, transaction, proposed, decision, actor);
  });
}

/** Credits that finance gave or wants to give: those that wait first, then the newest. */
export function listCreditProposals(
  context: ServiceContext,
  slice: Slice<ProposalPlace> = {},
): Promise<ListedCreditProposal[]> {
  return context.unitOfWork.inSystem((transaction) => listCreditProposalRows(transaction, slice));
}

async function decide(
  context: ServiceContext,
  transaction: Transaction,
  proposed: CreditProposal,
  decision: ProposalDecision,
  actor: Actor,
): Promise<CreditProposal> {
  const at = context.clock.now();
  const decided: CreditProposal = { ...proposed, state: decision, decidedBy: personOf(actor), decidedAt: at };
  await decideCreditProposal(transaction, decided);
  await audit(context, transaction, decided, actor);
  if (decision === 'refused') return decided;
  if (decided.expiresAt !== null && decided.expiresAt <= at)
    throw new ConflictError(
      'credits_expired',
      'These credits would have expired by now: refuse them, and propose others.',
    );
  await insertCreditGrant(transaction, { ...decided, grantedAt: at, actor });
  return decided;
}

function checkCredits(
  { clock }: ServiceContext,
  { currency, amountMinor, reason, priority = GIVEN_PRIORITY, expiresAt, product, meter }: ProposeCreditsInput,
): void {
  if (!isCurrency(currency)) throw invalid(`currency: "${currency}" is no ISO 4217 code, such as EUR.`);
  if (amountMinor <= 0n || amountMinor > MAX_CREDIT_MINOR)
    throw invalid(`amountMinor: expected a whole number from 1 to ${MAX_CREDIT_MINOR}.`);
  const step = BigInt(roundingStepMinor(currency));
  if (amountMinor % step !== 0n)
    throw invalid(`amountMinor: amounts of ${currency} are collected in steps of ${step} minor units only.`);
  if (reason.trim() === '' || reason.trim().length > MAX_REASON)
    throw invalid(`reason: say why they are given, in at most ${MAX_REASON} characters.`);
  if (!Number.isInteger(priority) || priority < 0 || priority > 100)
    throw invalid('priority: expected a whole number from 0 to 100.');
  if (expiresAt && expiresAt <= clock.now()) throw invalid('expiresAt: expected an instant that is still to come.');
  if (meter !== undefined && product === undefined) throw invalid('product: name the product that has the meter.');
}

async function productOf(transaction: Transaction, { product, meter }: ProposeCreditsInput) {
  if (product === undefined) return null;
  const found = await findProductOfCredits(transaction, product);
  if (!found) throw new NotFoundError('product');
  if (meter !== undefined && !found.meters.includes(meter))
    throw invalid(`meter: ${product} has no meter "${meter}". It has ${found.meters.join(', ') || 'none'}.`);
  return found;
}

function invalid(message: string): InvalidError {
  return new InvalidError('credits_invalid', message);
}

function audit(
  context: ServiceContext,
  transaction: Transaction,
  proposal: CreditProposal,
  actor: Actor,
): Promise<void> {
  const details = { source: proposal.source };
  return auditProposal(context, transaction, proposal, { noun: 'credit_grant', actor, details });
}
