import { sliceMsOf } from '../rate-limit/sliding-window-limiter.js';
import {
  RateStoreError,
  type RateWindowStore,
  type UnitsAnswer,
  type UnitsRequest,
  blockLifeMs,
  countsForMs,
} from '../rate-limit/rate-window-store.js';
import { RedisConnection } from './redis-connection.js';
import { RedisScript } from './redis-script.js';

const scripts = {
  sliding_window: RedisScript.read('exchange-sliding-window-2'),
  fixed_window: RedisScript.read('exchange-fixed-window-1'),
  gcra: RedisScript.read('exchange-gcra-1'),
};

/** Windows in Redis, a single one or a cluster: one script call for each exchange. Keys expire by themselves. */
export class RedisWindowStore implements RateWindowStore {
  private readonly connection: RedisConnection;

  /** Connects at once, and again whenever the connection breaks; fails at once while there is none. */
  constructor(url: string) {
    this.connection = new RedisConnection(url);
  }

  /** Resolves when the first attempt to connect has ended, well or not: within three seconds. */
  get firstAttempt(): Promise<void> {
    return this.connection.firstAttempt;
  }

  async exchange(request: UnitsRequest): Promise<UnitsAnswer> {
    const { rule } = request;
    const isSliding = rule.algorithm === 'sliding_window';
    const keys = isSliding ? [request.key, `${request.key} slices`] : [request.key];
    const third = isSliding ? sliceMsOf(rule.limit, rule.windowMs) : rule.burst;
    const numbers = [
      request.nowMs,
      rule.limit,
      rule.windowMs,
      third,
      blockLifeMs(rule),
      request.needed,
      request.wanted,
      request.sharers,
      request.diesAtMs,
      countsForMs(rule) + keepLongerMs,
    ];
    for (const { units, diesAtMs, spent, lastSpentMs, isBlock } of request.ended) {
      numbers.push(units, diesAtMs, spent, lastSpentMs, isBlock ? 1 : 0);
    }
    try {
      const answer = await scripts[rule.algorithm].run(this.connection.client, keys, numbers.map(String));
      const [granted, diesAtMs, remaining, nextUnitInMs] = answer as [number, number, number, number];
      return { granted, diesAtMs, remaining, nextUnitInMs };
    } catch (error) {
      throw new RateStoreError(error);
    }
  }

  async sweep(): Promise<void> {}

  reconnect(): void {
    this.connection.reconnect();
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

/** Gateways' clocks are up to half a second apart. */
const keepLongerMs = 1_000;
