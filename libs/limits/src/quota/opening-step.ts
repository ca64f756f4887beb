import { type GatewayProgress, type MoneyCapOpening, type Transaction, readGatewayProgress } from '#persistence';

/** A gateway that was silent for longer takes no part in the sharing of a quota. */
export const HEARTBEAT_MAX_AGE_MS = 10_000;
/** Calls that were under way when the limit was set are waited for so long; those that take longer are not counted. */
const UNDER_WAY_MS = 3_000;

/**
 * What comes next under a limit that was set in the middle of a period: `wait`; `known` once every gateway reserves
 * under it, which is to be written down; `complete` when after that the ledger has what they let pass before.
 */
export async function openingStep(
  transaction: Transaction,
  opening: MoneyCapOpening,
  now: Date,
): Promise<'wait' | 'known' | 'complete'> {
  const gateways = await readGatewayProgress(transaction, new Date(now.getTime() - HEARTBEAT_MAX_AGE_MS));
  if (opening.knownAt === null) {
    const isKnown = gateways.every((one) => !one.isRunning || one.snapshotNumber >= opening.changeNumber);
    return isKnown ? 'known' : 'wait';
  }
  const knownMs = opening.knownAt.getTime();
  return gateways.every((gateway) => isComplete(gateway, knownMs)) ? 'complete' : 'wait';
}

/** The ledger has what the gateway let pass before then. */
function isComplete(gateway: GatewayProgress, knownMs: number): boolean {
  const { isRunning, isShipped, admittedThrough, heartbeatAt } = gateway;
  if (!isShipped) return false;
  return !isRunning || admittedThrough.getTime() >= knownMs || heartbeatAt.getTime() >= knownMs + UNDER_WAY_MS;
}
