import { type DisputeCause, testCardByFingerprint } from '../cards/test-card.js';
import type { Metadata } from '../http/metadata.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import type { Charge } from './charge.js';
import { type AccountTransaction, fundsReinstated, fundsWithdrawn } from './account-transaction.js';
import { waitUntil } from './due.js';
import { previousOf } from './previous-attributes.js';

/** Evidence in words; files are not simulated. */
export const evidenceFields = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_tracking_number',
  'uncategorized_text',
] as const;

type EvidenceField = (typeof evidenceFields)[number];
export type EvidenceText = Partial<Readonly<Record<EvidenceField, string | null>>>;

const noFiles = {
  cancellation_policy: null,
  customer_communication: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  enhanced_evidence: {},
  receipt: null,
  refund_policy: null,
  service_documentation: null,
  shipping_documentation: null,
  uncategorized_file: null,
} as const;

type Evidence = typeof noFiles & Readonly<Record<EvidenceField, string | null>>;

const noEvidence = Object.fromEntries(evidenceFields.map((field) => [field, null])) as Record<EvidenceField, null>;

type DisputeStatus =
  | 'lost'
  | 'needs_response'
  | 'under_review'
  | 'warning_closed'
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'won';

export interface Dispute {
  readonly id: string;
  readonly object: 'dispute';
  readonly amount: number;
  readonly balance_transactions: readonly AccountTransaction[];
  readonly charge: string;
  readonly created: number;
  readonly currency: string;
  readonly enhanced_eligibility_types: readonly [];
  readonly evidence: Evidence;
  readonly evidence_details: {
    readonly due_by: number | null;
    readonly enhanced_eligibility: object;
    readonly has_evidence: boolean;
    readonly past_due: boolean;
    readonly submission_count: number;
    readonly submission_method: 'manual' | 'not_submitted';
  };
  readonly intended_submission_method: null;
  readonly is_charge_refundable: boolean;
  readonly livemode: false;
  readonly metadata: Metadata;
  readonly payment_intent: string;
  readonly payment_method_details: {
    readonly type: 'card';
    readonly card: {
      readonly brand: string;
      readonly case_type: 'chargeback' | 'inquiry';
      readonly network: string;
      readonly network_reason_code: string;
    };
  };
  readonly reason: DisputeCause['reason'];
  readonly status: DisputeStatus;
}

/** How long after the charge, and after evidence that decides it, a dispute goes on. */
const laterSeconds = 3;
const responseSeconds = 14 * 24 * 3600;

/** What Stripe's documentation has as evidence that decides a dispute of a test card: https://docs.stripe.com/testing */
const decidingEvidence = ['winning_evidence', 'losing_evidence', 'escalate_inquiry_evidence'] as const;

const networkReasons: Readonly<Record<DisputeCause['reason'], string>> = {
  fraudulent: '10.4',
  general: '10.4',
  product_not_received: '13.1',
};

/** Has a charge of a card that disputes its payments disputed a few seconds later. */
export function expectDispute(call: Call, charge: Charge): void {
  if (causeOf(charge) === undefined) return;
  waitUntil(call, 'charge', { id: charge.id, test_clock: null }, call.now + laterSeconds);
}

/** The time of `expectDispute` has come. */
export function disputeExpected(call: Call, chargeId: string): void {
  const charge = call.store.get('charges', chargeId)!;
  const cause = causeOf(charge);
  if (cause !== undefined && !charge.disputed) createDispute(call, charge, cause);
}

