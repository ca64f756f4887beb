import type { TaxIdAnswer, TaxIdCheck } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** A number that is to be asked about, and whose it is. */
export interface TaxIdToAsk {
  readonly organizationId: string;
  readonly country: string;
  readonly value: string;
  /** Tries before that were not answered. */
  readonly tries: number;
}

/**
 * Takes numbers of these countries that are due to be asked about, for whoever calls alone until `until`: those that nobody has asked about
 * first; at most `limit`.
 */
export function claimTaxIdsToAsk(
  transaction: Transaction,
  {
    countries,
    at,
    until,
    limit,
  }: { readonly countries: readonly string[]; readonly at: Date; readonly until: Date; readonly limit: number },
): Promise<TaxIdToAsk[]> {
  return transaction.query<TaxIdToAsk>(
    `INSERT INTO tax_id_check AS known (organization_id, country, value, ask_at)
     SELECT details.organization_id, tax_id ->> 'country', tax_id ->> 'value', $3
     FROM billing_details details CROSS JOIN LATERAL jsonb_array_elements(details.tax_ids) AS tax_id
     LEFT JOIN tax_id_check before ON before.organization_id = details.organization_id AND before.country = tax_id ->> 'country'
     WHERE tax_id ->> 'country' = ANY ($1) AND (before.ask_at IS NULL OR before.ask_at <= $2)
     ORDER BY before.ask_at NULLS FIRST, details.organization_id LIMIT $4
     ON CONFLICT (organization_id, country) DO UPDATE SET ask_at = $3 WHERE known.ask_at <= $2
     RETURNING organization_id AS "organizationId", country, value, tries`,
    [countries, at, until, limit],
  );
}

/** What a register has answered, and when it is asked again. Returns the state before; null when the number is gone by now. */
export async function saveTaxIdAnswer(
  transaction: Transaction,
  { organizationId, country, value }: TaxIdToAsk,
  { isRegistered, name, reference }: TaxIdAnswer,
  { checkedAt, askAt }: { readonly checkedAt: Date; readonly askAt: Date },
): Promise<TaxIdCheck['state'] | null> {
  const [row] = await transaction.query<{ state: TaxIdCheck['state'] }>(
    `WITH before AS (
       SELECT state FROM tax_id_check WHERE organization_id = $1 AND country = $2 AND value = $3 FOR UPDATE
     ), saved AS (
       UPDATE tax_id_check SET state = $4, name = $5, reference = $6, checked_at = $7, ask_at = $8, tries = 0
       WHERE organization_id = $1 AND country = $2 AND value = $3
     ) SELECT state FROM before`,
    [organizationId, country, value, isRegistered ? 'registered' : 'unknown', name, reference, checkedAt, askAt],
  );
  return row?.state ?? null;
}

/** Nobody has answered: what was known stays, and is asked about again. */
export async function postponeTaxId(
  transaction: Transaction,
  { organizationId, country, value }: TaxIdToAsk,
  askAt: Date,
): Promise<void> {
  await transaction.query(
    `UPDATE tax_id_check SET tries = tries + 1, ask_at = $4 WHERE organization_id = $1 AND country = $2 AND value = $3`,
    [organizationId, country, value, askAt],
  );
}

/** What is known of the numbers of an organization, by country. */
export function listTaxIdChecks(transaction: Transaction, organizationId: string): Promise<TaxIdCheck[]> {
  return transaction.query<TaxIdCheck>(
    `SELECT country, value, state, name, checked_at AS "checkedAt" FROM tax_id_check WHERE organization_id = $1 ORDER BY country`,
    [organizationId],
  );
}
