import { type ServerHttp2Stream, constants } from 'node:http2';
import type { ClientResponse } from './client-message.js';
import type { Http2Request } from './http2-request.js';

/** Fields that HTTP/2 does not have (RFC 9113 §8.2.2); `connection: close` is said with GOAWAY instead. */
const OF_CONNECTIONS = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** The answer on an HTTP/2 stream, with the manners of Node's `ServerResponse`: the head leaves as late as it may. */
export class Http2Response implements ClientResponse {
  headersSent = false;
  /** Trailers are decided on when the body has ended, so a place is kept for them where its length is not known. */
  chunkedEncoding = false;
  private writtenBytes = 0;
  private fields: string[] | null = null;
  private trailers: Record<string, string | string[]> = {};

  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly request: Http2Request,
  ) {}

  get destroyed(): boolean {
    return this.stream.destroyed;
  }

  get writableEnded(): boolean {
    return this.stream.writableEnded;
  }

  /** Also of the little that waits for the client's window, and when nothing follows it. */
  get writableNeedDrain(): boolean {
    return this.stream.bufferSize > 0;
  }

  /** Of its body, as far as the caller has let it leave. */
  get takenBytes(): number {
    return this.writtenBytes - this.stream.bufferSize;
  }

  writeContinue(): void {
    if (!this.stream.closed) this.stream.additionalHeaders({ ':status': 100 });
  }

  /** What HTTP/2 cannot say is left out: the answer itself is still to come. */
  writeInterim(status: number, fields: Readonly<Record<string, string | string[]>>): void {
    if (this.headersSent || this.stream.closed) return;
    try {
      this.stream.additionalHeaders({ ...fields, ':status': status });
    } catch {
      // The caller has gone meanwhile, or a field is none that HTTP/2 takes.
    }
  }

  writeHead(status: number, fields: string[]): void {
    const sent = [':status', String(status)];
    let hasLength = false;
    for (let index = 0; index < fields.length; index += 2) {
      const name = fields[index]!.toLowerCase();
      if (OF_CONNECTIONS.has(name)) continue;
      if (name === 'content-length') hasLength = true;
      sent.push(name, fields[index + 1]!);
    }
    this.fields = sent;
    this.chunkedEncoding = !hasLength && status !== 204 && status !== 304 && this.request.method !== 'HEAD';
  }

  flushHeaders(): void {
    this.respond(false);
  }

  write(chunk: Buffer, onWritten?: () => void): boolean {
    this.respond(false);
    this.writtenBytes += chunk.length;
    return this.stream.closed || this.stream.write(chunk, onWritten);
  }

  addTrailers(fields: readonly [string, string][]): void {
    for (const [name, value] of fields) {
      if (OF_CONNECTIONS.has(name)) continue;
      const before = this.trailers[name];
      this.trailers[name] = before === undefined ? value : [before, value].flat();
    }
  }

  end(chunk?: Buffer): void {
    const { stream } = this;
    this.respond(chunk === undefined && !this.hasTrailers);
    if (stream.closed) return;
    if (chunk === undefined) stream.end();
    else stream.end(chunk);
    // What is still to come of the request is not wanted any more (RFC 9113 §8.1).
    if (!this.request.complete) stream.close(constants.NGHTTP2_NO_ERROR);
  }

  /** By an error, as a stream that is only closed gets its end first, which makes a part look like the whole. */
  destroy(): void {
    this.stream.destroy(new Error('the answer breaks off'));
  }

  on(event: 'close', listener: () => void): void {
    this.stream.on(event, listener);
  }

  once(event: 'drain', listener: () => void): void {
    this.stream.once(event, listener);
  }

  private get hasTrailers(): boolean {
    return this.chunkedEncoding && Object.keys(this.trailers).length > 0;
  }

  private respond(endStream: boolean): void {
    const { stream, fields } = this;
    if (this.headersSent || stream.closed || fields === null) return;
    this.headersSent = true;
    const waitForTrailers = this.chunkedEncoding && !endStream;
    if (waitForTrailers) stream.once('wantTrailers', () => this.attempt(() => stream.sendTrailers(this.trailers)));
    this.attempt(() => stream.respond(fields, { endStream, waitForTrailers }));
  }

  /** What HTTP/2 cannot say breaks this answer off, and nothing else: this runs outside of every guard. */
  private attempt(send: () => void): void {
    try {
      send();
    } catch (error) {
      this.stream.destroy(error as Error);
    }
  }
}
