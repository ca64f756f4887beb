import type { Gateway } from '../../api/types.js';
import type { Tone } from '../../components/status-badge.js';

export interface GatewayHealth {
  readonly label: string;
  readonly tone: Tone;
  /** Segments sealed by the gateway and not yet acknowledged by the ledger. */
  readonly waitingSegments: number;
  /** How far the usage known here is behind the clock. */
  readonly lagSeconds: number;
}

const silentAfterSeconds = 15;

/** A running gateway that has not been heard of for a while may be down: its usage is then incomplete. */
export function gatewayHealth(gateway: Gateway, now: Date): GatewayHealth {
  const secondsSince = (instant: string) => Math.max(0, Math.round((now.getTime() - Date.parse(instant)) / 1000));
  const waitingSegments = Math.max(0, gateway.sealedSegment - gateway.acknowledgedSegment);
  const lagSeconds = secondsSince(gateway.admittedThrough);
  if (gateway.state === 'stopped') return { label: 'Stopped', tone: 'neutral', waitingSegments, lagSeconds };
  const isSilent = secondsSince(gateway.heartbeatAt) > silentAfterSeconds;
  if (isSilent) return { label: 'Silent', tone: 'danger', waitingSegments, lagSeconds };
  return { label: 'Running', tone: 'positive', waitingSegments, lagSeconds };
}

/** "1 s", "7 min", "3 h": a lag as short as can be. */
export function lagWords(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}
