/** How a part of the service is for those who use it. */
export type ServiceState = 'operational' | 'degraded' | 'down';

/** What a gateway last said of itself, and how far the ledger is with it. */
export interface GatewayStanding {
  readonly isRunning: boolean;
  readonly heartbeatAt: Date;
  /** The last segment that its epoch has sealed; 0 before the first. */
  readonly sealedSegment: number;
  /** The last one of its epoch that is in the ledger; 0 before the first. */
  readonly ledgerSegment: number;
}

export interface ServiceStatus {
  /** Whether calls to the APIs are answered. */
  readonly calls: ServiceState;
  /** Whether usage shows up as soon as it should. */
  readonly usage: ServiceState;
}

/** A running gateway that was not heard of for this long may be down. */
const SILENT_MS = 15_000;
/** One that was not heard of for this long was taken away without being stopped. */
const GONE_MS = 600_000;
/** A segment is some seconds of calls, or fewer of many. So many may be on their way to the ledger. */
const SEGMENTS_UNDER_WAY = 20;

/**
 * How the service is by what its gateways say: calls are `down` when none of them was heard of lately, `degraded` when one is
 * silent that ran some minutes ago; usage is `degraded` while more than twenty segments of a gateway wait for the ledger.
 */
export function serviceStatus(gateways: readonly GatewayStanding[], nowMs: number): ServiceStatus {
  const silentMs = ({ heartbeatAt }: GatewayStanding) => nowMs - heartbeatAt.getTime();
  const running = gateways.filter((gateway) => gateway.isRunning && silentMs(gateway) < GONE_MS);
  const answering = running.filter((gateway) => silentMs(gateway) <= SILENT_MS);
  const calls = answering.length === 0 ? 'down' : answering.length < running.length ? 'degraded' : 'operational';
  const isBehind = ({ sealedSegment, ledgerSegment }: GatewayStanding) =>
    sealedSegment - ledgerSegment > SEGMENTS_UNDER_WAY;
  return { calls, usage: gateways.some(isBehind) ? 'degraded' : 'operational' };
}
