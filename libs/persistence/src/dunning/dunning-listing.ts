import type { DunningCase, Invoice, InvoiceState } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import type { DunningPause } from './dunning-repository.js';

/** An invoice that is past due or given up, with what people must know to act on it. */
export interface ListedDunning extends Pick<
  Invoice,
  'totalMinor' | 'balanceAppliedMinor' | 'creditedMinor' | 'paidMinor' | 'chargedBackMinor' | 'paymentMethod'
> {
  readonly invoiceId: string;
  readonly number: string | null;
  readonly state: InvoiceState;
  readonly organization: { readonly id: string; readonly name: string };
  readonly currency: string;
  readonly hostedUrl: string | null;
  readonly attempt: number;
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
  readonly failedAt: Date | null;
  /** A bank has not decided about a payment of it: dunning rests. */
  readonly isDisputed: boolean;
  /** Null while dunning has not begun. */
  readonly case: DunningCase | null;
  readonly pause: Omit<DunningPause, 'organizationId'> | null;
}

/** Which: of one organization, of one invoice, or all. */
export interface DunningFilter {
  readonly organizationId?: string | undefined;
  readonly invoiceId?: string | undefined;
}

/**
 * Invoices that are past due, and those that were given up while their dunning was under way; the oldest first, at most `limit`,
 * those after the one with the id `after`.
 */
export async function listDunning(
  transaction: Transaction,
  { organizationId, invoiceId }: DunningFilter,
  { at, after, limit }: { readonly at: Date; readonly after: string | null; readonly limit: number },
): Promise<ListedDunning[]> {
  const rows = await transaction.query<DunningRow>(
    `SELECT invoice.id AS "invoiceId", invoice.number, invoice.state, invoice.currency, invoice.payment_method AS "paymentMethod", invoice.hosted_url AS "hostedUrl",
            json_build_object('id', organization.id, 'name', organization.name) AS organization,
            invoice.total_minor AS "totalMinor", invoice.balance_applied_minor AS "balanceAppliedMinor",
            invoice.credited_minor AS "creditedMinor", invoice.paid_minor AS "paidMinor",
            invoice.charged_back_minor AS "chargedBackMinor", EXISTS (SELECT FROM dispute WHERE invoice_id = invoice.id AND closed_at IS NULL) AS "isDisputed", invoice.attempt,
            invoice.failure_code AS "failureCode", invoice.failure_message AS "failureMessage", invoice.failed_at AS "failedAt",
            progress.began_at AS "beganAt", progress.start_ms AS "startMs", progress.told_attempt AS "toldAttempt", progress.retries_made AS "retriesMade",
            progress.warned_at AS "warnedAt", progress.suspended_at AS "suspendedAt", progress.exhausted_at AS "exhaustedAt", progress.ended_at AS "endedAt",
            pause.until, pause.reason
     FROM invoice JOIN organization ON organization.id = invoice.organization_id
     LEFT JOIN dunning_case progress ON progress.invoice_id = invoice.id
     LEFT JOIN dunning_pause pause ON pause.organization_id = invoice.organization_id AND pause.until > $3
     WHERE ($1::uuid IS NULL OR invoice.organization_id = $1) AND ($2::uuid IS NULL OR invoice.id = $2)
       AND ($2::uuid IS NOT NULL OR invoice.state = 'past_due' OR (invoice.state = 'uncollectible' AND progress.ended_at IS NULL AND progress.began_at IS NOT NULL))
       AND ($4::uuid IS NULL OR invoice.id > $4)
     ORDER BY invoice.id LIMIT $5`,
    [organizationId ?? null, invoiceId ?? null, at, after, limit],
  );
  return rows.map(toListedDunning);
}

type Amount = 'totalMinor' | 'balanceAppliedMinor' | 'creditedMinor' | 'paidMinor' | 'chargedBackMinor';
type CaseColumn = Exclude<keyof DunningCase, 'invoiceId' | 'organizationId' | 'startMs'>;
type DunningRow = Omit<ListedDunning, 'case' | 'pause' | Amount> &
  Readonly<Record<Amount, string>> &
  Pick<DunningCase, CaseColumn> & {
    readonly startMs: string | null;
    readonly until: Date | null;
    readonly reason: string | null;
  };

function toListedDunning({
  beganAt,
  startMs,
  toldAttempt,
  retriesMade,
  warnedAt,
  suspendedAt,
  exhaustedAt,
  endedAt,
  until,
  reason,
  ...row
}: DunningRow): ListedDunning {
  const progress = { beganAt, toldAttempt, retriesMade, warnedAt, suspendedAt, exhaustedAt, endedAt };
  return {
    ...row,
    totalMinor: BigInt(row.totalMinor),
    balanceAppliedMinor: BigInt(row.balanceAppliedMinor),
    creditedMinor: BigInt(row.creditedMinor),
    paidMinor: BigInt(row.paidMinor),
    chargedBackMinor: BigInt(row.chargedBackMinor),
    case:
      startMs === null
        ? null
        : {
            invoiceId: row.invoiceId,
            organizationId: row.organization.id,
            startMs: Number(startMs),
            ...progress,
          },
    pause: until === null ? null : { until, reason: reason! },
  };
}
