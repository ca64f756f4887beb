import type { Transaction } from '../database/unit-of-work.js';

/** Who of an application and its organization the operator has suspended; the organization comes first. */
export interface Suspension {
  readonly noun: 'organization' | 'application';
  readonly name: string;
}

/** Why the calls of an application are refused, whatever its keys; null when neither it nor its organization is suspended. */
export async function findSuspension(transaction: Transaction, applicationId: string): Promise<Suspension | null> {
  const [row] = await transaction.query<Suspension>(
    `SELECT CASE WHEN organization.suspended_at IS NULL THEN 'application' ELSE 'organization' END AS noun,
            CASE WHEN organization.suspended_at IS NULL THEN application.name ELSE organization.name END AS name
     FROM application JOIN organization ON organization.id = application.organization_id
     WHERE application.id = $1 AND (application.suspended_at IS NOT NULL OR organization.suspended_at IS NOT NULL)`,
    [applicationId],
  );
  return row ?? null;
}
