import type { PaymentTerms } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** How organizations pay, by organization; one that there is not is left out. */
export async function readPaymentTermsOf(
  transaction: Transaction,
  organizationIds: readonly string[],
): Promise<Map<string, PaymentTerms>> {
  const rows = await transaction.query<PaymentTerms & { id: string }>(
    `SELECT id, payment_method AS method, net_days AS "netDays" FROM organization WHERE id = ANY ($1)`,
    [organizationIds],
  );
  return new Map(rows.map(({ id, method, netDays }) => [id, { method, netDays }]));
}
