import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

/** A request for an upstream. */
export interface UpstreamDispatch {
  readonly path: string;
  readonly method: string;
  /** Name, value, name, value. */
  readonly headers: string[];
  /** Another protocol that is wanted. */
  readonly upgrade?: string | null;
  readonly body?: Readable | Buffer | null;
  /** Until the head of the answer. */
  readonly headersTimeout: number;
  /** Silence in the middle of the answer. */
  readonly bodyTimeout: number;
}

/** Sends requests to one place and tells handlers of the answers, in the manner of undici's dispatchers. */
export interface UpstreamDispatcher {
  dispatch(request: UpstreamDispatch, handler: Dispatcher.DispatchHandler): unknown;
  /** Ends when all that is under way has; nothing more is to be sent. */
  close(): Promise<void>;
  destroy(): Promise<void>;
}
