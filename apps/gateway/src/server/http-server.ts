import http, { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { peerOf, type Peer } from '../peer/peer.js';
import { UpgradingConnection } from '../streams/upgrading-connection.js';
import { answerMalformed } from './malformed.js';
import { serve } from './serve.js';

const headersTimeoutMs = 15_000;
const requestTimeoutMs = 300_000;
/** Longer than most load balancers keep theirs, so that they close first. */
const keepAliveTimeoutMs = 75_000;
const connectionCheckMs = 5_000;

/** How much one process takes in at once. */
export interface ServerBounds {
  /** Connections at once; more are closed as they come. */
  readonly maxConnections: number;
  /** Of the head of a request. */
  readonly maxHeaderBytes: number;
}

export const defaultBounds: ServerBounds = { maxConnections: 10_000, maxHeaderBytes: 32 * 1024 };

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
export function createHttpServer(gateway: GatewayCore, bounds: ServerBounds = defaultBounds): Server {
  const connections = new WeakMap<Socket, Connection>();
  const server = http.createServer({
    insecureHTTPParser: false,
    requireHostHeader: false,
    maxHeaderSize: bounds.maxHeaderBytes,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: connectionCheckMs,
    noDelay: true,
    shouldUpgradeCallback: asksForWebSocket,
  });
  // Node drops header fields above a count without a word; the size is the bound here.
  server.maxHeadersCount = 0;
  server.maxConnections = bounds.maxConnections;

  function connect(socket: Socket): Connection {
    const peer = peerOf(socket, gateway.trustedForwarding);
    const connection: Connection = { peer, openExchanges: 0, latest: null, isBroken: false };
    connections.set(socket, connection);
    return connection;
  }

  function open(
    request: IncomingMessage,
    response: ServerResponse,
    expectsContinue: boolean,
    upgrade: UpgradingConnection | null = null,
  ): void {
    const connection = connections.get(request.socket) ?? connect(request.socket);
    const exchange = new Exchange(gateway.ids.next(), request, response, expectsContinue, connection.peer);
    exchange.upgrade = upgrade;
    connection.openExchanges++;
    connection.latest = exchange;
    response.on('close', () => {
      connection.openExchanges--;
      if (connection.isBroken && connection.openExchanges === 0) exchange.socket.destroySoon();
      exchange.clientGoneListener?.onClientGone();
    });
    serve(gateway, exchange);
  }

  server.on('request', (request, response) => open(request, response, false));
  server.on('checkContinue', (request, response) => open(request, response, true));
  server.on('upgrade', (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
    const socket = duplex as Socket;
    // An answer is under way; who does not wait for it cannot have another protocol behind it.
    if ((connections.get(socket)?.openExchanges ?? 0) > 0) return void socket.destroy();
    const upgrade = new UpgradingConnection(socket, head);
    open(request, responseOn(socket, request), false, upgrade);
  });
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

/** Other protocols to switch to are ignored, as RFC 9110 §7.8 allows; so is one behind a body. */
function asksForWebSocket(request: IncomingMessage): boolean {
  const { upgrade, 'content-length': length, 'transfer-encoding': coding } = request.headers;
  if (request.method !== 'GET' || request.httpVersion !== '1.1') return false;
  return upgrade?.toLowerCase() === 'websocket' && coding === undefined && (length === undefined || length === '0');
}

/** The answer to a request whose connection Node's server has let go of; the connection ends with it. */
function responseOn(socket: Socket, request: IncomingMessage): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.on('finish', () => socket.destroySoon());
  return response;
}
