import {
  ConflictError,
  type CreditNote,
  type CreditedLine,
  InvalidError,
  type Invoice,
  NotFoundError,
  type ProposalDecision,
  type Refund,
  type RefundProposal,
  refundableMinor,
  roundingStepMinor,
} from '#domain';
import {
  type Slice,
  type ProposalPlace,
  type FoundRefundPlace,
  type Actor,
  type ListedFoundRefund,
  type ListedRefundProposal,
  type Transaction,
  appendToOutbox,
  decideRefundProposal,
  findRefundablePayment,
  insertRefund,
  insertRefundProposal,
  listRefundProposals as listProposalRows,
  listRefundsByProvider,
  listUnrecordedRefunds,
  lockFoundRefund,
  lockRefundProposal,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type IssueCreditNoteInput, creditReason, lockCreditableInvoice } from '../credit-note/issue-credit-note.js';
import { type DraftedCreditNote, draftCreditNote, writeCreditNote } from '../credit-note/write-credit-note.js';
import { refundPaymentMessage } from '../payment/payment-jobs.js';
import { auditProposal, personOf, requireDecidable } from '../proposal/finance-proposal.js';

const NOUN = 'refund proposal';

/**
 * Proposes to take back a paid invoice, or a part of it, and to send the money to the card that paid. Nothing changes until
 * another person approves it. What the card did not pay goes to the balance then.
 * @throws NotFoundError `invoice_not_found`; ConflictError `invoice_not_paid`, `refund_without_card`, `refund_nothing_left`;
 *   InvalidError `credit_note_invalid` that names the field
 */
export function proposeRefund(context: ServiceContext, input: IssueCreditNoteInput): Promise<RefundProposal> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const invoice = await lockCreditableInvoice(transaction, input.invoiceId);
    const reason = creditReason(input.reason);
    const { draft, amountMinor } = await draftRefund(transaction, invoice, input.lines, null);
    const proposal: RefundProposal = {
      id: context.ids.next(),
      organizationId: invoice.organizationId,
      invoiceId: invoice.id,
      sellerSlug: invoice.sellerSlug,
      currency: invoice.currency,
      amountMinor,
      creditedMinor: draft.totalMinor,
      lines: input.lines,
      providerRefundId: null,
      reason,
      state: 'proposed',
      proposedBy: personOf(input.actor),
      proposedAt: context.clock.now(),
      decidedBy: null,
      decidedAt: null,
    };
    await insertRefundProposal(transaction, proposal);
    await audit(context, transaction, proposal, input.actor);
    return proposal;
  });
}

export interface RecordFoundRefundInput {
  readonly providerRefundId: string;
  /** One of the invoices that the refund is of. */
  readonly invoiceId: string;
  readonly reason: string;
  readonly actor: Actor;
}

/**
 * Proposes to record what of a refund that somebody made in the provider's own pages is of one invoice: by a credit note of the lines of the invoice, in their
 * order, as far as they come to it. The money has gone; when another person approves, the books have it. What the credit note is over
 * beyond it, which is a matter of rounding taxes, goes to the balance.
 * @throws NotFoundError `invoice_not_found`, `found_refund_not_found`; ConflictError `found_refund_recorded`, `found_refund_failed`,
 *   `refund_proposal_waiting`, `found_refund_beyond_invoice`
 */
