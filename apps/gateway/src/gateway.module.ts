import { type Settings, processReport } from '#config';
import { trustedProxies } from '#domain';
import type { Logger } from '#observability';
import { SEGMENT_QUEUE, createQueue } from '#queues';
import { type DynamicModule, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { DecisionOptions } from './decision/decision-options.js';
import type { GatewayOptions } from './gateway-options.js';
import { type RunningGateway, startGateway } from './gateway.server.js';

const GATEWAY = Symbol('gateway');

/** Ties the gateway to the life of the Nest application context around it. */
@Injectable()
export class GatewayService implements OnApplicationShutdown {
  constructor(@Inject(GATEWAY) readonly gateway: RunningGateway) {}

  onApplicationShutdown(): Promise<void> {
    return this.gateway.stop();
  }
}

/**
 * The options of a gateway, by the settings.
 * @throws InvalidError `trusted_proxies_invalid`
 */
export function gatewayOptions(
  settings: Settings<'gateway'>,
  log: Logger,
  onFatal: (error: Error) => void,
): GatewayOptions {
  return {
    gatewayId: settings.GATEWAY_ID,
    host: settings.HOST,
    port: settings.GATEWAY_PORT,
    adminPort: settings.GATEWAY_ADMIN_PORT,
    allowsPrivateIssuers: settings.ISSUER_ALLOW_PRIVATE,
    ...(settings.GATEWAY_TLS_DIR !== undefined && {
      tls: { port: settings.GATEWAY_TLS_PORT, folder: settings.GATEWAY_TLS_DIR },
    }),
    journalFolder: settings.JOURNAL_DIR,
    journalSync: settings.JOURNAL_SYNC,
    databaseUrl: settings.DATABASE_URL,
    ...(settings.REDIS_URL === undefined ? {} : { redisUrl: settings.REDIS_URL }),
    rateStoreTimeoutMs: settings.RATE_STORE_TIMEOUT_MS,
    portalUrl: settings.PORTAL_URL,
    queue: createQueue(SEGMENT_QUEUE, settings.QUEUE_URL ?? settings.DATABASE_URL, {
      onError: (error) => log.debug({ error: error.message }, 'the queue does not answer'),
    }),
    peppers: settings.KEY_PEPPERS,
    encryptionKeys: settings.ENCRYPTION_KEYS,
    hasTimeMachine: settings.TIME_MACHINE,
    cacheBytes: settings.RESPONSE_CACHE_BYTES,
    log,
    trustedForwarding: { proxies: trustedProxies(settings.TRUSTED_PROXIES), header: settings.TRUSTED_PROXY_HEADER },
    accessLog: settings.ACCESS_LOG,
    traces: settings.OTEL_EXPORTER_OTLP_ENDPOINT
      ? { endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT, sampledShare: settings.OTEL_TRACES_SAMPLER_ARG }
      : null,
    bounds: {
      maxHeaderBytes: settings.GATEWAY_MAX_HEADER_BYTES,
      headersTimeoutMs: settings.CLIENT_HEADERS_TIMEOUT_MS,
      idleTimeoutMs: settings.CLIENT_IDLE_TIMEOUT_MS,
      minBodyBytesPerSecond: settings.CLIENT_MIN_BODY_RATE,
      maxConnections: settings.GATEWAY_MAX_CONNECTIONS,
      maxConnectionsPerAddress: settings.GATEWAY_MAX_CONNECTIONS_PER_ADDRESS,
    },
    allowsPrivateUpstreams: settings.UPSTREAM_ALLOW_PRIVATE,
    allowsUnverifiedUpstreams: settings.UPSTREAM_ALLOW_UNVERIFIED_TLS,
    decisions: decisionOptions(settings),
    upstreamTargetsFolder: settings.UPSTREAM_TARGETS_DIR,
    upstreamNameServers: settings.UPSTREAM_DNS_SERVERS,
    onFatal,
  };
}

/** Null where no other proxy asks. */
function decisionOptions(settings: Settings<'gateway'>): DecisionOptions | null {
  const { DECISION_PORT: port = null, DECISION_GRPC_PORT: grpcPort = null } = settings;
  if (port === null && grpcPort === null) return null;
  return {
    host: settings.DECISION_HOST,
    port,
    grpcPort,
    syslogPort: settings.DECISION_SYSLOG_PORT ?? null,
    secret: settings.DECISION_SECRET ?? null,
    reports: settings.DECISION_REPORTS,
    unreported: settings.DECISION_UNREPORTED,
    reportTimeoutMs: settings.DECISION_REPORT_TIMEOUT_MS,
    maxOpen: settings.DECISION_MAX_OPEN,
  };
}

@Module({})
export class GatewayModule {
  static register(settings: Settings<'gateway'>, log: Logger, onFatal: (error: Error) => void): DynamicModule {
    const report = processReport('gateway', settings);
    const start = (): Promise<RunningGateway> => startGateway({ ...gatewayOptions(settings, log, onFatal), report });
    return { module: GatewayModule, providers: [{ provide: GATEWAY, useFactory: start }, GatewayService] };
  }
}
