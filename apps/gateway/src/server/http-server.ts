import http, { type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { GatewayCore } from '../gateway-core.js';
import type { ConnectionBounds, ConnectionCount } from './connection-bounds.js';
import { Connection } from './connection.js';
import { FastLane } from './fast-lane/fast-lane.js';
import { CONNECT_REFUSED } from './malformed.js';
import { type TcpHandle, attachHandle, detachHandle } from './tcp-handle.js';

const connectionCheckMs = 5_000;

/** Takes a connection that its process has let go of, and returns when it is gone. `isKept`: there was a request on it. */
export type GiveConnection = (handle: TcpHandle, isKept: boolean) => Promise<void>;

/** A server whose connections can change the process. */
export interface HttpServer {
  readonly server: Server;
  /** Lets go of the connections on which nothing is under way, but for those that are not plain. Returns when they are gone. */
  giveAway(give: GiveConnection): Promise<void>;
  /** Goes on with a connection that another process has let go of. */
  takeOver(handle: TcpHandle, isKept: boolean): void;
}

/**
 * The server on which consumers call: Node's own with its strict parser, and in front of it a lane for plain requests.
 * `machineMs`: the time of day.
 */
export function createHttpServer(
  gateway: GatewayCore,
  bounds: ConnectionBounds,
  count: ConnectionCount,
  machineMs: () => number,
): HttpServer {
  const connections = new Map<Socket, Connection>();
  const server = http.createServer({
    insecureHTTPParser: false,
    requireHostHeader: false,
    maxHeaderSize: bounds.maxHeaderBytes,
    headersTimeout: bounds.headersTimeoutMs,
    // A body may take long when it keeps its pace.
    requestTimeout: 0,
    keepAliveTimeout: bounds.idleTimeoutMs,
    connectionsCheckingInterval: Math.min(connectionCheckMs, bounds.headersTimeoutMs),
    noDelay: true,
    shouldUpgradeCallback: asksForWebSocket,
  });
  // Node drops header fields above a count without a word; `RequestHead` counts them.
  server.maxHeadersCount = 0;
  server.maxConnections = bounds.maxConnections;
  const { lane, takeOver } = putLaneInFront(server, gateway, bounds, count, machineMs, (socket) =>
    connectionOf(socket, true),
  );

  function connectionOf(socket: Socket, followsOnOthers = false): Connection {
    const known = connections.get(socket);
    if (known) return known;
    const connection = new Connection(gateway, socket, followsOnOthers);
    connections.set(socket, connection);
    socket.once('close', () => connections.delete(socket));
    return connection;
  }

  server.on('request', (request, response) => connectionOf(request.socket).arrive(request, response, false));
  server.on('checkContinue', (request, response) => connectionOf(request.socket).arrive(request, response, true));
  server.on('checkExpectation', (request, response) => connectionOf(request.socket).arrive(request, response, false));
  server.on('upgrade', (request, socket, head) => connectionOf(socket as Socket).upgrade(request, head));
  server.on('connect', (_request, socket) => connectionOf(socket as Socket).onUnreadable(CONNECT_REFUSED));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    connectionOf(socket as Socket).onUnreadable(error.code ?? ''),
  );

  const minBytes = (bounds.minBodyBytesPerSecond * bounds.paceWindowMs) / 1000;
  const timer = setInterval(() => {
    for (const connection of connections.values()) connection.checkPace(minBytes);
  }, bounds.paceWindowMs).unref();
  server.once('close', () => {
    clearInterval(timer);
    lane.stop();
  });
  return {
    server,
    async giveAway(give) {
      await Promise.all(lane.letGo().map(([handle, isKept]) => give(handle, isKept)));
    },
    takeOver,
  };
}

/** What comes to the server goes to the lane first, and to the server itself from there. */
function putLaneInFront(
  server: Server,
  gateway: GatewayCore,
  bounds: ConnectionBounds,
  count: ConnectionCount,
  machineMs: () => number,
  onFollowing: (socket: Socket) => void,
): { lane: FastLane; takeOver: HttpServer['takeOver'] } {
  const [accept] = server.listeners('connection') as [(this: Server, socket: Socket) => void];
  const closeAllConnections = server.closeAllConnections.bind(server);
  const lane = new FastLane(gateway, bounds, machineMs, (socket, followsOnOthers) => {
    if (followsOnOthers) onFollowing(socket);
    accept.call(server, socket);
  });
  server.off('connection', accept);
  const take = (socket: Socket, isKept: boolean, isInPlace: boolean): void => {
    if (count.admit(socket)) lane.take(socket, isKept, isInPlace);
    else socket.destroy();
  };
  const takeOver = (handle: TcpHandle, isKept: boolean): void => take(attachHandle(handle, server), isKept, true);
  server.on('connection', (socket) => {
    const handle = detachHandle(socket);
    if (handle === null) take(socket, false, false);
    else takeOver(handle, false);
  });
  server.closeAllConnections = () => {
    lane.destroyConnections();
    closeAllConnections();
  };
  return { lane, takeOver };
}

/** Other protocols to switch to are ignored, as RFC 9110 §7.8 allows; so is one behind a body. */
function asksForWebSocket(request: IncomingMessage): boolean {
  const { upgrade, 'content-length': length, 'transfer-encoding': coding } = request.headers;
  if (request.method !== 'GET' || request.httpVersion !== '1.1') return false;
  return upgrade?.toLowerCase() === 'websocket' && coding === undefined && (length === undefined || length === '0');
}
