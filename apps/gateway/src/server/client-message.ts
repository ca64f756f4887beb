import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** What the pipeline asks of a request: Node's own for HTTP/1.1, an adapter for HTTP/2. */
export interface ClientRequest extends Readable {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Name, value, name, value, in the order in which they came. */
  readonly rawHeaders: string[];
  readonly socket: Socket;
  readonly httpVersionMajor: number;
  readonly httpVersionMinor: number;
  /** The whole body has come. */
  readonly complete: boolean;
}

/** What the pipeline does to answer; the meaning of each member is that of Node's `ServerResponse`. */
export interface ClientResponse {
  readonly destroyed: boolean;
  readonly headersSent: boolean;
  /** `end` was called. */
  readonly writableEnded: boolean;
  /** The client has yet to take what was written. */
  readonly writableNeedDrain: boolean;
  /** True when the body has a form that leaves a place for trailers after it. */
  readonly chunkedEncoding: boolean;
  writeContinue(): void;
  /** An answer before the answer; of HTTP/2 alone. */
  writeInterim?(status: number, fields: Readonly<Record<string, string | string[]>>): void;
  /** `fields` are name, value, name, value. Nothing leaves before `flushHeaders`, the first `write`, or `end`. */
  writeHead(status: number, fields: string[]): unknown;
  flushHeaders(): void;
  /** False when the caller should wait for "drain"; `onWritten` is for HTTP/2 only. */
  write(chunk: Buffer, onWritten?: () => void): boolean;
  addTrailers(fields: readonly [string, string][]): void;
  end(chunk?: Buffer): unknown;
  /** Breaks the answer off, so that the client sees that it is not whole. */
  destroy(): unknown;
  on(event: 'close', listener: () => void): unknown;
  once(event: 'drain', listener: () => void): unknown;
}
