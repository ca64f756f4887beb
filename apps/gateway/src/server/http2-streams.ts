import { type ServerHttp2Stream, constants } from 'node:http2';
import type { Logger } from '#observability';
import type { Exchange } from '../exchange.js';
import type { ConnectionBounds } from './connection-bounds.js';
import type { Http2Request } from './http2-request.js';
import type { Http2Response } from './http2-response.js';
import { Pace } from './pace.js';

interface WatchedStream {
  readonly exchange: Exchange;
  readonly request: Http2Request;
  readonly response: Http2Response;
  readonly stream: ServerHttp2Stream;
  readonly pace: Pace;
}

/**
 * Watches how fast bodies come in on HTTP/2 streams and answers are taken, as `Connection` does for HTTP/1. A stream counts for
 * itself: others of its connection do not hide that it stands still. Once its answer has begun, a stream may be a talk in
 * both directions, as gRPC has them, and what comes in takes its time. How long an upstream may be silent is its own bound.
 */
export class Http2Streams {
  private readonly streams = new Set<WatchedStream>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    { minBodyBytesPerSecond, paceWindowMs }: Pick<ConnectionBounds, 'minBodyBytesPerSecond' | 'paceWindowMs'>,
    private readonly log: Logger,
  ) {
    const minBytes = (minBodyBytesPerSecond * paceWindowMs) / 1000;
    this.timer = setInterval(() => this.check(minBytes), paceWindowMs).unref();
  }

  watch(exchange: Exchange, request: Http2Request, response: Http2Response, stream: ServerHttp2Stream): void {
    const watched: WatchedStream = { exchange, request, response, stream, pace: new Pace() };
    this.streams.add(watched);
    stream.on('close', () => this.streams.delete(watched));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private check(minBytes: number): void {
    for (const { exchange, request, response, stream, pace } of this.streams) {
      const traffic = { bytesRead: request.receivedBytes, bytesWritten: response.takenBytes };
      if (!pace.isTooSlow(exchange, traffic, response.headersSent ? 0 : minBytes)) continue;
      this.log.debug({ requestId: exchange.requestId }, 'the caller is too slow');
      stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    }
  }
}
