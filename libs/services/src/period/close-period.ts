import { type BillingPeriod, ConflictError } from '#domain';
import {
  type Actor,
  type Transaction,
  allowLongStatements,
  appendToAuditLog,
  closePeriod as closePeriodRow,
  findSettledUsageDifference,
  findSettledValueDifference,
  hasEarlierOpenPeriod,
  lockPeriodForClosing,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { makeInvoice } from '../invoice/issue-invoice.js';
import { ratePeriodFromLedger } from './rate-from-ledger.js';

/** A period that this call has closed. */
export interface ClosedPeriod {
  readonly subscriptionId: string;
  readonly organizationId: string;
  readonly periodStart: Date;
  readonly periodEnd: Date;
  /** Null when no plan was in force and nothing came late: a period after the cancellation. */
  readonly invoiceId: string | null;
  /** Null when there is nothing to pay, and while the invoice is in review. */
  readonly number: string | null;
  readonly totalMinor: bigint;
  readonly currency: string | null;
}

export interface ClosePeriodInput {
  readonly period: BillingPeriod;
  readonly actor: Actor;
  /** Gateways whose usage is not complete, when the period is closed all the same. */
  readonly releasedFrom: readonly string[];
}

/**
 * Closes one period in one transaction: locks it, rates what it settles, makes its invoice. Null when it was closed
 * meanwhile, is being closed by somebody else, or an earlier period of the subscription is still open.
 */
export function closePeriod(context: ServiceContext, input: ClosePeriodInput): Promise<ClosedPeriod | null> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const { subscriptionId, startsAt } = input.period;
    const period = await lockPeriodForClosing(transaction, subscriptionId, startsAt);
    if (!period || (await hasEarlierOpenPeriod(transaction, period))) return null;
    await proveUsage(transaction, period);
    const rated = await ratePeriodFromLedger(context, transaction, period);
    await closePeriodRow(transaction, period, context.clock.now());
    await audit(context, transaction, period, input);
    const invoice = rated && (await makeInvoice(context, transaction, period, rated));
    return {
      subscriptionId,
      organizationId: period.organizationId,
      periodStart: period.startsAt,
      periodEnd: period.endsAt,
      invoiceId: invoice?.id ?? null,
      number: invoice?.number ?? null,
      totalMinor: invoice?.totalMinor ?? 0n,
      currency: invoice?.currency ?? null,
    };
  });
}

/** An invoice is only made from sums that are those of their events. */
async function proveUsage(transaction: Transaction, { subscriptionId, startsAt }: BillingPeriod): Promise<void> {
  await allowLongStatements(transaction);
  const difference = await findSettledUsageDifference(transaction, subscriptionId, startsAt);
  if (!difference) return proveValues(transaction, { subscriptionId, startsAt });
  const { meter, periodStart, eventUnits, rollupUnits } = difference;
  throw new ConflictError(
    'usage_not_proven',
    `The events say ${eventUnits} ${meter} from ${periodStart.toISOString()} on, and the sums ${rollupUnits}. ` +
      `"tollgate usage reaggregate" shows the rows that differ.`,
  );
}

/** Nor from values that its events did not name. */
async function proveValues(
  transaction: Transaction,
  { subscriptionId, startsAt }: Pick<BillingPeriod, 'subscriptionId' | 'startsAt'>,
): Promise<void> {
  const difference = await findSettledValueDifference(transaction, subscriptionId, startsAt);
  if (!difference) return;
  const { meter, periodStart, valueHash, isCounted } = difference;
  throw new ConflictError(
    'usage_not_proven',
    `${meter} from ${periodStart.toISOString()} on ${isCounted ? 'counts a value that no event names' : 'does not count a value that an event names'}: ` +
      `${valueHash}. "tollgate usage reaggregate" shows all that differ.`,
  );
}

async function audit(
  context: ServiceContext,
  transaction: Transaction,
  period: BillingPeriod,
  { actor, releasedFrom }: ClosePeriodInput,
): Promise<void> {
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId: period.organizationId,
    actor,
    action: releasedFrom.length > 0 ? 'released' : 'closed',
    noun: 'billing_period',
    nounId: period.subscriptionId,
    details: {
      periodStart: period.startsAt.toISOString(),
      periodEnd: period.endsAt.toISOString(),
      ...(releasedFrom.length > 0 && { releasedFrom }),
    },
    createdAt: context.clock.now(),
  });
}
