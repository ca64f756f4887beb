import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { ClientRequest } from './client-message.js';
import type { Http2Head } from './http2-head.js';

/** A request of an HTTP/2 stream. Its body is read from the stream only as far as somebody reads it here. */
export class Http2Request extends Readable implements ClientRequest {
  readonly httpVersionMajor = 2;
  readonly httpVersionMinor = 0;
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: string[];
  complete: boolean;
  /** Of its body, as far as it has been read. */
  receivedBytes = 0;
  private isReading = false;

  constructor(
    private readonly stream: ServerHttp2Stream,
    readonly socket: Socket,
    head: Http2Head,
  ) {
    super({ autoDestroy: true });
    this.method = head.method;
    this.url = head.target;
    this.rawHeaders = head.rawHeaders;
    this.complete = head.isComplete;
    if (head.isComplete) this.push(null);
    // A body that turns out to be empty ends when its last frame comes, whether anybody reads it yet or not.
    else stream.on('end', () => this.onEnd());
  }

  override _read(): void {
    if (this.complete) return;
    if (!this.isReading) this.attach();
    this.stream.resume();
  }

  private attach(): void {
    const { stream } = this;
    this.isReading = true;
    stream.on('data', (chunk: Buffer) => {
      this.receivedBytes += chunk.length;
      if (!this.push(chunk)) stream.pause();
    });
    stream.on('close', () => {
      if (!this.complete) this.destroy();
    });
  }

  private onEnd(): void {
    // A stream that was reset ends as well: then the body is not complete.
    if (this.stream.aborted) return;
    this.complete = true;
    this.push(null);
  }
}
