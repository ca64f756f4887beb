import type { ClientHttp2Stream } from 'node:http2';
import type { Readable } from 'node:stream';

/** Told of a body on its way. */
export interface BodyPipeListener {
  onBodySent(chunk: Buffer): void;
  /** Its sender is gone. */
  onBodyBroken(error: Error): void;
}

/**
 * Brings a body into a stream, no faster than that takes it. Unlike a pipeline it leaves the source alone when it ends: the
 * connection of the caller survives an upstream that fails.
 */
export class BodyPipe {
  private isOver = false;

  constructor(
    private readonly source: Readable | Buffer,
    private readonly sink: ClientHttp2Stream,
    private readonly listener: BodyPipeListener,
  ) {}

  start(): void {
    const { source, sink, listener } = this;
    if (Buffer.isBuffer(source)) {
      this.isOver = true;
      sink.end(source);
      return listener.onBodySent(source);
    }
    source.on('data', this.onData);
    source.on('end', this.onEnd);
    source.on('error', this.onBroken);
    source.on('close', this.onBroken);
    source.resume();
  }

  /** Takes nothing more of the source. */
  detach(): void {
    const { source } = this;
    if (Buffer.isBuffer(source)) return;
    if (!this.isOver) source.pause();
    this.isOver = true;
    source.off('data', this.onData);
    source.off('end', this.onEnd);
    source.off('close', this.onBroken);
    // An error that comes later still wants somebody who hears it.
  }

  private readonly onData = (chunk: Buffer): void => {
    const { source, sink } = this;
    if (this.isOver || sink.destroyed) return;
    const takesMore = sink.write(chunk);
    this.listener.onBodySent(chunk);
    if (takesMore) return;
    (source as Readable).pause();
    sink.once('drain', () => {
      if (!this.isOver) (source as Readable).resume();
    });
  };

  private readonly onEnd = (): void => {
    if (this.isOver) return;
    this.isOver = true;
    this.sink.end();
  };

  private readonly onBroken = (error?: Error): void => {
    if (this.isOver) return;
    this.isOver = true;
    this.listener.onBodyBroken(error ?? new Error('the body broke off'));
  };
}
