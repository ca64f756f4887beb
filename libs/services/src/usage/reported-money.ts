import { type UsageEvent, parseDecimal } from '#domain';
import { type MoneyUse, type Transaction, insertUnlentUse, lockMoneyOf } from '#persistence';
import type { ServiceContext } from '../context.js';

/** Towards what is used: of parts of a millionth it is better to count too much than too little. */
const ROUND_UP = 3;

/**
 * Counts what was reported against money caps and prepaid credits, so that gateways lend no more than what is left. A report itself
 * is refused by none: it tells of what has happened. In the transaction that brings it into the ledger.
 */
export async function countReportedMoney(
  context: ServiceContext,
  transaction: Transaction,
  events: readonly UsageEvent[],
): Promise<void> {
  const uses = billedUses(events);
  if (uses.length === 0) return;
  // Whoever opens a cap meanwhile counts what the ledger has: it comes before this, or finds it.
  await lockMoneyOf(transaction, uses);
  await insertUnlentUse(transaction, uses, () => context.ids.next(), context.clock.now());
}

/** What the billable of the events have used, together, by subscription, period, phase and meter, in millionths, rounded up. */
export function billedUses(events: readonly UsageEvent[]): MoneyUse[] {
  const uses = new Map<string, MoneyUse>();
  for (const { organizationId, subscriptionId, periodStartMs, phaseId, quantities, billable } of events) {
    if (!billable || subscriptionId === null || phaseId === null || periodStartMs === null) continue;
    for (const [meter, quantity] of Object.entries(quantities)) {
      const name = JSON.stringify([subscriptionId, periodStartMs, phaseId, meter]);
      const micro = BigInt(parseDecimal(quantity).times(1_000_000).round(0, ROUND_UP).toFixed());
      const usedMicro = (uses.get(name)?.usedMicro ?? 0n) + micro;
      uses.set(name, {
        organizationId,
        subscriptionId,
        periodStart: new Date(periodStartMs),
        phaseId,
        meter,
        usedMicro,
      });
    }
  }
  return [...uses.values()].filter(({ usedMicro }) => usedMicro > 0n);
}
