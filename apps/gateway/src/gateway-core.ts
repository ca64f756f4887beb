import type { Clock, Pepper, UuidV7Generator } from '#domain';
import type { JournalWriter } from '#journal';
import type { Logger } from '#observability';
import type { AccessLog } from './access-log/access-log.js';
import type { GatewayMetrics } from './admin/gateway-metrics.js';
import type { Flights } from './cache/flights.js';
import type { ResponseCache } from './cache/response-cache.js';
import type { ReplayStore } from '#limits';
import type { KeySets } from './identity/key-sets.js';
import type { Watermark } from './metering/watermark.js';
import type { ConcurrencyBook } from './policies/limit-concurrency.js';
import type { TermsBook } from './policies/subscription-terms.js';
import type { TestQuotaBook } from './policies/test-quota.js';
import type { TrustedForwarding } from './peer/peer.js';
import type { HeadFlusher } from './proxy/head-flusher.js';
import type { HealthChecks } from './proxy/health-check/health-checks.js';
import type { UpstreamPools } from './proxy/upstream-pools.js';
import type { StreamWatch } from './streams/stream-watch.js';
import type { PortalLinks } from './responses/money-refusal.js';
import type { Snapshot } from './snapshot/snapshot.js';
import type { RefusalRecorder } from './traffic/refusal-recorder.js';
import type { TrafficRecorder } from './traffic/traffic-recorder.js';
import type { Tracer } from './tracing/tracer.js';

/** What every request needs: all in memory, all of one process. */
export interface GatewayCore {
  readonly gatewayId: string;
  readonly clock: Clock;
  readonly ids: UuidV7Generator;
  readonly snapshot: Snapshot;
  readonly peppers: ReadonlyMap<string, Pepper>;
  readonly terms: TermsBook;
  readonly concurrency: ConcurrencyBook;
  readonly testQuotas: TestQuotaBook;
  readonly journal: JournalWriter;
  readonly watermark: Watermark;
  readonly upstreams: UpstreamPools;
  readonly healthChecks: HealthChecks;
  readonly keySets: KeySets;
  readonly headFlusher: HeadFlusher;
  readonly streams: StreamWatch;
  readonly cache: ResponseCache;
  readonly flights: Flights;
  readonly replays: ReplayStore;
  readonly metrics: GatewayMetrics;
  readonly traffic: TrafficRecorder;
  readonly refusals: RefusalRecorder;
  /** Null when it is off. */
  readonly accessLog: AccessLog | null;
  readonly tracer: Tracer;
  readonly portalLinks: PortalLinks;
  readonly log: Logger;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly trustedForwarding: TrustedForwarding;
  /** How many gateways share the limits, this one included, as far as is known. */
  runningGateways: number;
  /** The process is about to stop: each answer closes its connection. */
  isDraining: boolean;
}
