import type { Transaction } from '../database/unit-of-work.js';

/** What could not be done: a step of a case or the reminder of an invoice, or the end of the pause of an organization. */
export type DunningFailureKind = 'case' | 'reminder' | 'pause';

export interface DunningSubject {
  readonly kind: DunningFailureKind;
  /** The invoice, or the organization. */
  readonly id: string;
  readonly organizationId: string;
}

/** In SQL: joins what has failed before to a listing of `kind` by `id`. Then see `isDueAgain` and `IN_FAIR_ORDER`. */
export function joinFailures(kind: DunningFailureKind, id: string): string {
  return `LEFT JOIN dunning_failure failed ON failed.kind = '${kind}' AND failed.subject_id = ${id}`;
}

/** In SQL: it has not failed, or long enough ago at the instant of a parameter. */
export function isDueAgain(parameter: string): string {
  return `(failed.retry_at IS NULL OR failed.retry_at <= ${parameter})`;
}

/** In SQL: what has not failed goes first, then what waits the longest: however many fail, the others have their turn. */
export const IN_FAIR_ORDER = 'failed.retry_at NULLS FIRST';

/** Counts a failure, and says when to try again: `retryAfterMs` of how often it has failed. Returns how often. */
export async function countDunningFailure(
  transaction: Transaction,
  { kind, id, organizationId }: DunningSubject,
  {
    at,
    error,
    retryAfterMs,
  }: { readonly at: Date; readonly error: string; readonly retryAfterMs: (failures: number) => number },
): Promise<number> {
  const [before] = await transaction.query<{ failures: number }>(
    'SELECT failures FROM dunning_failure WHERE kind = $1 AND subject_id = $2 FOR UPDATE',
    [kind, id],
  );
  const failures = (before?.failures ?? 0) + 1;
  await transaction.query(
    `INSERT INTO dunning_failure (organization_id, kind, subject_id, failures, error, failed_at, retry_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (kind, subject_id) DO UPDATE SET failures = $4, error = $5, failed_at = $6, retry_at = $7`,
    [organizationId, kind, id, failures, error, at, new Date(at.getTime() + retryAfterMs(failures))],
  );
  return failures;
}

/** It was done after all. */
export async function forgetDunningFailure(
  transaction: Transaction,
  { kind, id }: Pick<DunningSubject, 'kind' | 'id'>,
): Promise<void> {
  await transaction.query('DELETE FROM dunning_failure WHERE kind = $1 AND subject_id = $2', [kind, id]);
}

/** How much has failed and was not done since. */
export async function countFailingDunning(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ count: number }>('SELECT count(*)::integer AS count FROM dunning_failure');
  return row!.count;
}
