import {
  type Account,
  type MonthlyRevenue,
  type RecurringRevenue,
  RevenueSums,
  monthlyPeriod,
  recurringRevenue,
} from '#domain';
import { type ExportSpan, listSubscribedVersions } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type Columns, type Table, tableOf } from '../table/table.js';
import { journalEntryPages } from './journal-entries.js';

const earned =
  (account: Account) =>
  ({ byAccount, currency }: MonthlyRevenue) => ({ amountMinor: byAccount[account] ?? 0n, currency });

const revenueColumns: Columns<MonthlyRevenue> = {
  month: ({ month }) => month,
  product: ({ plan }) => plan?.split('/')[0] ?? null,
  plan: ({ plan }) => plan?.split('/')[1] ?? null,
  currency: ({ currency }) => currency,
  fixed_fees: earned('fixed_fee_revenue'),
  setup_fees: earned('setup_fee_revenue'),
  usage: earned('usage_revenue'),
  minimum_commitments: earned('minimum_commitment_revenue'),
  expired_credits: earned('expired_credit_revenue'),
  promotional_credits: earned('promotional_credits'),
  credit_notes: earned('credit_notes'),
  revenue: ({ totalMinor, currency }) => ({ amountMinor: totalMinor, currency }),
};

/** Revenue without tax by month, product and plan, as the journal entries of the span have it. */
export function revenueTable(context: ServiceContext, span: ExportSpan, pageSize?: number): Table {
  return tableOf('Revenue', revenueColumns, async function* () {
    yield (await revenueOf(context, span, pageSize)).toList();
  });
}

async function revenueOf(context: ServiceContext, span: ExportSpan, pageSize?: number): Promise<RevenueSums> {
  const sums = new RevenueSums();
  for await (const page of journalEntryPages(context, span, pageSize))
    for (const { entry, currency } of page) sums.add(entry, currency);
  return sums;
}

interface RecurringRow extends RecurringRevenue {
  readonly usageMinor: bigint;
}

const recurringColumns: Columns<RecurringRow> = {
  product: ({ plan }) => plan.split('/')[0]!,
  plan: ({ plan }) => plan.split('/')[1]!,
  currency: ({ currency }) => currency,
  subscriptions: ({ subscriptions }) => subscriptions,
  trials: ({ trials }) => trials,
  mrr: ({ monthlyMinor, currency }) => ({ amountMinor: monthlyMinor, currency }),
  usage_of_last_month: ({ usageMinor, currency }) => ({ amountMinor: usageMinor, currency }),
};

/**
 * Monthly recurring revenue at an instant by plan, see `recurringRevenue`, and apart from it what was earned by usage in the
 * month up to that instant.
 */
export function recurringRevenueTable(context: ServiceContext, at: Date): Table {
  return tableOf('MRR', recurringColumns, async function* () {
    const versions = await context.unitOfWork.inSystem((transaction) => listSubscribedVersions(transaction, at));
    const monthBefore = new Date(monthlyPeriod(at.getTime(), -1).startMs);
    const usage = (await revenueOf(context, { from: monthBefore, to: at })).toList();
    yield recurringRevenue(versions).map((row) => ({
      ...row,
      usageMinor: usage
        .filter(({ plan, currency }) => plan === row.plan && currency === row.currency)
        .reduce((sum, { byAccount }) => sum + (byAccount.usage_revenue ?? 0n), 0n),
    }));
  });
}
