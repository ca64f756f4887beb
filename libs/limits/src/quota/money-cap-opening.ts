import {
  type GatewayProgress,
  type MoneyCapOpening,
  type MoneyPlace,
  type Transaction,
  deleteMoneyCapOpening,
  insertUncoveredUsage,
  markMoneyCapKnown,
  readGatewayProgress,
} from '#persistence';
import { HEARTBEAT_MAX_AGE_MS, type PostgresQuotaLeasesOptions } from './postgres-quota-leases.js';

/** Calls that were under way when the cap was set are waited for so long; those that take longer are not counted. */
const UNDER_WAY_MS = 3_000;

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
  const gateways = await readGatewayProgress(transaction, new Date(now.getTime() - HEARTBEAT_MAX_AGE_MS));
  if (opening.knownAt === null) {
    const isKnown = gateways.every((one) => !one.isRunning || one.snapshotNumber >= opening.changeNumber);
    if (isKnown) await markMoneyCapKnown(transaction, place.subscriptionId, now);
    return false;
  }
  const knownMs = opening.knownAt.getTime();
  if (!gateways.every((gateway) => isComplete(gateway, knownMs))) return false;
  await insertUncoveredUsage(transaction, place, () => ids.next(), now);
  await deleteMoneyCapOpening(transaction, place.subscriptionId);
  return true;
}

/** The ledger has what the gateway let pass before then. */
function isComplete(gateway: GatewayProgress, knownMs: number): boolean {
  const { isRunning, isShipped, admittedThrough, heartbeatAt } = gateway;
  if (!isShipped) return false;
  return !isRunning || admittedThrough.getTime() >= knownMs || heartbeatAt.getTime() >= knownMs + UNDER_WAY_MS;
}
