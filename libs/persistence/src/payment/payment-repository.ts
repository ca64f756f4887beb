import type { Payment } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { PaymentEntity } from '../invoice/invoice-entity.js';

/** Records what came of a payment: that it failed once for each attempt, that it succeeded once. False when it was recorded before. */
export async function insertPaymentIfMissing(transaction: Transaction, payment: Payment): Promise<boolean> {
  const insert = transaction.repository(PaymentEntity).createQueryBuilder().insert().values(payment).orIgnore();
  const { raw } = await insert.returning('id').execute();
  return (raw as unknown[]).length > 0;
}

/** The payments of an invoice, oldest first. */
export function listPayments(transaction: Transaction, invoiceId: string): Promise<Payment[]> {
  return transaction.repository(PaymentEntity).find({ where: { invoiceId }, order: { id: 'ASC' } });
}

/** Of payments at the provider, its ids of those that succeeded and are ours. */
export async function listOwnPayments(
  transaction: Transaction,
  providerPaymentIds: readonly string[],
): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT provider_payment_id AS id FROM payment WHERE provider_payment_id = ANY ($1) AND state = 'succeeded'`,
    [providerPaymentIds],
  );
  return rows.map(({ id }) => id);
}

/** Who pays an organization's invoices. */
export interface Payer {
  readonly organizationId: string;
  readonly name: string;
  /** The organization's billing address, else its first owner's; null when there is neither. */
  readonly email: string | null;
  readonly providerCustomerId: string | null;
}

export async function findPayer(transaction: Transaction, organizationId: string): Promise<Payer | null> {
  const [row] = await transaction.query<Payer>(
    `SELECT id AS "organizationId", name, provider_customer_id AS "providerCustomerId",
            coalesce(billing_email, (SELECT "user".email FROM membership JOIN auth."user" ON "user".id = user_id
                                     WHERE organization_id = organization.id AND role = 'owner'
                                     ORDER BY membership.created_at, user_id LIMIT 1)) AS email
     FROM organization WHERE id = $1`,
    [organizationId],
  );
  return row ?? null;
}

/** Remembers who the organization is at the payment provider, unless it is known; returns what is remembered. */
export async function saveProviderCustomer(
  transaction: Transaction,
  organizationId: string,
  providerCustomerId: string,
): Promise<string> {
  const [row] = await transaction.query<{ providerCustomerId: string }>(
    `WITH saved AS (UPDATE organization SET provider_customer_id = coalesce(provider_customer_id, $2) WHERE id = $1
                    RETURNING provider_customer_id)
     SELECT provider_customer_id AS "providerCustomerId" FROM saved`,
    [organizationId, providerCustomerId],
  );
  return row!.providerCustomerId;
}

/** The id of the organization that is this customer at the payment provider, or null. */
export async function findOrganizationIdOfCustomer(
  transaction: Transaction,
  providerCustomerId: string,
): Promise<string | null> {
  const [row] = await transaction.query<{ id: string }>('SELECT id FROM organization WHERE provider_customer_id = $1', [
    providerCustomerId,
  ]);
  return row?.id ?? null;
}
