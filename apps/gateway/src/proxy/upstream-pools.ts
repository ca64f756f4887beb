import { guardedConnector } from '#outbound';
import { Pool, type buildConnector } from 'undici';
import type { UpstreamEntry } from '../snapshot/catalog.js';
import { DirectDispatcher } from './direct/direct-dispatcher.js';
import type { ReadingOptions } from '../read-in-place.js';
import { Http2Dispatcher } from './http2/http2-dispatcher.js';
import type { UpstreamDispatcher } from './upstream-dispatcher.js';
import { withoutUnaskedContinue } from './unasked-continue.js';
import { UpstreamHealth } from './upstream-health.js';

/** Below the five seconds after which many servers close, so that a connection is seldom used as it goes away. */
const keepAliveTimeoutMs = 4_000;

/** One pool of connections for each origin and way to connect; as many connections as there are calls at once. */
export class UpstreamPools {
  private readonly byPlace = new Map<string, UpstreamDispatcher>();
  private byEntry = new WeakMap<UpstreamEntry, UpstreamDispatcher>();
  /** Nobody goes there any more: what is under way there ends. */
  private readonly leaving = new Set<UpstreamDispatcher>();

  private readonly healthByName = new Map<string, UpstreamHealth>();

  constructor(private readonly allowsPrivate: boolean) {}

  /** How many pools there are, those that end included. */
  get size(): number {
    return this.byPlace.size + this.leaving.size;
  }

  poolOf(upstream: UpstreamEntry): UpstreamDispatcher {
    const known = this.byEntry.get(upstream);
    if (known) return known;
    const place = placeOf(upstream);
    const pool = this.byPlace.get(place) ?? this.open(upstream);
    this.byPlace.set(place, pool);
    this.byEntry.set(upstream, pool);
    return pool;
  }

  /** How the upstream at this place does, whatever version has it. */
  healthOf(target: UpstreamEntry): UpstreamHealth {
    const name = targetName(target);
    const known = this.healthByName.get(name);
    if (known) return known;
    const health = new UpstreamHealth();
    this.healthByName.set(name, health);
    return health;
  }

  /** Forgets all other places: calls that are under way there end, and their connections with them. */
  keepOnly(targets: readonly UpstreamEntry[]): void {
    const places = new Set(targets.map(placeOf));
    const gone = [...this.byPlace].filter(([place]) => !places.has(place));
    for (const [place, pool] of gone) {
      this.byPlace.delete(place);
      this.leaving.add(pool);
      void pool
        .close()
        .catch(() => undefined)
        .finally(() => this.leaving.delete(pool));
    }
    // A call that has come by an older catalogue may still go there: to a pool of its own, until the next time.
    if (gone.length > 0) this.byEntry = new WeakMap();
    const names = new Set(targets.map(targetName));
    for (const [name, { underWay }] of this.healthByName)
      if (underWay === 0 && !names.has(name)) this.healthByName.delete(name);
  }

  async close(): Promise<void> {
    await Promise.all([...this.byPlace.values(), ...this.leaving].map((pool) => pool.destroy()));
  }

  private open({ origin, connectTo, connectTimeoutMs, protocol, tls }: UpstreamEntry): UpstreamDispatcher {
    const { id: _, ...tlsOptions } = tls ?? { id: '' };
    const connector = (
      options: ReadingOptions & { allowH2?: boolean; preferH2?: boolean },
    ): buildConnector.connector => {
      const connect = guardedConnector(
        { ...tlsOptions, timeout: connectTimeoutMs, allowH2: false, ...options },
        this.allowsPrivate,
      );
      // The name in the certificate stays that of the origin, which is in `host`.
      return connectTo === null ? connect : (target, callback) => connect({ ...target, ...connectTo }, callback);
    };
    if (protocol === 'http1' && origin.startsWith('http:'))
      return new DirectDispatcher(origin, connector, keepAliveTimeoutMs);
    const pool = new Pool(origin, {
      connect: withoutUnaskedContinue(connector({})),
      keepAliveTimeout: keepAliveTimeoutMs,
      allowH2: false,
    }) as UpstreamDispatcher;
    return protocol === 'h2' ? new Http2Dispatcher(origin, connector({ allowH2: true, preferH2: true }), pool) : pool;
  }
}

/** Equal for targets whose connections are shared. */
export function placeOf(target: UpstreamEntry): string {
  return `${target.protocol} ${targetName(target)} ${target.connectTimeoutMs} ${target.tls?.id ?? ''}`;
}

/** A target as people read it: what is asked for, and where it is connected to. */
export function targetName({ origin, connectTo }: Pick<UpstreamEntry, 'origin' | 'connectTo'>): string {
  return connectTo === null ? origin : `${origin} at ${connectTo.hostname} port ${connectTo.port}`;
}
