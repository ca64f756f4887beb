import { createHash } from 'node:crypto';
import {
  type BillingPeriod,
  type CreditLine,
  burnCredits,
  formatMinor,
  formatMoney,
  isPaidWithCredits,
  subtotalOf,
} from '#domain';
import {
  type CreditInStore,
  type SubscriptionCredits,
  type Transaction,
  listCreditsOfSubscriptions,
  lockCredits,
} from '#persistence';
import { type PeriodLine, type RatedPeriod, ratingHashOf } from '../period/rate-period.js';

type Period = Pick<BillingPeriod, 'subscriptionId' | 'organizationId' | 'endsAt'>;

/**
 * Pays the usage of periods that are being closed with the credits that are in force at the end of each, in the order of
 * the periods: one line for each grant that is burned, after the others. Nobody else burns credits of these organizations until the
 * transaction ends; the database burns them with the lines. `rate` is called then, as what comes back to grants is by what they have paid.
 */
export async function payWithCredits(
  transaction: Transaction,
  periods: readonly Period[],
  rate: () => Promise<readonly (RatedPeriod | null)[]>,
): Promise<(RatedPeriod | null)[]> {
  const owners = await lockCredits(transaction, [...new Set(periods.map(({ organizationId }) => organizationId))]);
  const rated = await rate();
  if (owners === 0) return [...rated];
  return paidFromStore(transaction, periods, rated);
}

/**
 * The same by what is in store now, for an estimate: burns nothing, and keeps nobody from burning it meanwhile.
 */
export async function paidFromStore(
  transaction: Transaction,
  periods: readonly Omit<Period, 'organizationId'>[],
  rated: readonly (RatedPeriod | null)[],
): Promise<(RatedPeriod | null)[]> {
  const credits = await listCreditsOfSubscriptions(
    transaction,
    periods.map(({ subscriptionId }) => subscriptionId),
    rated.flatMap((result) => returnsOf(result).map(({ creditGrantId }) => creditGrantId!)),
  );
  const burned = new Map<string, bigint>();
  return periods.map((period, index) => {
    const result = rated[index] ?? null;
    const found = credits.get(period.subscriptionId);
    if (!result || !found) return result;
    // What comes back to a grant can be used at once, as the database writes it down first.
    for (const { creditGrantId: id, amountMinor } of returnsOf(result))
      burned.set(id!, (burned.get(id!) ?? 0n) - amountMinor);
    const grants = found.grants.map((grant) => ({
      ...grant,
      burnedMinor: grant.burnedMinor + (burned.get(grant.id) ?? 0n),
    }));
    const paid = paidWith({ ...found, grants }, result, period.endsAt);
    for (const { grantId, amountMinor } of paid.taken) burned.set(grantId, (burned.get(grantId) ?? 0n) - amountMinor);
    return paid.rated;
  });
}

/** What a period would leave to pay once credits have paid what they can of it, and what they are burned by; a pure function. */
export function paidWith(
  { apiProductId, grants }: SubscriptionCredits,
  rated: RatedPeriod,
  endsAt: Date,
): { readonly rated: RatedPeriod; readonly taken: readonly CreditLine[] } {
  const { currency, lines } = rated;
  // The last millisecond of the period: a grant that expires with its end still pays it.
  const { lines: taken } = burnCredits({ currency, apiProductId, lines, grants, atMs: endsAt.getTime() - 1 });
  return { rated: taken.length === 0 ? rated : withCredits(rated, taken, grants), taken };
}

/** The lines by which credits come back. */
function returnsOf(rated: RatedPeriod | null): PeriodLine[] {
  return rated?.lines.filter(({ creditGrantId }) => creditGrantId !== null) ?? [];
}

function withCredits(rated: RatedPeriod, taken: readonly CreditLine[], grants: readonly CreditInStore[]): RatedPeriod {
  const paid = rated.lines.find(isPaidWithCredits)!;
  const lines = [
    ...rated.lines,
    ...taken.map((line, index): PeriodLine => {
      const grant = grants.find(({ id }) => id === line.grantId)!;
      return creditLine(rated.currency, grant, line, { ...paid, position: rated.lines.length + index + 1 });
    }),
  ];
  return { ...rated, lines, subtotalMinor: subtotalOf(lines), ratingHash: ratingHashOf(lines) };
}

function creditLine(
  currency: string,
  { id, reason, amountMinor: grantedMinor }: CreditInStore,
  { amountMinor, leftMinor }: CreditLine,
  { position, phaseId, planVersionId, periodStart }: PeriodLine,
): PeriodLine {
  const left = `${formatMoney(leftMinor, currency)} of ${formatMoney(grantedMinor, currency)} left`;
  const basis = [id, grantedMinor.toString(), amountMinor.toString(), leftMinor.toString()];
  return {
    position,
    kind: 'prepaid_credit',
    meter: null,
    description: `Prepaid credits: ${reason} (${left})`,
    quantity: '1',
    included: '0',
    billableQuantity: '1',
    pricedQuantity: '1',
    unroundedAmount: formatMinor(amountMinor, currency),
    amountMinor,
    breakdown: [],
    phaseId,
    planVersionId,
    periodStart,
    inputHash: createHash('sha256').update(JSON.stringify(basis)).digest('hex'),
    creditGrantId: id,
  };
}
