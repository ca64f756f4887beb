import type { Account, MonthlyRevenue } from '#domain';
import { type ProductFunnel, countProductFunnel } from '#persistence';
import type { ServiceContext } from '../context.js';
import { findOwnProduct } from '../plan/own-plan.js';
import { revenueOf } from './revenue-tables.js';

const DAY_MS = 86_400_000;

/** What a plan of a product has earned in a month, without tax, in minor units. */
export interface PlanRevenue {
  /** "2026-02". */
  readonly month: string;
  /** Slug of the plan. */
  readonly plan: string;
  readonly currency: string;
  /** Recurring and setup fees, and minimum commitments. */
  readonly feesMinor: bigint;
  readonly usageMinor: bigint;
  /** What lowers it, below zero: discounts, promotional credits and credit notes. */
  readonly reductionsMinor: bigint;
  readonly totalMinor: bigint;
}

const FEES: readonly Account[] = ['fixed_fee_revenue', 'setup_fee_revenue', 'minimum_commitment_revenue'];

/**
 * What a product of a person's publisher teams has earned by month (UTC) and plan in so many months, this one among them with what is
 * billed already: the revenue of the books of finance, without what is of no plan.
 * @throws NotFoundError `product_not_found`, also for one of other publishers
 */
export async function productRevenue(
  context: ServiceContext,
  { product, months, publisherUserId }: { product: string; months: number; publisherUserId: string },
): Promise<PlanRevenue[]> {
  await context.unitOfWork.inSystem((transaction) => findOwnProduct(transaction, { slug: product, publisherUserId }));
  const now = context.clock.now();
  const month = (later: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + later));
  const sums = await revenueOf(context, { from: month(1 - months), to: month(1) });
  const prefix = `${product}/`;
  return sums.toList().flatMap((row) => (row.plan?.startsWith(prefix) ? [planRevenue(row, prefix.length)] : []));
}

/**
 * How far the organizations have come with a product that signed up on so many days (UTC), today among them.
 * @throws NotFoundError `product_not_found`, also for one of other publishers
 */
export function productFunnel(
  context: ServiceContext,
  { product: slug, days, publisherUserId }: { product: string; days: number; publisherUserId: string },
): Promise<ProductFunnel & { readonly from: Date; readonly to: Date }> {
  const to = context.clock.now();
  const from = new Date((Math.floor(to.getTime() / DAY_MS) - days + 1) * DAY_MS);
  return context.unitOfWork.inSystem(async (transaction) => {
    const { id: apiProductId } = await findOwnProduct(transaction, { slug, publisherUserId });
    return { from, to, ...(await countProductFunnel(transaction, { apiProductId, from, to })) };
  });
}

function planRevenue({ month, plan, currency, byAccount, totalMinor }: MonthlyRevenue, prefix: number): PlanRevenue {
  const feesMinor = FEES.reduce((sum, account) => sum + (byAccount[account] ?? 0n), 0n);
  const usageMinor = byAccount.usage_revenue ?? 0n;
  const reductionsMinor = totalMinor - feesMinor - usageMinor;
  return { month, plan: plan!.slice(prefix), currency, feesMinor, usageMinor, reductionsMinor, totalMinor };
}
