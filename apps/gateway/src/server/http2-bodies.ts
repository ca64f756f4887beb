import { type ServerHttp2Stream, constants } from 'node:http2';
import type { Logger } from '#observability';
import type { Exchange } from '../exchange.js';
import type { ConnectionBounds } from './connection-bounds.js';
import type { Http2Request } from './http2-request.js';
import { Pace } from './pace.js';

interface WatchedBody {
  readonly exchange: Exchange;
  readonly request: Http2Request;
  readonly stream: ServerHttp2Stream;
  readonly pace: Pace;
}

/**
 * Watches how fast bodies come in on HTTP/2 streams, as `Connection` does for HTTP/1. A stream counts for itself: others of
 * its connection do not hide that it stands still. Once its answer has begun a stream may be a talk in both directions, as
 * gRPC has them, and takes its time.
 */
export class Http2Bodies {
  private readonly bodies = new Set<WatchedBody>();
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(
    { minBodyBytesPerSecond, paceWindowMs }: Pick<ConnectionBounds, 'minBodyBytesPerSecond' | 'paceWindowMs'>,
    private readonly log: Logger,
  ) {
    if (minBodyBytesPerSecond === 0) return;
    const minBytes = (minBodyBytesPerSecond * paceWindowMs) / 1000;
    this.timer = setInterval(() => this.check(minBytes), paceWindowMs).unref();
  }

  watch(exchange: Exchange, request: Http2Request, stream: ServerHttp2Stream): void {
    if (this.timer === undefined) return;
    const body: WatchedBody = { exchange, request, stream, pace: new Pace() };
    this.bodies.add(body);
    stream.on('close', () => this.bodies.delete(body));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private check(minBytes: number): void {
    for (const body of this.bodies) {
      const { exchange, request, stream, pace } = body;
      if (request.complete || stream.headersSent) {
        this.bodies.delete(body);
        continue;
      }
      const traffic = { bytesRead: request.receivedBytes, bytesWritten: 0 };
      if (!pace.isTooSlow(exchange, traffic, minBytes)) continue;
      this.log.debug({ requestId: exchange.requestId }, 'the caller is too slow');
      stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    }
  }
}
