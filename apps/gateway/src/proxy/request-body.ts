import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';

/** Told when a body turns out to be larger than it may be. */
export interface BodyListener {
  onBodyTooLarge(): void;
}

/**
 * The body of a request on its way to the upstream, where its length is not declared or it may have to be sent again:
 * counted as it passes, cut at its bound, beyond which no byte leaves, and kept for another attempt while it is short.
 */
export class RequestBody {
  /** Bytes that have passed, each counted once. */
  bytes = 0;
  private isComplete = false;
  /** Null when it is too long to be sent again. */
  private kept: Buffer[] | null = [];
  private stream: BodyStream | null = null;

  constructor(
    private readonly source: Readable,
    private readonly maxBytes: number,
    private readonly maxKeptBytes: number,
    private readonly listener: BodyListener,
  ) {
    source.pause();
    source
      .on('data', (chunk: Buffer) => this.onData(chunk))
      .on('end', () => this.onEnd())
      .on('error', (error: Error) => this.stream?.destroy(error))
      .on('close', () => this.stream?.destroy());
  }

  get canBeSentAgain(): boolean {
    return this.kept !== null;
  }

  /** The whole body for the next attempt, whether its parts have come already or not. */
  next(): BodyStream {
    this.stream?.detach();
    const stream = new BodyStream(this.source, [...(this.kept ?? [])], this.isComplete);
    this.stream = stream;
    return stream;
  }

  private onData(chunk: Buffer): void {
    if (this.bytes + chunk.length > this.maxBytes) {
      this.source.pause();
      return this.listener.onBodyTooLarge();
    }
    this.bytes += chunk.length;
    if (this.bytes > this.maxKeptBytes) this.kept = null;
    else this.kept?.push(chunk);
    this.stream?.emit('data', chunk);
  }

  private onEnd(): void {
    this.isComplete = true;
    this.stream?.emit('end');
  }
}

/**
 * A body for one attempt. It is as much of a stream as undici asks for; a whole one between it and the caller would cost a
 * third of the request. The caller's connection survives it when the upstream fails.
 */
export class BodyStream extends EventEmitter {
  destroyed = false;
  private hasBegun = false;

  constructor(
    private readonly source: Readable,
    private readonly kept: readonly Buffer[],
    private readonly isComplete: boolean,
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
    if (!this.destroyed) this.source.pause();
  }

  resume(): void {
    if (this.destroyed) return;
    if (this.hasBegun) {
      this.source.resume();
      return;
    }
    this.hasBegun = true;
    if (this.kept.length === 0 && !this.isComplete) this.source.resume();
    else queueMicrotask(() => this.sendKept());
  }

  destroy(error?: Error): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.source.pause();
    if (error && this.listenerCount('error') > 0) super.emit('error', error);
    super.emit('close');
  }

  /** Leaves the body to the stream of another attempt. */
  detach(): void {
    this.destroyed = true;
  }

  override emit(event: string, ...values: readonly unknown[]): boolean {
    return !this.destroyed && super.emit(event, ...values);
  }

  /** Bounded by what is kept at most, so back-pressure can wait until it has gone. */
  private sendKept(): void {
    for (const chunk of this.kept) this.emit('data', chunk);
    if (this.isComplete) this.emit('end');
    else if (!this.destroyed) this.source.resume();
  }
}
