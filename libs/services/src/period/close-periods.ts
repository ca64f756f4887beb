import { type BillingPeriod, ConflictError } from '#domain';
import {
  type Actor,
  type SettledPeriod,
  type Transaction,
  allowLongStatements,
  appendAllToAuditLog,
  closePeriodRows,
  findFirstSettledId,
  findSettledUsageDifference,
  findSettledCountDifference,
  findSettledValueDifference,
  lockPeriodsForClosing,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { payWithCredits } from '../credit/pay-with-credits.js';
import { makeInvoices } from '../invoice/issue-invoice.js';
import { ratePeriodsFromLedger } from './rate-from-ledger.js';

export interface ClosePeriodInput {
  readonly period: BillingPeriod;
  readonly actor: Actor;
  /** Gateways whose usage is not complete, when the period is closed all the same. */
  readonly releasedFrom: readonly string[];
}

/**
 * Closes periods of different subscriptions in one transaction, all or none: locks them, rates what they settle, makes
 * their invoices. Returns those that it closed; not among them are those that were closed meanwhile, that somebody else
 * is closing, and that follow one which is still open.
 */
export function closePeriods(context: ServiceContext, inputs: readonly ClosePeriodInput[]): Promise<SettledPeriod[]> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const periods = await lockPeriodsForClosing(
      transaction,
      inputs.map(({ period }) => period),
    );
    if (periods.length === 0) return [];
    await proveUsage(transaction, periods);
    const rated = await payWithCredits(transaction, periods, () =>
      ratePeriodsFromLedger(context, transaction, periods),
    );
    await closePeriodRows(transaction, periods, context.clock.now());
    await audit(context, transaction, periods, inputs);
    const invoices = await makeInvoices(
      context,
      transaction,
      periods.flatMap((period, index) => {
        const result = rated[index];
        return result ? [{ period, rated: result }] : [];
      }),
    );
    return periods.map((period) => {
      const invoice = invoices.get(period.subscriptionId);
      return {
        subscriptionId: period.subscriptionId,
        organizationId: period.organizationId,
        periodStart: period.startsAt,
        periodEnd: period.endsAt,
        invoiceId: invoice?.id ?? null,
        number: invoice?.number ?? null,
        totalMinor: invoice?.totalMinor ?? 0n,
        currency: invoice?.currency ?? null,
      };
    });
  });
}

/** An invoice is only made from sums that are those of their events. */
async function proveUsage(transaction: Transaction, periods: readonly BillingPeriod[]): Promise<void> {
  await allowLongStatements(transaction);
  const firstId = await findFirstSettledId(transaction, periods);
  await proveSums(transaction, periods, firstId);
  await proveValues(transaction, periods, firstId);
  await proveCounts(transaction, periods);
}

async function proveSums(transaction: Transaction, periods: readonly BillingPeriod[], firstId: string): Promise<void> {
  const difference = await findSettledUsageDifference(transaction, periods, firstId);
  if (!difference) return;
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
  periods: readonly BillingPeriod[],
  firstId: string,
): Promise<void> {
  const difference = await findSettledValueDifference(transaction, periods, firstId);
  if (!difference) return;
  const { meter, periodStart, valueHash, isCounted } = difference;
  throw new ConflictError(
    'usage_not_proven',
    `${meter} from ${periodStart.toISOString()} on ${isCounted ? 'counts a value that no event names' : 'does not count a value that an event names'}: ` +
      `${valueHash}. "tollgate usage reaggregate" shows all that differ.`,
  );
}

/** Nor from another number of values than there are. */
async function proveCounts(transaction: Transaction, periods: readonly BillingPeriod[]): Promise<void> {
  const difference = await findSettledCountDifference(transaction, periods);
  if (!difference) return;
  const { meter, periodStart, present, kept } = difference;
  throw new ConflictError(
    'usage_not_proven',
    `There are ${present} different values of ${meter} from ${periodStart.toISOString()} on, and ${kept} are counted. ` +
      `"tollgate usage reaggregate" shows all that differ.`,
  );
}

async function audit(
  context: ServiceContext,
  transaction: Transaction,
  periods: readonly BillingPeriod[],
  inputs: readonly ClosePeriodInput[],
): Promise<void> {
  const inputOf = new Map(inputs.map((input) => [input.period.subscriptionId, input]));
  const createdAt = context.clock.now();
  await appendAllToAuditLog(
    transaction,
    periods.map((period) => {
      const { actor, releasedFrom } = inputOf.get(period.subscriptionId)!;
      return {
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
        createdAt,
      };
    }),
  );
}
