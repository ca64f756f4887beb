import { type CreditGrant, creditLeftMinor } from './credit-grant.js';

/** When credits are bought without being asked for. Amounts in minor units of `currency`. */
export interface TopUpRule {
  readonly currency: string;
  /** Below this balance credits are bought. */
  readonly thresholdMinor: bigint;
  /** What is bought at once; more than 0. */
  readonly amountMinor: bigint;
  /** The most that is bought in a period. */
  readonly mostPerPeriodMinor: bigint;
}

/** What is asked of the payment provider: so many top-ups of the rule's amount, as one payment. */
export interface TopUp {
  readonly count: bigint;
  readonly amountMinor: bigint;
}

/**
 * Whether credits are to be bought, and how many: the fewest top-ups that lift the balance to the threshold, as far as the
 * period's limit goes. Null when the balance is enough, or the limit leaves no whole top-up. `boughtMinor` is what top-ups
 * of the period have bought so far, those under way counted in, so that a repeated decision buys nothing twice.
 */
export function topUpDue(
  rule: TopUpRule,
  grants: readonly CreditGrant[],
  { atMs, boughtMinor, underWayMinor }: { atMs: number; boughtMinor: bigint; underWayMinor: bigint },
): TopUp | null {
  const balanceMinor = grants
    .filter(({ currency }) => currency === rule.currency)
    .reduce((sum, grant) => sum + creditLeftMinor(grant, atMs), underWayMinor);
  const missingMinor = rule.thresholdMinor - balanceMinor;
  const roomMinor = rule.mostPerPeriodMinor - boughtMinor;
  if (missingMinor <= 0n || roomMinor < rule.amountMinor) return null;
  const wanted = (missingMinor + rule.amountMinor - 1n) / rule.amountMinor;
  const allowed = roomMinor / rule.amountMinor;
  const count = wanted < allowed ? wanted : allowed;
  return { count, amountMinor: count * rule.amountMinor };
}
