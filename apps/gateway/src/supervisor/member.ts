import type { Worker } from 'node:cluster';

/** What a gateway process tells its supervisor. */
export interface ReadyMessage {
  readonly kind: 'ready';
  readonly adminPort: number;
}

export function isReadyMessage(message: unknown): message is ReadyMessage {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready';
}

/** One gateway process of a supervisor. */
export interface Member {
  readonly slot: number;
  readonly gatewayId: string;
  readonly worker: Worker;
  readonly startedAt: number;
  /** 0 until it is ready. */
  adminPort: number;
  /** It ends because it was told to: nothing takes its place. */
  isLeaving: boolean;
}
