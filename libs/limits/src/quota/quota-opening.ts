import {
  type MoneyCapOpening,
  type QuotaPlace,
  type Transaction,
  deleteQuotaOpening,
  insertUsedQuota,
  listQuotaUseByEpoch,
  markQuotaKnown,
} from '#persistence';
import { openingStep } from './opening-step.js';
import type { PostgresQuotaLeasesOptions } from './postgres-quota-leases.js';

/**
 * Whether units may be lent of a quota that began in the middle of a period: once every gateway reserves of it, and the
 * ledger has what they let pass before. That usage is counted then, while nothing is lent.
 */
export async function openQuota(
  transaction: Transaction,
  place: QuotaPlace & { readonly organizationId: string },
  opening: MoneyCapOpening,
  { clock, ids }: PostgresQuotaLeasesOptions,
): Promise<boolean> {
  const now = clock.now();
  const step = await openingStep(transaction, opening, now);
  if (step === 'known') await markQuotaKnown(transaction, place, now);
  if (step !== 'complete') return false;
  for (const { gatewayId, gatewayEpoch, inLedger, used, lent } of await listQuotaUseByEpoch(transaction, place)) {
    const units = inLedger - used - lent;
    if (units > 0)
      await insertUsedQuota(transaction, { ...place, id: ids.next() }, { gatewayId, gatewayEpoch, units }, now);
  }
  await deleteQuotaOpening(transaction, place);
  return true;
}
