import type { Mode } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

export interface RefusedCallsFilter {
  /** Null for callers of all organizations, and those that nobody knows. */
  readonly organizationId: string | null;
  /** From the hour that holds this instant … */
  readonly from: Date;
  /** … to before this one. */
  readonly to: Date;
  readonly bucket: 'hour' | 'day';
  /** Only of these versions. */
  readonly apiVersionIds?: readonly string[] | undefined;
  readonly operation?: string | undefined;
  readonly applicationId?: string | undefined;
  readonly credentialId?: string | undefined;
}

/** Calls that were refused with one code in a span of time. */
export interface RefusedBucket {
  /** Where the span begins, in UTC. */
  readonly at: Date;
  readonly code: string;
  readonly status: number;
  readonly calls: number;
}

/** Calls of one key, operation and code. */
export interface RefusedKind {
  readonly api: string;
  readonly version: string;
  readonly operation: string;
  /** Null for callers that nobody knows; names are null once what they name is gone. */
  readonly caller: {
    readonly organization: string | null;
    readonly application: string | null;
    readonly key: string | null;
    readonly mode: Mode;
  } | null;
  readonly code: string;
  readonly status: number;
  readonly calls: number;
  readonly lastAt: Date;
}

const MATCHES = `starts_at >= date_bin('1 hour', $1::timestamptz, 'epoch') AND starts_at < $2
  AND ($3::uuid IS NULL OR refused.organization_id = $3) AND ($4::uuid[] IS NULL OR api_version_id = ANY($4))
  AND ($5::text IS NULL OR operation = $5) AND ($6::uuid IS NULL OR application_id = $6)
  AND ($7::uuid IS NULL OR credential_id = $7)`;

function parametersOf(filter: RefusedCallsFilter): unknown[] {
  const { from, to, organizationId, apiVersionIds, operation, applicationId, credentialId } = filter;
  return [
    from,
    to,
    organizationId,
    ...[apiVersionIds, operation, applicationId, credentialId].map((one) => one ?? null),
  ];
}

/** Refused calls over time by code, oldest first; spans without any are left out. */
export function readRefusedBuckets(transaction: Transaction, filter: RefusedCallsFilter): Promise<RefusedBucket[]> {
  return transaction.query<RefusedBucket>(
    `SELECT date_bin($8::interval, starts_at, 'epoch') AS at, code, status, sum(calls)::float8 AS calls
     FROM refused_calls AS refused WHERE ${MATCHES} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    [...parametersOf(filter), `1 ${filter.bucket}`],
  );
}

/** What was refused to whom, those with the most calls first. */
export function readRefusedKinds(
  transaction: Transaction,
  filter: RefusedCallsFilter,
  limit: number,
): Promise<RefusedKind[]> {
  return transaction.query<RefusedKind>(
    `SELECT coalesce(api.slug, '') AS api, coalesce(version.name, '') AS version, kind.operation,
       CASE WHEN kind.mode IS NOT NULL THEN json_build_object('organization', organization.name, 'application', application.name,
         'key', credential.name, 'mode', kind.mode) END AS caller,
       kind.code, kind.status, kind.calls, kind.last_at AS "lastAt"
     FROM (
       SELECT api_version_id, operation, organization_id, application_id, credential_id, mode, code, status, sum(calls)::float8 AS calls,
         max(last_at) AS last_at
       FROM refused_calls AS refused WHERE ${MATCHES} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
       ORDER BY calls DESC, last_at DESC, 1, 2, 5, 7 LIMIT $8
     ) AS kind
     LEFT JOIN api_version AS version ON version.id = kind.api_version_id LEFT JOIN api ON api.id = version.api_id
     LEFT JOIN organization ON organization.id = kind.organization_id
     LEFT JOIN application ON application.id = kind.application_id
     LEFT JOIN credential ON credential.id = kind.credential_id
     ORDER BY kind.calls DESC, kind.last_at DESC, kind.api_version_id, kind.operation, kind.credential_id, kind.code`,
    [...parametersOf(filter), limit],
  );
}
