import http2, { type ServerHttp2Session, type ServerHttp2Stream, constants } from 'node:http2';
import type { Socket } from 'node:net';
import { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { type Peer, peerOf } from '../peer/peer.js';
import type { ConnectionBounds } from './connection-bounds.js';
import { readHttp2Head } from './http2-head.js';
import { Http2Request } from './http2-request.js';
import { Http2Response } from './http2-response.js';
import { Http2Streams } from './http2-streams.js';
import { serve } from './serve.js';

const maxHeaderBytes = 32 * 1024;

/**
 * What one connection may take of us. Beyond them the connection is closed. A stream that is reset stops to count as open
 * though its work was begun, so resets have a budget of their own (CVE-2023-44487). nghttp2 itself bounds CONTINUATION
 * frames and answers that wait to be sent (PING, SETTINGS).
 */
const sessionBounds = {
  maxSettings: 32,
  maxSessionMemory: 10,
  maxHeaderListPairs: 256,
  maxOutstandingPings: 10,
  maxSessionInvalidFrames: 100,
  maxSessionRejectedStreams: 100,
  streamResetBurst: 200,
  streamResetRate: 20,
  // Answers pass as the upstream gave them, also with a field twice that should be there once.
  strictSingleValueFields: false,
  settings: { maxConcurrentStreams: 128, maxHeaderListSize: maxHeaderBytes, enablePush: false },
} as const;

/** HTTP/2 on connections that were found to speak it; what a request is decided by is the same as in HTTP/1.1. */
export class Http2Server {
  private readonly sessions = new Set<ServerHttp2Session>();

  private readonly streams: Http2Streams;

  constructor(
    private readonly gateway: GatewayCore,
    private readonly bounds: Pick<ConnectionBounds, 'minBodyBytesPerSecond' | 'paceWindowMs' | 'idleTimeoutMs'>,
  ) {
    this.streams = new Http2Streams(bounds, gateway.log);
  }

  /** Takes a connection whose next bytes are the client's preface. */
  accept(socket: Socket): void {
    const session = http2.performServerHandshake(socket, sessionBounds);
    this.sessions.add(session);
    let openStreams = 0;
    // An error of the connection ends its streams, each of which tells its own exchange.
    session.on('error', () => undefined);
    session.on('close', () => this.sessions.delete(session));
    session.setTimeout(this.bounds.idleTimeoutMs, () => {
      if (openStreams === 0) session.close();
    });
    const peer = peerOf(socket, this.gateway.trustedForwarding);
    session.on('stream', (stream, _headers, flags, rawHeaders) => {
      openStreams++;
      stream.on('close', () => openStreams--);
      this.open(stream, socket, peer, flags, rawHeaders);
    });
  }

  /** Tells clients to take their next requests elsewhere; those under way are answered. */
  announceEnd(): void {
    // One that is destroyed may be here until its connection has closed, and can be told nothing.
    for (const session of this.sessions)
      if (!session.destroyed) session.goaway(constants.NGHTTP2_NO_ERROR, 2 ** 31 - 1);
  }

  /** Ends every connection as soon as its answers have left. */
  close(): void {
    for (const session of this.sessions) session.close();
  }

  destroy(): void {
    this.streams.stop();
    for (const session of this.sessions) session.destroy();
  }

  private open(
    stream: ServerHttp2Stream,
    socket: Socket,
    peer: Peer,
    flags: number,
    rawHeaders: readonly string[],
  ): void {
    const { gateway } = this;
    const head = readHttp2Head(rawHeaders, flags);
    const request = new Http2Request(stream, socket, head);
    const response = new Http2Response(stream, request);
    const exchange = new Exchange(gateway.ids.next(), request, response, head.expectsContinue, peer);
    exchange.head.takeHttp2(head);
    stream.on('error', () => undefined);
    stream.on('close', () => exchange.clientGoneListener?.onClientGone());
    this.streams.watch(exchange, request, response, stream);
    serve(gateway, exchange);
  }
}
