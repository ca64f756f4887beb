import { TollgateError } from '#domain';
import type { RateRule } from './rate-rule.js';

/** Units that one gateway took from a window earlier, and what became of them. */
export interface EndedUnits {
  /** How many were taken. 0 for units that were spent without the store, while it was away. */
  readonly units: number;
  /** Until when they could be spent: the instant under which the store counts them. */
  readonly diesAtMs: number;
  /** How many were spent; the others go back. */
  readonly spent: number;
  /** When the last of them was spent, at most `diesAtMs`. */
  readonly lastSpentMs: number;
  /** False for units that were taken to be spent at once, or that an earlier exchange has ended as spent. */
  readonly isBlock: boolean;
}

export interface UnitsRequest {
  /** Names the window; begins with what all windows of the same callers have in common, in braces. */
  readonly key: string;
  readonly rule: RateRule;
  /** Times of one window that run backwards count as the latest one seen. */
  readonly nowMs: number;
  /** Ends first, so that the units can be taken again in the same step. */
  readonly ended: readonly EndedUnits[];
  /** As many as are there are granted of these, whatever is left for others. */
  readonly needed: number;
  /** Most that are of use; at least `needed`. */
  readonly wanted: number;
  /** Gateways that share the window. */
  readonly sharers: number;
  /** Until when the units may be spent: `nowMs` when at once, else at most `blockLifeMs` later and in the same fixed window. */
  readonly diesAtMs: number;
}

export interface UnitsAnswer {
  readonly granted: number;
  /** The instant under which they are counted: `diesAtMs` as asked for, or later where the store's time is ahead. */
  readonly diesAtMs: number;
  /** Units that are left for further requests. */
  readonly remaining: number;
  /** Milliseconds until the next unit comes back; 0 when all are there. */
  readonly nextUnitInMs: number;
}

/** Waits for what becomes of an exchange. */
export interface ExchangeListener {
  onExchanged(answer: UnitsAnswer): void;
  onExchangeFailed(error: RateStoreError): void;
}

/** The store of shared windows does not answer; what was asked for may have happened or not. */
export class RateStoreError extends TollgateError {
  constructor(cause: unknown) {
    super('rate_store_unavailable', 'The store of rate limits does not answer.', { cause });
  }
}

/**
 * Counts short windows for all gateways. Units count from when they are granted until they are ended; those that are
 * never ended, as when a gateway crashes, count as spent when they die. So no rule is ever broken, however the units are
 * spread. An exchange happens as a whole or not at all, and exchanges of one window happen one after the other.
 */
export interface RateWindowStore {
  /** The listener is told once, after this has returned. It is no promise, as each call with an exact limit waits for one. */
  exchange(request: UnitsRequest, listener: ExchangeListener): void;
  /** Forgets what does not count any more, where the store does not do so itself. @throws RateStoreError */
  sweep(nowMs: number): Promise<void>;
  /** It was silent for too long: gives the connection up for a new one, where the store does not do so itself. */
  reconnect(): void;
  close(): Promise<void>;
}

/**
 * How long a block of units may be spent: a tenth of the window, from 50 ms to six seconds. Callers who come a few times
 * a second then use their blocks up, and the store is not asked for each of their calls.
 */
export function blockLifeMs({ windowMs }: RateRule): number {
  return Math.min(6_000, Math.max(50, Math.floor(windowMs / 10)));
}

/** How long a window counts after an exchange, at most: afterwards it is as good as new. */
export function countsForMs(rule: RateRule): number {
  const lifeMs = blockLifeMs(rule);
  if (rule.algorithm !== 'gcra') return rule.windowMs + lifeMs;
  // A block dies so much later, and what dies in one epoch is owed until its end, as much later still.
  return Math.ceil((rule.burst * rule.windowMs) / rule.limit) + 2 * lifeMs;
}
