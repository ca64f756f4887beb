import {
  type MoneyCapOpening,
  type MoneyPlace,
  type Transaction,
  deleteMoneyCapOpening,
  insertUncoveredUsage,
  markMoneyCapKnown,
} from '#persistence';
import { openingStep } from './opening-step.js';
import type { PostgresQuotaLeasesOptions } from './postgres-quota-leases.js';

/**
 * Whether units may be lent under a cap that was set in the middle of a period: once every gateway reserves under it, and
 * the ledger has what they let pass before. That usage is counted then, while nothing is lent.
 */
export async function openMoneyCap(
  transaction: Transaction,
  place: MoneyPlace,
  opening: MoneyCapOpening,
  { clock, ids }: PostgresQuotaLeasesOptions,
): Promise<boolean> {
  const now = clock.now();
  const step = await openingStep(transaction, opening, now);
  if (step === 'known') await markMoneyCapKnown(transaction, place.subscriptionId, now);
  if (step !== 'complete') return false;
  await insertUncoveredUsage(transaction, place, () => ids.next(), now);
  await deleteMoneyCapOpening(transaction, place.subscriptionId);
  return true;
}
