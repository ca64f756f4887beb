import type { ProcessReport } from '#config';
import type { Clock, EncryptionKey, Pepper } from '#domain';
import type { JournalWriterOptions } from '#journal';
import type { ReplayStore } from '#limits';
import type { Logger } from '#observability';
import type { DecisionOptions } from './decision/decision-options.js';
import type { KeySetsOptions } from './identity/key-sets.js';
import type { TrafficBounds } from './traffic/traffic-recorder.js';
import type { SegmentQueue, SegmentShipperOptions } from './metering/segment-shipper.js';
import type { TrustedForwarding } from './peer/peer.js';
import type { ConnectionBounds } from './server/connection-bounds.js';
import type { TlsListenerOptions } from './server/tls-listener.js';
import type { StreamTimes } from './streams/stream-watch.js';

/** How long a gateway that stops waits. */
export interface StopTimes {
  /** How long clients that keep connections open may go on before idle ones are closed. */
  readonly idleMs: number;
  /** How long the ledger's acknowledgements are waited for. */
  readonly acknowledgeMs: number;
  /** How long other proxies may still report how their calls ended. Default 10 s. */
  readonly reportsMs?: number;
}

/** What a gateway is started with. */
export interface GatewayOptions {
  readonly gatewayId: string;
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  readonly adminPort: number;
  /** True lets keys of token issuers be read from private networks, and without TLS. Default false. */
  readonly allowsPrivateIssuers?: boolean;
  readonly keySets?: Pick<KeySetsOptions, 'refreshMs' | 'minRefreshMs'>;
  /** HTTPS; default: none. */
  readonly tls?: { readonly port: number } & Pick<TlsListenerOptions, 'folder' | 'watchMs'>;
  readonly journalFolder: string;
  readonly journalSync: 'interval' | 'strict';
  readonly databaseUrl: string;
  /** Where gateways share short windows. Default: the database. */
  readonly redisUrl?: string;
  /** How long an answer about a short window is waited for. Default 250 ms. */
  readonly rateStoreTimeoutMs?: number;
  /** How long units of a hard quota or a spending cap are waited for. Default 250 ms. */
  readonly quotaWaitMs?: number;
  /** Public address of the portal. */
  readonly portalUrl: string;
  readonly queue: SegmentQueue;
  readonly peppers: readonly Pepper[];
  readonly encryptionKeys: readonly EncryptionKey[];
  /** True when the clock may be moved forward. */
  readonly hasTimeMachine: boolean;
  readonly log: Logger;
  /** Whether upstreams may be in private networks. */
  readonly allowsPrivateUpstreams: boolean;
  /** Whether publishers may turn off the check of an upstream's certificate. Default false. */
  readonly allowsUnverifiedUpstreams?: boolean;
  /** Folder of the files that upstreams may have their targets from. Default: they may not. */
  readonly upstreamTargetsFolder?: string | undefined;
  /** Who is asked for targets, as `address:port`. Default: the name servers of the system. */
  readonly upstreamNameServers?: readonly string[] | undefined;
  /** Default: nobody is trusted to say for whom it calls. */
  readonly trustedForwarding?: TrustedForwarding;
  /** Which requests have a line in the access log. Default `off`. */
  readonly accessLog?: 'off' | 'errors' | 'all';
  /** Where the lines go. Default: standard output. */
  readonly accessLogDescriptor?: number;
  /** Null or absent: no spans are recorded. */
  readonly traces?: { readonly endpoint: string; readonly sampledShare: number } | null;
  /** What differs from `defaultConnectionBounds`. */
  readonly bounds?: Partial<ConnectionBounds>;
  /** Told when the gateway cannot go on, and must be stopped. */
  readonly onFatal: (error: Error) => void;
  /** Default: the machine's clock, moved as the database says. */
  readonly clock?: Clock;
  readonly journal?: Pick<JournalWriterOptions, 'maxSegmentAgeMs' | 'maxSegmentBytes' | 'syncIntervalMs' | 'retryMs'>;
  readonly shipper?: Pick<
    SegmentShipperOptions,
    'acknowledgementTimeoutMs' | 'intervalMs' | 'maxInFlight' | 'mendedIntervalMs'
  >;
  /** Default 1 s. */
  readonly heartbeatMs?: number;
  /** What is kept of how long calls took, and how often it is written. Default 10 s. */
  readonly traffic?: TrafficBounds & { readonly intervalMs?: number };
  /** How long the first start, without a snapshot on disk, waits for the database. Default 15 s. */
  readonly databaseWaitMs?: number;
  readonly streams?: StreamTimes;
  /** Default: in Redis where there is one, else rows in the database. */
  readonly replays?: ReplayStore;
  /** How much the response cache holds. Default 64 MiB. */
  readonly cacheBytes?: number;
  /** How calls are decided that another proxy passes on; null or absent: no other proxy asks. */
  readonly decisions?: DecisionOptions | null;
  /** What operators are told of the process; absent: nothing. */
  readonly report?: ProcessReport;
  /** Default half a second and four seconds. */
  readonly stop?: StopTimes;
}
