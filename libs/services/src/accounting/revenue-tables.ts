import {
  type Account,
  type DiscountedFee,
  type MonthlyRevenue,
  type RecurringRevenue,
  RevenueSums,
  couponOfFee,
  monthlyPeriod,
  recurringRevenue,
} from '#domain';
import {
  type ExportSpan,
  type ListedCouponedPhase,
  listCouponedPhases,
  listRedeemedCoupons,
  listSubscribedVersions,
  sumRevenue,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type Columns, type Table, pagesOf, tableOf } from '../table/table.js';

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
  discounts: earned('discounts'),
  credit_notes: earned('credit_notes'),
  revenue: ({ totalMinor, currency }) => ({ amountMinor: totalMinor, currency }),
};

/** Revenue without tax by month, product and plan, as the journal entries of the span have it. */
export function revenueTable(context: ServiceContext, span: ExportSpan): Table {
  return tableOf('Revenue', revenueColumns, async function* () {
    yield (await revenueOf(context, span)).toList();
  });
}

/** The same added up. The database does that: a look at a few years costs no more memory than their months and plans. */
export async function revenueOf(context: ServiceContext, span: ExportSpan): Promise<RevenueSums> {
  const sums = new RevenueSums();
  for (const { month, plan, currency, account, amountMinor } of await context.unitOfWork.inSystem((transaction) =>
    sumRevenue(transaction, span),
  ))
    sums.add({ at: new Date(`${month}-01`), postings: [{ account, plan, amountMinor: -amountMinor }] }, currency);
  return sums;
}

const PAGE_SIZE = 1000;

async function discountedFees(context: ServiceContext, at: Date): Promise<DiscountedFee[]> {
  const fees: DiscountedFee[] = [];
  const pages = pagesOf<ListedCouponedPhase>(PAGE_SIZE, (after, limit) =>
    context.unitOfWork.inSystem((transaction) =>
      listCouponedPhases(transaction, at, after?.subscriptionId ?? null, limit),
    ),
  );
  for await (const page of pages) {
    const ids = page.map(({ subscriptionId }) => subscriptionId);
    const couponsOf = await context.unitOfWork.inSystem((transaction) => listRedeemedCoupons(transaction, ids));
    for (const phase of page) {
      const off = couponOfFee(phase, couponsOf.get(phase.subscriptionId) ?? [], at);
      if (off.gt(0)) fees.push({ plan: phase.plan, definition: phase.definition, off });
    }
  }
  return fees;
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
  mrr_before_coupons: ({ beforeCouponsMinor, currency }) => ({ amountMinor: beforeCouponsMinor, currency }),
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
    yield recurringRevenue(versions, await discountedFees(context, at)).map((row) => ({
      ...row,
      usageMinor: usage
        .filter(({ plan, currency }) => plan === row.plan && currency === row.currency)
        .reduce((sum, { byAccount }) => sum + (byAccount.usage_revenue ?? 0n), 0n),
    }));
  });
}
