import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { peerOf, type Peer } from '../peer/peer.js';
import { receive } from '../pipeline.js';
import { refusals } from '../responses/refusal.js';
import { writeRefusal } from '../responses/write-refusal.js';
import { answerMalformed } from './malformed.js';

const maxHeaderBytes = 32 * 1024;
const headersTimeoutMs = 15_000;
const requestTimeoutMs = 300_000;
/** Longer than most load balancers keep theirs, so that they close first. */
const keepAliveTimeoutMs = 75_000;
const connectionCheckMs = 5_000;

/** What is known of a connection beside the socket itself. */
interface Connection {
  readonly peer: Peer;
  /** Requests that are not answered yet. */
  openExchanges: number;
  latest: Exchange | null;
  /** Something unreadable has followed: it ends when all is answered. */
  isBroken: boolean;
}

/** The server on which consumers call: Node's own with its strict parser, and nothing on top of it. */
export function createHttpServer(gateway: GatewayCore): Server {
  const connections = new WeakMap<Socket, Connection>();
  const server = http.createServer({
    insecureHTTPParser: false,
    requireHostHeader: false,
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: connectionCheckMs,
    noDelay: true,
  });
  // Node drops header fields above a count without a word; the size is the bound here.
  server.maxHeadersCount = 0;

  function connect(socket: Socket): Connection {
    const peer = peerOf(socket, gateway.trustedForwarding);
    const connection: Connection = { peer, openExchanges: 0, latest: null, isBroken: false };
    connections.set(socket, connection);
    return connection;
  }

  function open(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    const connection = connections.get(request.socket) ?? connect(request.socket);
    const exchange = new Exchange(gateway.ids.next(), request, response, expectsContinue, connection.peer);
    gateway.watermark.enter(exchange);
    connection.openExchanges++;
    connection.latest = exchange;
    response.on('close', () => {
      connection.openExchanges--;
      if (connection.isBroken && connection.openExchanges === 0) exchange.socket.destroySoon();
      exchange.clientGoneListener?.onClientGone();
    });
    try {
      receive(gateway, exchange);
    } catch (error) {
      // A fault of ours in one request must not end the others.
      gateway.log.error({ err: error, requestId: exchange.requestId }, 'a request failed in the gateway');
      gateway.watermark.leave(exchange);
      gateway.concurrency.leave(exchange);
      gateway.metrics.countRefusal(refusals.internalError);
      if (response.headersSent) request.socket.destroy();
      else writeRefusal(gateway, exchange, refusals.internalError);
    }
  }

  server.on('request', (request, response) => open(request, response, false));
  server.on('checkContinue', (request, response) => open(request, response, true));
  server.on('clientError', (error: NodeJS.ErrnoException, duplex) => {
    const socket = duplex as Socket;
    const connection = connections.get(socket);
    if (!connection || connection.openExchanges === 0) return answerMalformed(gateway, socket, error.code ?? '');
    // An answer is under way: it must not be mixed with one to what followed. A broken body ends its own request.
    connection.isBroken = true;
    if (!connection.latest!.request.complete) socket.destroy();
  });
  return server;
}
