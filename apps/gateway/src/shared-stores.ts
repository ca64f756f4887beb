import { type RateWindowStore, RedisReplayStore, type ReplayStore, RedisWindowStore } from '#limits';
import type { GatewayOptions } from './gateway-options.js';
import type { ControlPlane } from './snapshot/control-plane.js';

export const defaultRateStoreTimeoutMs = 250;

/** What all gateways share: in Redis where there is one, else in the database. */
export interface SharedStores {
  readonly rateWindows: RateWindowStore;
  readonly replays: ReplayStore;
  /** Resolves when each has been tried to be reached, well or not. */
  tried(): Promise<unknown>;
}

/** Begins to reach them. */
export function openStores(
  { redisUrl, replays, rateStoreTimeoutMs = defaultRateStoreTimeoutMs }: GatewayOptions,
  controlPlane: ControlPlane,
): SharedStores {
  if (redisUrl === undefined)
    return { ...controlPlane.openRateWindows(rateStoreTimeoutMs), replays: replays ?? controlPlane.replays() };
  const rateWindows = new RedisWindowStore(redisUrl);
  const redisReplays = new RedisReplayStore(redisUrl);
  const tried = Promise.all([rateWindows.firstAttempt, redisReplays.firstAttempt]);
  return { rateWindows, replays: redisReplays, tried: () => tried };
}

/** Ends their connections, of a gateway that does not come to serve. */
export async function closeStores({ rateWindows, replays }: SharedStores): Promise<void> {
  await Promise.all([rateWindows.close(), replays.close()]);
}
