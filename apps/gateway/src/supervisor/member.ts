import type { Worker } from 'node:cluster';
import type { HandedOut } from './handed-out.js';

/** One gateway process of a supervisor. */
export interface Member {
  readonly slot: number;
  readonly gatewayId: string;
  readonly worker: Worker;
  readonly handedOut: HandedOut;
  readonly startedAt: number;
  /** 0 until it is ready. */
  adminPort: number;
  /** It ends because it was told to: nothing takes its place. */
  isLeaving: boolean;
  /** Goes on with the connections of one that leaves. */
  successor: Member | null;
}

/** It is ready, and can be given connections. */
export function isServing({ adminPort, isLeaving, worker }: Member): boolean {
  return adminPort !== 0 && !isLeaving && worker.isConnected() && !worker.isDead();
}
