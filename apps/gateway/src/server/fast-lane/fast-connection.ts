import type { Socket } from 'node:net';
import { Exchange } from '../../exchange.js';
import type { GatewayCore } from '../../gateway-core.js';
import { type Peer, peerOf } from '../../peer/peer.js';
import { readAsStream, readInPlace } from '../../read-in-place.js';
import { REQUEST_TIMEOUT, answerMalformed } from '../malformed.js';
import { Pace } from '../pace.js';
import { serve } from '../serve.js';
import { type TcpHandle, detachHandle } from '../tcp-handle.js';
import { type PlainHead, readPlainHead } from './plain-head.js';
import { PlainRequest } from './plain-request.js';
import { type AnswerPlace, PlainResponse } from './plain-response.js';

/** Reading stops when so much has come that waits for the answer before it. */
const maxPendingBytes = 64 * 1024;

/** What a connection needs of the lane that it is in. */
export interface Lane {
  readonly gateway: GatewayCore;
  readonly dateField: string;
  readonly keepAliveFields: string;
  readonly headersTimeoutMs: number;
  readonly idleTimeoutMs: number;
  /** Of a monotonic clock, a second old at most. */
  readonly nowMs: number;
  /** Tells a connection that its answer was delivered, when what runs now has ended. */
  onWritten(connection: FastConnection): void;
  forget(connection: FastConnection): void;
  /** Gives the connection to Node's server, for good: what was read of it is ahead of what is to come. `followsOnOthers`: that came before the request before it was answered. */
  handOver(socket: Socket, followsOnOthers: boolean): void;
}

/**
 * A connection as long as its requests are plain: each is read as a whole and run when the one before it is answered. The
 * first that is not plain goes to Node's server, with the connection and all that has come after it.
 */
export class FastConnection implements AnswerPlace {
  private readonly peer: Peer;
  private current: Exchange | null = null;
  private pending: Buffer | null = null;
  private isPaused = false;
  /** Its last request is answered: what still comes is not looked at. */
  private isOver = false;
  private idleSinceMs: number;
  private readonly pace = new Pace();

  constructor(
    private readonly lane: Lane,
    readonly socket: Socket,
    /** No request has come on it. */
    private isFresh: boolean,
    /** Made with `readingInPlace`. */
    private readonly isInPlace: boolean,
  ) {
    this.peer = peerOf(socket, lane.gateway.trustedForwarding);
    this.idleSinceMs = lane.nowMs;
    if (isInPlace) readInPlace(socket, this.onData);
    else socket.on('data', this.onData);
    socket.on('end', this.onEnd);
    socket.on('error', this.onError);
    socket.on('close', this.onClose);
  }

  get dateField(): string {
    return this.lane.dateField;
  }

  get keepAliveFields(): string {
    return this.lane.keepAliveFields;
  }

  get isKept(): boolean {
    return !this.isFresh;
  }

  /** Lets go of the connection, so that another process can go on with it; null while a request is under way, or where it is over. */
  detach(): TcpHandle | null {
    if (this.current !== null || this.pending !== null || this.isOver) return null;
    const handle = detachHandle(this.socket);
    if (handle !== null) this.letGo();
    return handle;
  }

  onAnswered(closes: boolean): void {
    const { socket } = this;
    if (closes) {
      this.isOver = true;
      return socket.destroySoon();
    }
    if (socket.writableLength === 0) this.lane.onWritten(this);
    else if (socket.writable) socket.write('', this.onDelivered);
  }

  /** Ends the connection when the caller is too slow: see `Pace`. */
  checkPace(minBytes: number): void {
    if (this.current === null || !this.pace.isTooSlow(this.current, this.socket, minBytes)) return;
    this.lane.gateway.log.debug({ requestId: this.current.requestId }, 'the caller is too slow');
    this.socket.destroy();
  }

  /** Ends the connection when it was silent for too long: before its first request, or between two. */
  checkSilence(): void {
    if (this.current !== null) return;
    const { gateway, nowMs, headersTimeoutMs, idleTimeoutMs } = this.lane;
    const silentMs = nowMs - this.idleSinceMs;
    if (!this.isFresh) {
      if (silentMs > idleTimeoutMs) this.socket.destroy();
    } else if (silentMs > headersTimeoutMs && !this.isOver) {
      this.isOver = true;
      answerMalformed(gateway, this.socket, REQUEST_TIMEOUT);
    } else if (silentMs > 2 * headersTimeoutMs) {
      this.socket.destroy();
    }
  }

  /** `followsOnOthers`: the bytes were kept while the request before them was under way; others are there until this returns. */
  private read(bytes: Buffer, followsOnOthers: boolean): void {
    this.isFresh = false;
    const head = readPlainHead(bytes);
    if (head === null) return this.handOver(kept(bytes, followsOnOthers), followsOnOthers);
    const end = head.length + head.bodyLength;
    if (end < bytes.length) this.pending = kept(bytes.subarray(end), followsOnOthers);
    this.open(head, head.bodyLength === 0 ? null : kept(bytes.subarray(head.length, end), followsOnOthers));
  }

  private open(head: PlainHead, body: Buffer | null): void {
    const { gateway } = this.lane;
    gateway.metrics.countPlainRequest();
    const request = new PlainRequest(this.socket, head).asClientRequest();
    const response = new PlainResponse(this, head.method === 'HEAD');
    const exchange = new Exchange(gateway.ids.next(), request, response, false, this.peer);
    exchange.wholeBody = body;
    this.current = exchange;
    serve(gateway, exchange);
  }

  readonly onDelivered = (): void => {
    const exchange = this.current;
    if (exchange === null) return;
    this.current = null;
    exchange.clientGoneListener?.onClientGone();
    const { pending } = this;
    this.pending = null;
    if (this.socket.destroyed || exchange.isLast) {
      this.isOver = true;
      return this.socket.destroySoon();
    }
    this.idleSinceMs = this.lane.nowMs;
    this.resume();
    if (pending !== null) this.read(pending, true);
  };

  private handOver(bytes: Buffer, followsOnOthers: boolean): void {
    const { socket, lane } = this;
    this.letGo();
    lane.gateway.metrics.countHandedOver();
    socket.unshift(bytes);
    lane.handOver(socket, followsOnOthers);
  }

  private letGo(): void {
    const { socket, lane } = this;
    if (this.isInPlace) readAsStream(socket);
    else socket.off('data', this.onData);
    socket.off('end', this.onEnd);
    socket.off('error', this.onError);
    socket.off('close', this.onClose);
    lane.forget(this);
  }

  private resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.socket.resume();
  }

  private readonly onData = (chunk: Buffer): void => {
    if (this.isOver) return;
    if (this.current === null) return this.read(chunk, false);
    this.pending = this.pending === null ? Buffer.from(chunk) : Buffer.concat([this.pending, chunk]);
    if (this.pending.length <= maxPendingBytes) return;
    this.isPaused = true;
    this.socket.pause();
  };

  /** A caller that ends its side is not waited for, as with Node's server. */
  private readonly onEnd = (): void => {
    this.isOver = true;
    this.pending = null;
    this.socket.end();
  };

  private readonly onError = (): void => {
    this.socket.destroy();
  };

  private readonly onClose = (): void => {
    this.lane.forget(this);
    const exchange = this.current;
    this.current = null;
    this.pending = null;
    exchange?.clientGoneListener?.onClientGone();
  };
}

/** The bytes for longer than they are there; `isOwn`: they stay. */
function kept(bytes: Buffer, isOwn: boolean): Buffer {
  return isOwn ? bytes : Buffer.from(bytes);
}
