import { guardedConnector } from '#outbound';
import { Pool, type buildConnector } from 'undici';
import type { UpstreamEntry } from '../snapshot/catalog.js';
import { DirectDispatcher } from './direct/direct-dispatcher.js';
import type { ReadingOptions } from './direct/read-in-place.js';
import { Http2Dispatcher } from './http2/http2-dispatcher.js';
import type { UpstreamDispatcher } from './upstream-dispatcher.js';
import { UpstreamHealth } from './upstream-health.js';

/** Below the five seconds after which many servers close, so that a connection is seldom used as it goes away. */
const keepAliveTimeoutMs = 4_000;

/** One pool of connections for each origin and way to connect; as many connections as there are calls at once. */
export class UpstreamPools {
  private readonly byPlace = new Map<string, UpstreamDispatcher>();
  private readonly byEntry = new WeakMap<UpstreamEntry, UpstreamDispatcher>();

  private readonly healthByOrigin = new Map<string, UpstreamHealth>();

  constructor(private readonly allowsPrivate: boolean) {}

  poolOf(upstream: UpstreamEntry): UpstreamDispatcher {
    const known = this.byEntry.get(upstream);
    if (known) return known;
    const place = `${upstream.protocol} ${upstream.origin} ${upstream.connectTimeoutMs} ${upstream.tls?.id ?? ''}`;
    const pool = this.byPlace.get(place) ?? this.open(upstream);
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

  private open({ origin, connectTimeoutMs, protocol, tls }: UpstreamEntry): UpstreamDispatcher {
    const { id: _, ...tlsOptions } = tls ?? { id: '' };
    const connector = (options: ReadingOptions & { allowH2?: boolean; preferH2?: boolean }): buildConnector.connector =>
      guardedConnector({ ...tlsOptions, timeout: connectTimeoutMs, allowH2: false, ...options }, this.allowsPrivate);
    if (protocol === 'http1' && origin.startsWith('http:'))
      return new DirectDispatcher(origin, connector, keepAliveTimeoutMs);
    const pool = new Pool(origin, {
      connect: connector({}),
      keepAliveTimeout: keepAliveTimeoutMs,
      allowH2: false,
    }) as UpstreamDispatcher;
    return protocol === 'h2' ? new Http2Dispatcher(origin, connector({ allowH2: true, preferH2: true }), pool) : pool;
  }
}
