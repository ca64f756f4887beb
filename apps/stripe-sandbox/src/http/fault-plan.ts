import { StripeFault } from './stripe-fault.js';

/** What can go wrong with a request: before it is done, or after, when its answer never comes. */
export type FaultKind = 'error' | 'rate_limit' | 'timeout';

/** Shares of requests in percent, to which each fault happens. */
export interface FaultShares {
  /** Answered with 500 and not done. */
  readonly error: number;
  /** Answered with 429 and not done. */
  readonly rate_limit: number;
  /** Done, but the connection ends without an answer. */
  readonly timeout: number;
}

export const noFaults: FaultShares = { error: 0, rate_limit: 0, timeout: 0 };
const kinds: readonly FaultKind[] = ['error', 'rate_limit', 'timeout'];

/** Decides which requests go wrong; the same seed decides the same for the same sequence of requests. */
export class FaultPlan {
  /** How often each fault has happened so far. */
  readonly happened: Record<FaultKind, number> = { error: 0, rate_limit: 0, timeout: 0 };
  private state: number;

  constructor(
    readonly shares: FaultShares,
    readonly seed: number,
  ) {
    this.state = seed >>> 0;
  }

  /** What happens to the next request; undefined for nothing. */
  next(): FaultKind | undefined {
    let drawn = this.draw() * 100;
    for (const kind of kinds) {
      drawn -= this.shares[kind];
      if (drawn >= 0) continue;
      this.happened[kind]++;
      return kind;
    }
    return undefined;
  }

  /** From 0 to below 1, as `splitmix32` draws it. */
  private draw(): number {
    this.state = (this.state + 0x9e3779b9) >>> 0;
    let mixed = this.state ^ (this.state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }
}

/** The header by which a single request asks for a fault of its own. */
export const faultHeader = 'sandbox-fault';

export function faultFrom(header: string | string[] | undefined): FaultKind | undefined {
  return kinds.find((kind) => kind === header);
}

/** What a request is answered that is not done. */
export function faultAnswer(kind: 'error' | 'rate_limit'): StripeFault {
  if (kind === 'error') {
    return new StripeFault(500, { type: 'api_error', message: 'An error occurred that the sandbox was asked for.' });
  }
  return new StripeFault(429, {
    type: 'invalid_request_error',
    code: 'rate_limit',
    message: 'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
  });
}
