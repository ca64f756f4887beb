import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';

/** Told when a body turns out to be larger than it may be. */
export interface BodyListener {
  onBodyTooLarge(): void;
}

/**
 * The body of a request on its way to the upstream, where its length is not declared: counted as it passes, and cut at
 * its bound, beyond which no byte leaves. It is as much of a stream as undici asks for; a whole one between the two
 * would cost a third of the request. The caller's connection survives it when the upstream fails.
 */
export class RequestBody extends EventEmitter {
  destroyed = false;
  private bytes = 0;
  private isFlowing = false;

  constructor(
    private readonly source: Readable,
    private readonly maxBytes: number,
    private readonly listener: BodyListener,
  ) {
    super();
  }

  /** For undici, which knows streams by what they can do. */
  asReadable(): Readable {
    return this as unknown as Readable;
  }

  /** Nobody reads a body so; undici only looks whether it is there. */
  pipe(): never {
    throw new Error('a request body is read by its events');
  }

  pause(): void {
    this.source.pause();
  }

  resume(): void {
    if (!this.isFlowing) {
      this.isFlowing = true;
      this.source.on('data', this.onData).on('end', this.onEnd).on('error', this.onError).on('close', this.onClose);
    }
    this.source.resume();
  }

  destroy(error?: Error): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.source.off('data', this.onData).off('end', this.onEnd).off('close', this.onClose);
    this.source.pause();
    if (error && this.listenerCount('error') > 0) this.emit('error', error);
    this.emit('close');
  }

  private readonly onData = (chunk: Buffer): void => {
    this.bytes += chunk.length;
    if (this.bytes <= this.maxBytes) this.emit('data', chunk);
    else if (!this.destroyed) this.listener.onBodyTooLarge();
  };

  private readonly onEnd = (): void => {
    this.emit('end');
  };

  private readonly onError = (error: Error): void => this.destroy(error);

  private readonly onClose = (): void => this.destroy();
}