export function proposeFoundRefund(
  context: ServiceContext,
  { providerRefundId, invoiceId, reason: why, actor }: RecordFoundRefundInput,
): Promise<RefundProposal> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const invoice = await lockCreditableInvoice(transaction, invoiceId);
    const found = await lockFoundRefund(transaction, { providerRefundId, invoiceId });
    if (!found) throw new NotFoundError('found refund');
    if ((await listRefundsByProvider(transaction, providerRefundId)).some((one) => one.invoiceId === invoiceId))
      throw new ConflictError('found_refund_recorded', 'A credit note records this refund already.');
    if (found.state === 'failed')
      throw new ConflictError('found_refund_failed', 'This refund did not reach the card: there is nothing to record.');
    if (
      (await listProposalRows(transaction)).some(
        (one) => one.providerRefundId === providerRefundId && one.invoiceId === invoiceId && one.state === 'proposed',
      )
    )
      throw new ConflictError(
        'refund_proposal_waiting',
        'Somebody has proposed to record this refund: decide on that.',
      );
    const reason = creditReason(why);
    const lines = await linesOfFound(transaction, invoice, found.amountMinor);
    const { draft, amountMinor } = await draftRefund(transaction, invoice, lines, providerRefundId);
    const proposal: RefundProposal = {
      id: context.ids.next(),
      organizationId: invoice.organizationId,
      invoiceId: invoice.id,
      sellerSlug: invoice.sellerSlug,
      currency: invoice.currency,
      amountMinor,
      creditedMinor: draft.totalMinor,
      lines,
      providerRefundId,
      reason,
      state: 'proposed',
      proposedBy: personOf(actor),
      proposedAt: context.clock.now(),
      decidedBy: null,
      decidedAt: null,
    };
    await insertRefundProposal(transaction, proposal);
    await audit(context, transaction, proposal, actor);
    return proposal;
  });
}

/** As much of the lines, in their order, as comes to the amount with the tax on it; the least that does. */
async function linesOfFound(
  transaction: Transaction,
  invoice: Invoice,
  amountMinor: bigint,
): Promise<readonly CreditedLine[]> {
  const whole = await draftCreditNote(transaction, invoice, null);
  if (whole.totalMinor < amountMinor)
    throw new ConflictError(
      'found_refund_beyond_invoice',
      `The refund is over ${amountMinor} minor units, and only ${whole.totalMinor} of the invoice are left to credit: ` +
        'earlier credit notes are of the rest. Adjust the balance instead.',
    );
  let netMinor = (amountMinor * whole.subtotalMinor) / whole.totalMinor;
  for (;;) {
    const lines = firstOf(whole.lines, netMinor);
    const { totalMinor } = await draftCreditNote(transaction, invoice, lines);
    if (totalMinor >= amountMinor) return lines;
    netMinor += 1n;
  }
}

function firstOf(lines: DraftedCreditNote['lines'], netMinor: bigint): CreditedLine[] {
  const taken: CreditedLine[] = [];
  let leftMinor = netMinor;
  for (const { invoiceLineId: lineId, amountMinor } of lines) {
    if (leftMinor === 0n) break;
    const partMinor = amountMinor < leftMinor ? amountMinor : leftMinor;
    taken.push({ lineId, amountMinor: partMinor });
    leftMinor -= partMinor;
  }
  return taken;
}

/** Refunds made in the provider's own pages that nothing records yet, the oldest first. */
export function listFoundRefunds(
  context: ServiceContext,
  slice: Slice<FoundRefundPlace> & { readonly invoiceId?: string | undefined } = {},
): Promise<ListedFoundRefund[]> {
  return context.unitOfWork.inSystem((transaction) => listUnrecordedRefunds(transaction, slice));
}

export interface DecideRefundInput {
  readonly proposalId: string;
  readonly decision: ProposalDecision;
  readonly actor: Actor;
}

/**
 * Approves or refuses a refund, once. Approving it issues the credit note and asks for the refund in the same step, of just the
 * amounts that were proposed, and is for another person than the one who proposed it; that one may still take it back.
 * @throws NotFoundError `refund_proposal_not_found`; ConflictError `refund_proposal_decided`,
 *   `refund_proposal_needs_another_person`, `refund_changed` when the invoice allows another amount by now
 */
export function decideOnRefund(
  context: ServiceContext,
  { proposalId, decision, actor }: DecideRefundInput,
): Promise<RefundProposal> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const proposed = await lockRefundProposal(transaction, proposalId);
    if (!proposed) throw new NotFoundError(NOUN);
    requireDecidable(proposed, { noun: NOUN, decision, actor });
    const decidedAt = context.clock.now();
    const decided: RefundProposal = { ...proposed, state: decision, decidedBy: personOf(actor), decidedAt };
    await decideRefundProposal(transaction, decided);
    if (decision === 'approved') await carryOut(context, transaction, decided, actor);
    await audit(context, transaction, decided, actor);
    return decided;
  });
}

