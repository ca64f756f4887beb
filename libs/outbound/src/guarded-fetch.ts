import { Agent, fetch } from 'undici';
import { guardedConnector } from './guarded-connector.js';

export interface GuardedFetchOptions {
  /** Whether private networks and this machine may be reached; see `guardedConnector`. */
  readonly allowsPrivate: boolean;
  /** For a whole exchange, in milliseconds. */
  readonly timeoutMs: number;
  /** Of a body, in bytes; a longer one is an error. */
  readonly maxAnswerBytes: number;
}

/**
 * A `fetch` that connects as `guardedConnector` does and follows no redirects. It rejects with a TypeError whose `cause` is
 * an `OutboundAddressError` for an address that may not be reached, and with a TimeoutError when the time is up.
 */
export function guardedFetch({
  allowsPrivate,
  timeoutMs,
  maxAnswerBytes,
}: GuardedFetchOptions): typeof globalThis.fetch {
  const dispatcher = new Agent({ connect: guardedConnector({}, allowsPrivate), maxResponseSize: maxAnswerBytes });
  return ((input: string | URL, init?: object) =>
    fetch(input, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      dispatcher,
    })) as unknown as typeof globalThis.fetch;
}
