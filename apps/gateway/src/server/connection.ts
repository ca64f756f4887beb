import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { type Peer, peerOf } from '../peer/peer.js';
import { UpgradingConnection } from '../streams/upgrading-connection.js';
import { REQUEST_TIMEOUT, answerMalformed } from './malformed.js';
import { Pace } from './pace.js';
import { serve } from './serve.js';

/** Reading stops when so many requests wait; what has been read already may hold some more. */
const maxWaiting = 16;

interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly expectsContinue: boolean;
}

/**
 * A connection of HTTP/1. Its requests are run one after the other: the first may change what the second finds, and what
 * follows the last one, or something unreadable, is never run. An answer is never mixed with one to what followed.
 */
export class Connection {
  private readonly peer: Peer;
  private current: Exchange | null = null;
  private waiting: Arrival[] = [];
  private latest: IncomingMessage | null = null;
  /** Something unreadable has followed: the connection ends when all is answered. */
  private isBroken = false;
  /** Its last request has been answered; what still comes is read only to let the answer arrive. */
  private isOver = false;
  private readonly pace = new Pace();

  /** `followsOnOthers`: what comes first was sent before earlier requests on this connection were answered. */
  constructor(
    private readonly gateway: GatewayCore,
    private readonly socket: Socket,
    private followsOnOthers = false,
  ) {
    this.peer = peerOf(socket, gateway.trustedForwarding);
  }

  arrive(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    this.latest = request;
    this.followsOnOthers = false;
    if (this.isOver) return;
    if (this.current === null) return this.open(request, response, expectsContinue, null);
    this.waiting.push({ request, response, expectsContinue });
    if (this.waiting.length === maxWaiting) this.socket.pause();
  }

  /** A request to switch protocols, of whose connection Node's server has let go. */
  upgrade(request: IncomingMessage, head: Buffer): void {
    // An answer is under way; who does not wait for it cannot have another protocol behind it.
    if (this.current !== null || this.isOver || this.followsOnOthers) return void this.socket.destroy();
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(this.socket);
    response.on('finish', () => this.socket.destroySoon());
    this.open(request, response, false, new UpgradingConnection(this.socket, head));
  }

  /** What the parser could not read: a broken body ends its own request, and whatever is before it is answered first. */
  onUnreadable(errorCode: string): void {
    if (this.isOver) return;
    if (this.followsOnOthers && errorCode !== REQUEST_TIMEOUT) return this.socket.destroySoon();
    if (this.current === null) return answerMalformed(this.gateway, this.socket, errorCode);
    this.isBroken = true;
    if (this.latest!.complete) return;
    if (this.waiting.length > 0) this.waiting.pop();
    else if (!this.current.response.writableEnded) this.socket.destroy();
  }

  /** Ends the connection when the caller is too slow: see `Pace`. */
  checkPace(minBytes: number): void {
    if (this.current === null || !this.pace.isTooSlow(this.current, this.socket, minBytes)) return;
    this.gateway.log.debug({ requestId: this.current.requestId }, 'the caller is too slow');
    this.socket.destroy();
  }

  private open(
    request: IncomingMessage,
    response: ServerResponse,
    expectsContinue: boolean,
    upgrade: UpgradingConnection | null,
  ): void {
    const { gateway } = this;
    const exchange = new Exchange(gateway.ids.next(), request, response, expectsContinue, this.peer);
    exchange.upgrade = upgrade;
    this.current = exchange;
    response.on('close', () => this.onClosed(exchange));
    serve(gateway, exchange);
  }

  private onClosed(exchange: Exchange): void {
    this.current = null;
    exchange.clientGoneListener?.onClientGone();
    if (this.socket.destroyed || exchange.isLast) {
      this.isOver = true;
      this.waiting = [];
      return;
    }
    const next = this.waiting.shift();
    if (next) {
      if (this.waiting.length === maxWaiting - 1) this.socket.resume();
      this.open(next.request, next.response, next.expectsContinue, null);
    } else if (this.isBroken) {
      this.socket.destroySoon();
    }
  }
}
