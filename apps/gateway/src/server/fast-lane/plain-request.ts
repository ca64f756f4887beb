import type { Socket } from 'node:net';
import type { ClientRequest } from '../client-message.js';
import type { PlainHead } from './plain-head.js';

/**
 * A request that has come as a whole; its body is the exchange's `wholeBody`. It is as much of a stream as is asked of one that
 * has ended: a whole one costs more than its head.
 */
export class PlainRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: string[];

  constructor(
    readonly socket: Socket,
    { method, target, rawHeaders }: PlainHead,
  ) {
    this.method = method;
    this.url = target;
    this.rawHeaders = rawHeaders;
  }

  get httpVersionMajor(): number {
    return 1;
  }

  get httpVersionMinor(): number {
    return 1;
  }

  get complete(): boolean {
    return true;
  }

  get readableFlowing(): boolean | null {
    return null;
  }

  on(event: string, listener: () => void): this {
    if (event === 'end') queueMicrotask(listener);
    return this;
  }

  once(event: string, listener: () => void): this {
    return this.on(event, listener);
  }

  off(): this {
    return this;
  }

  pause(): this {
    return this;
  }

  resume(): this {
    return this;
  }

  asClientRequest(): ClientRequest {
    return this as unknown as ClientRequest;
  }
}
