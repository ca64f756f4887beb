import { ConflictError, InvalidError, type Invoice, NotFoundError, moveInvoice } from '#domain';
import {
  type Actor,
  type Transaction,
  appendToAuditLog,
  lockInvoice,
  lockNextDueInvoice,
  lockOrganization,
  readReviewHours,
  saveReviewHours,
  updateInvoice,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { auditInvoice } from './audit-invoice.js';
import { type IssuedInvoice, issueLocked } from './issue-invoice.js';

/** Thirty days: whoever needs longer has another problem than one invoice. */
export const MAX_REVIEW_HOURS = 720;

const system: Actor = { kind: 'system', id: null };

/** How many hours an organization's invoices wait in review. @throws NotFoundError `organization_not_found` */
export function findReviewWindow(context: ServiceContext, organizationId: string): Promise<number> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const hours = await readReviewHours(transaction, organizationId);
    if (hours === null) throw new NotFoundError('organization');
    return hours;
  });
}

export interface SetReviewWindowInput {
  readonly organizationId: string;
  readonly hours: number;
  /** Looks at what is there, locked; throws to refuse the change. */
  readonly check?: (currentHours: number) => void;
  readonly actor: Actor;
}

/**
 * Sets how many hours an organization's invoices wait in review before they are issued, 0 for none. Invoices that are in
 * review already keep the end that they have.
 * @throws InvalidError `review_hours_invalid`, NotFoundError `organization_not_found`, and what `check` throws
 */
export async function setReviewWindow(
  context: ServiceContext,
  { organizationId, hours, check, actor }: SetReviewWindowInput,
): Promise<void> {
  if (!Number.isInteger(hours) || hours < 0 || hours > MAX_REVIEW_HOURS)
    throw new InvalidError('review_hours_invalid', `hours: expected a whole number from 0 to ${MAX_REVIEW_HOURS}.`);
  return context.unitOfWork.inSystem(async (transaction) => {
    if (!(await lockOrganization(transaction, organizationId))) throw new NotFoundError('organization');
    const from = (await readReviewHours(transaction, organizationId))!;
    check?.(from);
    if (from === hours) return;
    await saveReviewHours(transaction, organizationId, hours);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor,
      action: 'set_invoice_review',
      noun: 'organization',
      nounId: organizationId,
      details: { from, to: hours },
      createdAt: context.clock.now(),
    });
  });
}

/**
 * Ends the review of an invoice now: it is locked, and issued with the next number. Repeated after a crash between the two
 * it goes on where it was.
 * @throws NotFoundError `invoice_not_found`, ConflictError `invoice_not_in_review`
 */
export async function issueReviewed(
  context: ServiceContext,
  { invoiceId, actor }: { readonly invoiceId: string; readonly actor: Actor },
): Promise<IssuedInvoice> {
  await context.unitOfWork.inSystem(async (transaction) => {
    const invoice = await lockInvoice(transaction, invoiceId);
    if (!invoice) throw new NotFoundError('invoice');
    if (invoice.state === 'review') await lock(context, transaction, invoice, actor);
    else if (invoice.state !== 'locked')
      throw new ConflictError(
        'invoice_not_in_review',
        `The invoice is ${invoice.state}: only one that is in review can be issued.`,
      );
  });
  return context.unitOfWork.inSystem(async (transaction) => {
    const invoice = await lockInvoice(transaction, invoiceId);
    // The worker was faster.
    if (invoice!.state !== 'locked') return invoice!;
    return issue(context, transaction, invoice!, actor);
  });
}

/**
 * Locks and issues the invoices whose review has ended, the longest waiting first, each step in a transaction of its own:
 * exactly one caller takes it, however many there are, and after a crash the next one goes on. Returns how many were issued.
 * One that fails keeps no other from being issued.
 * @throws Error at the end, that names those that failed; its cause is the error of the first.
 */
export async function issueDueInvoices(context: ServiceContext, limit = 1_000): Promise<number> {
  const failures = new Map<string, unknown>();
  let issued = 0;
  while (issued + failures.size < limit) {
    let invoice: Invoice | null = null;
    try {
      await context.unitOfWork.inSystem(async (transaction) => {
        invoice = await lockNextDueInvoice(transaction, context.clock.now(), [...failures.keys()]);
        if (invoice?.state === 'review') await lock(context, transaction, invoice, system);
        else if (invoice) await issue(context, transaction, invoice, system);
      });
    } catch (error) {
      if (!invoice) throw error;
      failures.set((invoice as Invoice).id, error);
      continue;
    }
    if (!invoice) break;
    if ((invoice as Invoice).state === 'locked') issued += 1;
  }
  if (failures.size === 0) return issued;
  const [first] = failures.values();
  throw new Error(`invoices that could not be issued: ${[...failures.keys()].join(', ')}`, { cause: first });
}

async function lock(context: ServiceContext, transaction: Transaction, invoice: Invoice, actor: Actor): Promise<void> {
  await updateInvoice(transaction, invoice.id, { state: moveInvoice(invoice.state, 'locked') });
  await auditInvoice(context, transaction, invoice, { actor, action: 'locked' });
}

async function issue(
  context: ServiceContext,
  transaction: Transaction,
  invoice: Invoice,
  actor: Actor,
): Promise<IssuedInvoice> {
  const [issued] = await issueLocked(context, transaction, [invoice]);
  await auditInvoice(context, transaction, invoice, { actor, action: 'issued', details: { number: issued!.number } });
  return issued!;
}