/** Proposals for all organizations: those that wait first, then the newest. */
export function listRefundProposals(
  context: ServiceContext,
  slice: Slice<ProposalPlace> & { readonly invoiceId?: string | undefined } = {},
): Promise<ListedRefundProposal[]> {
  return context.unitOfWork.inSystem((transaction) => listProposalRows(transaction, slice));
}

interface DraftedRefund {
  readonly draft: DraftedCreditNote;
  readonly paymentId: string;
  /** What goes to the card. */
  readonly amountMinor: bigint;
}

async function draftRefund(
  transaction: Transaction,
  invoice: Invoice,
  lines: IssueCreditNoteInput['lines'],
  providerRefundId: string | null,
): Promise<DraftedRefund> {
  if (invoice.state !== 'paid')
    throw new ConflictError(
      'invoice_not_paid',
      `The invoice is ${invoice.state}: a credit note takes off what is due; only what was paid can go to the card.`,
    );
  const draft = await draftCreditNote(transaction, invoice, lines);
  if (providerRefundId !== null) {
    const found = (await lockFoundRefund(transaction, { providerRefundId, invoiceId: invoice.id }))!;
    return { draft, paymentId: found.paymentId, amountMinor: found.amountMinor };
  }
  const payment = await findRefundablePayment(transaction, invoice.id);
  if (!payment)
    throw new ConflictError(
      'refund_without_card',
      'No card has paid this invoice, or its bank asks the payment back: credit it to the balance instead.',
    );
  const amountMinor = refundableMinor(draft.totalMinor, payment, roundingStepMinor(invoice.currency));
  if (amountMinor === 0n)
    throw new ConflictError(
      'refund_nothing_left',
      `The card has ${payment.refundedMinor} of ${payment.paidMinor} minor units back: credit the rest to the balance.`,
    );
  return { draft, paymentId: payment.id, amountMinor };
}

async function carryOut(
  context: ServiceContext,
  transaction: Transaction,
  proposal: RefundProposal,
  actor: Actor,
): Promise<void> {
  const invoice = await lockCreditableInvoice(transaction, proposal.invoiceId);
  const { draft, paymentId, amountMinor } = await draftAgain(transaction, invoice, proposal);
  const { reason } = proposal;
  const note = await writeCreditNote(context, transaction, invoice, draft, {
    refundedMinor: amountMinor,
    reason,
    actor,
  });
  const refund = refundOf(context, proposal, note, paymentId);
  await insertRefund(transaction, refund);
  await appendToOutbox(transaction, refundPaymentMessage(context, refund.id), refund.createdAt);
}

/** Who approves has seen amounts: with others it must be proposed anew. */
async function draftAgain(
  transaction: Transaction,
  invoice: Invoice,
  { lines, amountMinor, creditedMinor, providerRefundId }: RefundProposal,
): Promise<DraftedRefund> {
  const changed = (why: string) =>
    new ConflictError('refund_changed', `The invoice has changed since: refuse this proposal and make another. ${why}`);
  try {
    const drafted = await draftRefund(transaction, invoice, lines, providerRefundId);
    if (drafted.amountMinor === amountMinor && drafted.draft.totalMinor === creditedMinor) return drafted;
    throw changed(`The card would get ${drafted.amountMinor} minor units, not ${amountMinor}.`);
  } catch (error) {
    if (error instanceof InvalidError) throw changed(error.message);
    throw error;
  }
}

function refundOf(
  context: ServiceContext,
  { id, organizationId, invoiceId, currency, amountMinor, providerRefundId }: RefundProposal,
  note: CreditNote,
  paymentId: string,
): Refund {
  return {
    id: context.ids.next(),
    organizationId,
    invoiceId,
    creditNoteId: note.id,
    paymentId,
    proposalId: id,
    currency,
    amountMinor,
    state: 'pending',
    providerRefundId,
    providerCreditNoteId: null,
    failureCode: null,
    failureMessage: null,
    createdAt: note.issuedAt,
    succeededAt: null,
    failedAt: null,
  };
}

function audit(
  context: ServiceContext,
  transaction: Transaction,
  proposal: RefundProposal,
  actor: Actor,
): Promise<void> {
  const { invoiceId, creditedMinor } = proposal;
  const details = { invoiceId, creditedMinor: creditedMinor.toString() };
  return auditProposal(context, transaction, proposal, { noun: 'refund_proposal', actor, details });
}
