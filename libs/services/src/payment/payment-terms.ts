import { ConflictError, InvalidError, MAX_NET_DAYS, NotFoundError, type PaymentTerms } from '#domain';
import {
  type Actor,
  type Transaction,
  appendToAuditLog,
  findSellerWithoutAccount,
  listSellersWithoutAccount,
  lockOrganization,
  readPaymentTermsOf,
  savePaymentTerms,
} from '#persistence';
import type { ServiceContext } from '../context.js';

/** How an organization pays its next invoices. @throws NotFoundError `organization_not_found` */
export function findPaymentTerms(context: ServiceContext, organizationId: string): Promise<PaymentTerms> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const terms = (await readPaymentTermsOf(transaction, [organizationId])).get(organizationId);
    if (!terms) throw new NotFoundError('organization');
    return terms;
  });
}

export interface SetPaymentTermsInput {
  readonly organizationId: string;
  readonly terms: PaymentTerms;
  /** Looks at what is there, locked; throws to refuse the change. */
  readonly check?: (current: PaymentTerms) => void;
  readonly actor: Actor;
}

/**
 * Says how an organization pays the invoices that are issued from now on; those that are issued keep their terms. Returns
 * false when it pays in that way already.
 * @throws InvalidError `net_days_invalid`; NotFoundError `organization_not_found`; ConflictError `seller_account_missing` when
 *   nobody could know where a transfer goes, and what `check` throws
 */
export async function setPaymentTerms(
  context: ServiceContext,
  { organizationId, terms, check, actor }: SetPaymentTermsInput,
): Promise<boolean> {
  const { method, netDays } = terms;
  if (!Number.isInteger(netDays) || netDays < 0 || netDays > MAX_NET_DAYS)
    throw new InvalidError('net_days_invalid', `netDays: expected a whole number from 0 to ${MAX_NET_DAYS}.`);
  if (method === 'card' && netDays > 0)
    throw new InvalidError('net_days_invalid', 'netDays: a card is charged at once; leave it out, or say transfer.');
  return context.unitOfWork.inSystem(async (transaction) => {
    if (!(await lockOrganization(transaction, organizationId))) throw new NotFoundError('organization');
    const before = (await readPaymentTermsOf(transaction, [organizationId])).get(organizationId)!;
    check?.(before);
    if (before.method === method && before.netDays === netDays) return false;
    if (method === 'transfer') {
      const [seller] = await listSellersWithoutAccount(transaction, organizationId);
      if (seller !== undefined) throw accountMissing(seller);
    }
    await savePaymentTerms(transaction, organizationId, terms);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor,
      action: 'set_payment_terms',
      noun: 'organization',
      nounId: organizationId,
      details: { from: before, to: { method, netDays } },
      createdAt: context.clock.now(),
    });
    return true;
  });
}

/**
 * Refuses to let an organization that pays by transfer subscribe to a product whose seller has no bank account.
 * @throws ConflictError `seller_account_missing`
 */
export async function requireTransferAccount(
  transaction: Transaction,
  { organizationId, apiProductId }: { readonly organizationId: string; readonly apiProductId: string },
): Promise<void> {
  const terms = (await readPaymentTermsOf(transaction, [organizationId])).get(organizationId);
  if (terms?.method !== 'transfer') return;
  const seller = await findSellerWithoutAccount(transaction, apiProductId);
  if (seller !== null) throw accountMissing(seller);
}

function accountMissing(seller: string): ConflictError {
  return new ConflictError(
    'seller_account_missing',
    `The seller "${seller}" has no bank account, so nobody could know where a transfer goes. The product team gives it one in the ` +
      'catalogue file (bankAccount of the seller, then `tollgate apply`); until then finance lets the organization pay by card ' +
      '(Payment terms on any of its invoices, or `tollgate organization terms ID --method card`).',
  );
}
