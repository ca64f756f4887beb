import { type AccountMapping, accountKeys } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** What finance has named of the accounts, the rest of an account before its plans. */
export async function listAccountMappings(transaction: Transaction): Promise<AccountMapping[]> {
  const rows = await transaction.query<AccountMapping>(
    `SELECT account, nullif(plan, '') AS plan, number, name FROM account_number ORDER BY account, plan`,
  );
  return rows.filter(({ account }) => accountKeys.includes(account));
}

/** Lets one writer at a time name accounts, until the end of the transaction. */
export async function lockAccountMappings(transaction: Transaction): Promise<void> {
  await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('account_number', 0))`);
}

/** Names an account, or what of it is of one plan; the last word counts. */
export async function saveAccountMapping(
  transaction: Transaction,
  { account, plan, number, name }: AccountMapping,
): Promise<void> {
  await transaction.query(
    `INSERT INTO account_number (account, plan, number, name) VALUES ($1, $2, $3, $4)
     ON CONFLICT (account, plan) DO UPDATE SET number = excluded.number, name = excluded.name`,
    [account, plan ?? '', number, name],
  );
}

/** Takes a name back; returns false where there was none. */
export async function deleteAccountMapping(
  transaction: Transaction,
  { account, plan }: Pick<AccountMapping, 'account' | 'plan'>,
): Promise<boolean> {
  const rows = await transaction.query(
    `WITH gone AS (DELETE FROM account_number WHERE account = $1 AND plan = $2 RETURNING account) SELECT account FROM gone`,
    [account, plan ?? ''],
  );
  return rows.length > 0;
}
