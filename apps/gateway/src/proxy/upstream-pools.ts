import { Pool } from 'undici';
import { UpstreamHealth } from './upstream-health.js';
import { guardedConnector } from './guarded-connector.js';
import type { UpstreamEntry } from '../snapshot/catalog.js';

/** Below the five seconds after which many servers close, so that a connection is seldom used as it goes away. */
const keepAliveTimeoutMs = 4_000;

/** One pool of connections for each origin and connection time-out; as many connections as there are calls at once. */
export class UpstreamPools {
  private readonly byPlace = new Map<string, Pool>();
  private readonly byEntry = new WeakMap<UpstreamEntry, Pool>();

  private readonly healthByOrigin = new Map<string, UpstreamHealth>();

  constructor(private readonly allowsPrivate: boolean) {}

  poolOf(upstream: UpstreamEntry): Pool {
    const known = this.byEntry.get(upstream);
    if (known) return known;
    const place = `${upstream.origin} ${upstream.connectTimeoutMs}`;
    const pool =
      this.byPlace.get(place) ??
      new Pool(upstream.origin, {
        connect: guardedConnector({ timeout: upstream.connectTimeoutMs, allowH2: false }, this.allowsPrivate),
        keepAliveTimeout: keepAliveTimeoutMs,
        allowH2: false,
      });
    this.byPlace.set(place, pool);
    this.byEntry.set(upstream, pool);
    return pool;
  }

  /** How the upstream at this place does, whatever version has it. */
  healthOf({ origin }: UpstreamEntry): UpstreamHealth {
    const known = this.healthByOrigin.get(origin);
    if (known) return known;
    const health = new UpstreamHealth();
    this.healthByOrigin.set(origin, health);
    return health;
  }

  async close(): Promise<void> {
    await Promise.all([...this.byPlace.values()].map((pool) => pool.destroy()));
  }
}
