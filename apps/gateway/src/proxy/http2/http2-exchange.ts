import type { IncomingHttpHeaders } from 'node:http';
import { type ClientHttp2Stream, type IncomingHttpHeaders as Http2Headers, constants } from 'node:http2';
import type { Dispatcher } from 'undici';
import { AttemptTimeoutError } from '../upstream-fault.js';
import type { UpstreamDispatch } from '../upstream-dispatcher.js';
import { BodyPipe } from './body-pipe.js';
import { switchingFields, withoutKey } from './extended-connect.js';
import type { Http2Connection } from './http2-connection.js';

const SWITCHING_PROTOCOLS = 101;

/** Thrown at an answer that stops in the middle for longer than it may. */
class AnswerTimeoutError extends Error {
  readonly code = 'UND_ERR_BODY_TIMEOUT';
}

/** Thrown at an answer whose stream ends before it is complete. */
class StreamResetError extends Error {}

/** One request and its answer on a stream of an HTTP/2 connection, told to an undici handler. */
export class Http2Exchange implements Dispatcher.DispatchController {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  private stream: ClientHttp2Stream | null = null;
  private body: BodyPipe | null = null;
  private headTimer: NodeJS.Timeout | undefined;
  private hasHead = false;
  private isOver = false;
  private hasCrashed = false;
  private trailers: IncomingHttpHeaders = {};
  /** Of a client that asks for WebSocket. */
  private key: string | null = null;

  constructor(
    private readonly connection: Http2Connection,
    private readonly request: UpstreamDispatch,
    private readonly handler: Dispatcher.DispatchHandler,
  ) {}

  start({ host, protocol }: URL): void {
    const { request, handler, connection } = this;
    const { method, path, headers, upgrade, body = null } = request;
    this.tell(() => handler.onRequestStart?.(this, null));
    if (this.aborted || this.isOver) return;
    const place = [':scheme', protocol.slice(0, -1), ':authority', host, ':path', path];
    try {
      if (upgrade) {
        const { fields, key } = withoutKey(headers);
        this.key = key;
        this.stream = connection.request([':method', 'CONNECT', ':protocol', upgrade, ...place, ...fields], false);
      } else {
        this.stream = connection.request([':method', method, ...place, ...headers, 'te', 'trailers'], body === null);
      }
    } catch (error) {
      return this.end(error as Error);
    }
    this.listen(this.stream);
    this.headTimer = setTimeout(() => this.onHeadTimeout(), request.headersTimeout);
    if (body === null || upgrade) return;
    this.body = new BodyPipe(body, this.stream, {
      onBodySent: (chunk) => {
        if (!this.hasHead) this.headTimer?.refresh();
        this.tell(() => handler.onBodySent?.(chunk));
      },
      onBodyBroken: (error) => this.abort(error),
    });
    this.body.start();
  }

  abort(reason: Error): void {
    if (this.aborted || this.isOver) return;
    this.aborted = true;
    this.reason = reason;
    this.end(reason);
    this.stream?.close(constants.NGHTTP2_CANCEL);
  }

  pause(): void {
    this.paused = true;
    this.stream?.pause();
    this.stream?.setTimeout(0);
  }

  resume(): void {
    this.paused = false;
    if (this.isOver) return;
    this.stream?.setTimeout(this.request.bodyTimeout);
    this.stream?.resume();
  }

  private listen(stream: ClientHttp2Stream): void {
    stream.on('headers', (fields) => this.tell(() => this.handler.onResponseStart?.(this, ...headOf(fields))));
    stream.on('response', (fields, flags) => this.tell(() => this.onHead(stream, fields, flags)));
    stream.on('trailers', (fields) => (this.trailers = fields));
    stream.on('end', () => this.tell(() => this.onEnd(stream)));
    stream.on('error', (error) => this.end(error));
    stream.on('close', () => this.end(new StreamResetError(`the upstream reset the stream with ${stream.rstCode}`)));
  }

  private onHead(stream: ClientHttp2Stream, fields: Http2Headers, flags: number): void {
    if (this.isOver) return;
    clearTimeout(this.headTimer);
    this.hasHead = true;
    const [status, headers] = headOf(fields);
    if (this.key !== null) {
      if (status < 300) return this.switch(stream, headers, this.key);
      stream.end();
    }
    // The end of an answer without a body is told by its head, as in HTTP/1.1: what gRPC calls trailers only.
    const isWhole = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    if (isWhole && !isWithoutBody(status, this.request.method)) headers['content-length'] ??= '0';
    stream.setTimeout(this.request.bodyTimeout, () => this.onSilence());
    stream.on('data', (chunk: Buffer) => {
      if (!this.isOver) this.tell(() => this.handler.onResponseData?.(this, chunk));
    });
    this.handler.onResponseStart?.(this, status, headers);
  }

  /** The stream is a connection from here on, and somebody else's. */
  private switch(stream: ClientHttp2Stream, headers: IncomingHttpHeaders, key: string): void {
    this.isOver = true;
    this.handler.onRequestUpgrade?.(this, SWITCHING_PROTOCOLS, switchingFields(headers, key), stream);
  }

  private onEnd(stream: ClientHttp2Stream): void {
    // A stream that was reset ends as well: then the answer is not complete.
    if (this.isOver || stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR) return;
    if (!this.hasHead) return this.end(new StreamResetError('the upstream ended the stream without an answer'));
    this.finish();
    this.handler.onResponseEnd?.(this, this.trailers);
    if (!stream.writableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
  }

  /** Runs in callbacks of the connection, which others use as well: a handler that fails ends its own stream only. */
  private tell(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.crash(error as Error);
    }
  }

  /** The handler itself has failed, perhaps at the end of an answer. */
  private crash(error: Error): void {
    if (this.hasCrashed) return;
    this.hasCrashed = true;
    this.finish();
    this.stream?.close(constants.NGHTTP2_CANCEL);
    this.handler.onResponseError?.(this, error);
  }

  private onHeadTimeout(): void {
    this.abort(new AttemptTimeoutError('no answer came in time'));
    this.connection.probe();
  }

  private onSilence(): void {
    if (this.paused) return;
    this.abort(new AnswerTimeoutError('the answer has stopped'));
    this.connection.probe();
  }

  private end(error: Error): void {
    if (this.isOver) return;
    this.finish();
    this.handler.onResponseError?.(this, error);
  }

  private finish(): void {
    this.isOver = true;
    clearTimeout(this.headTimer);
    this.body?.detach();
  }
}

function headOf(fields: Http2Headers): [number, IncomingHttpHeaders] {
  const { ':status': status, ...headers } = fields;
  return [Number(status), headers];
}

function isWithoutBody(status: number, method: string): boolean {
  return method === 'HEAD' || status === 204 || status === 304;
}