/** The cardholder's bank asks for the money back: it is taken at once, unless this is an inquiry. */
export function createDispute(call: Call, charge: Charge, { reason, isInquiry }: DisputeCause): Dispute {
  if (charge.status !== 'succeeded' || charge.disputed)
    throw invalidRequest(`Charge ${charge.id} cannot be disputed: it has failed, or is disputed already.`, 'charge');
  const amount = charge.amount_captured - charge.amount_refunded;
  if (amount === 0) throw invalidRequest(`Charge ${charge.id} has already been refunded.`, 'charge');
  const dueBy = call.now + responseSeconds;
  const id = newId('dp');
  const { currency } = charge;
  const dispute = call.store.put('disputes', {
    id,
    object: 'dispute',
    amount,
    balance_transactions: isInquiry ? [] : [fundsWithdrawn(call, { id, currency }, amount)],
    charge: charge.id,
    created: call.now,
    currency,
    enhanced_eligibility_types: [],
    evidence: { ...noFiles, ...noEvidence },
    evidence_details: {
      due_by: dueBy,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: isInquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: {
      type: 'card',
      card: {
        brand: 'visa',
        case_type: isInquiry ? 'inquiry' : 'chargeback',
        network: 'visa',
        network_reason_code: networkReasons[reason],
      },
    },
    reason,
    status: isInquiry ? 'warning_needs_response' : 'needs_response',
  });
  waitUntil(call, 'dispute', { id: dispute.id, test_clock: null }, dueBy);
  call.emit('charge.dispute.created', dispute);
  if (!isInquiry) call.emit('charge.dispute.funds_withdrawn', dispute);
  const disputed = call.store.put('charges', { ...charge, disputed: true });
  call.emit('charge.updated', disputed, { disputed: false });
  return dispute;
}

/** Keeps evidence, and hands it in with `submit`: the bank looks at it then. */
export function updateDispute(
  call: Call,
  dispute: Dispute,
  {
    evidence,
    metadata,
    submit,
  }: { readonly evidence: EvidenceText; readonly metadata: Metadata; readonly submit: boolean },
): Dispute {
  const isGiven = Object.keys(evidence).length > 0;
  if ((isGiven || submit) && !needsResponse(dispute))
    throw invalidRequest(
      isOpen(dispute) ? 'Evidence for this dispute has been submitted already.' : 'This dispute is already closed.',
      'evidence',
    );
  const kept: Evidence = { ...dispute.evidence, ...evidence };
  const hasEvidence = evidenceFields.some((field) => kept[field] !== null);
  const { evidence_details: details } = dispute;
  const updated = change(call, dispute, {
    evidence: kept,
    evidence_details: {
      ...details,
      has_evidence: hasEvidence,
      ...(submit && { submission_count: details.submission_count + 1, submission_method: 'manual' as const }),
    },
    metadata,
    ...(submit && { status: isInquiry(dispute) ? 'warning_under_review' : 'under_review' }),
  });
  if (submit)
    waitUntil(
      call,
      'dispute',
      { id: dispute.id, test_clock: null },
      decisionIn(updated) === undefined ? null : call.now + laterSeconds,
    );
  return updated;
}

/** What the bank does by itself: it decides on what was submitted, or nobody has answered in time. */
export function advanceDispute(call: Call, id: string): void {
  const dispute = call.store.get('disputes', id)!;
  if (needsResponse(dispute)) {
    const late = { ...dispute.evidence_details, past_due: true };
    decideDispute(call, call.store.put('disputes', { ...dispute, evidence_details: late }), 'lost');
    return;
  }
  const decision = isOpen(dispute) ? decisionIn(dispute) : undefined;
  if (decision === undefined) return;
  if (decision === 'escalate_inquiry_evidence') escalate(call, dispute);
  else decideDispute(call, dispute, decision === 'winning_evidence' ? 'won' : 'lost');
}

/** Gives the money up, as somebody does who has no evidence. */
export function closeDispute(call: Call, dispute: Dispute): Dispute {
  if (!needsResponse(dispute)) throw invalidRequest('This dispute is already closed, or under review.');
  return decideDispute(call, dispute, 'lost');
}

/** Ends a dispute. An inquiry is closed either way, and moves nothing. */
export function decideDispute(call: Call, dispute: Dispute, outcome: 'lost' | 'won'): Dispute {
  if (!isOpen(dispute)) throw invalidRequest('This dispute is already closed.');
  waitUntil(call, 'dispute', { id: dispute.id, test_clock: null }, null);
  const isWon = outcome === 'won' && !isInquiry(dispute);
  const closed = call.store.put('disputes', {
    ...dispute,
    balance_transactions: isWon
      ? [...dispute.balance_transactions, fundsReinstated(call, dispute, dispute.amount)]
      : dispute.balance_transactions,
    is_charge_refundable: isInquiry(dispute) || isWon,
    status: isInquiry(dispute) ? 'warning_closed' : outcome,
  });
  call.emit('charge.dispute.closed', closed, previousOf(dispute, closed));
  if (isWon) call.emit('charge.dispute.funds_reinstated', closed);
  return closed;
}

export function disputeOf(call: Call, id: string, param: string): Dispute {
  const dispute = call.store.get('disputes', id);
  if (dispute === undefined) throw noSuch('dispute', id, param);
  return dispute;
}

/** True while the bank has not decided. */
export function isOpen({ status }: Dispute): boolean {
  return status !== 'lost' && status !== 'won' && status !== 'warning_closed';
}

/** The bank has the money of a charge, or keeps it for good: none of it can be refunded. */
export function isChargedBack(call: Call, charge: Charge): boolean {
  return (
    charge.disputed && call.store.childrenOf('disputes', charge.id).some((dispute) => !dispute.is_charge_refundable)
  );
}

function isInquiry({ status }: Dispute): boolean {
  return status.startsWith('warning_');
}

function needsResponse({ status }: Dispute): boolean {
  return status === 'needs_response' || status === 'warning_needs_response';
}

function decisionIn({ evidence }: Dispute): (typeof decidingEvidence)[number] | undefined {
  return decidingEvidence.find((text) => text === evidence.uncategorized_text);
}

/** The bank is not satisfied with the answer to its inquiry, and takes the money. */
function escalate(call: Call, dispute: Dispute): void {
  const dueBy = call.now + responseSeconds;
  const escalated = change(call, dispute, {
    balance_transactions: [fundsWithdrawn(call, dispute, dispute.amount)],
    evidence: { ...dispute.evidence, uncategorized_text: null },
    evidence_details: { ...dispute.evidence_details, due_by: dueBy },
    is_charge_refundable: false,
    status: 'needs_response',
  });
  waitUntil(call, 'dispute', { id: dispute.id, test_clock: null }, dueBy);
  call.emit('charge.dispute.funds_withdrawn', escalated);
}

function change(call: Call, dispute: Dispute, fields: Partial<Dispute>): Dispute {
  const changed = call.store.put('disputes', { ...dispute, ...fields });
  call.emit('charge.dispute.updated', changed, previousOf(dispute, changed));
  return changed;
}

function causeOf({ payment_method_details: details }: Charge): DisputeCause | undefined {
  return testCardByFingerprint(details.card.fingerprint)?.onDispute;
}
