import type { IncomingHttpHeaders } from 'node:http';
import type { ClientHttp2Stream } from 'node:http2';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Outcome } from '#domain';
import type { JournalWaiter } from '#journal';
import type { ClientGoneListener, Exchange } from '../exchange.js';
import type { GatewayCore } from '../gateway-core.js';
import { judgeHead } from '../metering/judge.js';
import type { Traffic } from '../metering/usage-event.js';
import { guardedRelease, logFault } from '../refuse.js';
import { reportAdmitted } from '../reporting/report.js';
import { responseHeaders } from '../proxy/response-headers.js';
import { type CloseCode, closeFrame, maskedCloseFrame } from './close-frame.js';
import { FrameAllowance } from './frame-allowance.js';
import { FrameCounter } from './frame-counter.js';
import type { FrameGate } from './frame-gate.js';
import { type MeteredStream, StreamMeter } from './stream-meter.js';
import type { ReserveRefusal } from './stream-reserve.js';
import type { WatchedStream } from './stream-watch.js';

const SWITCHING_PROTOCOLS = 101;
/** Dead connections show after about that long of silence. */
const keepAliveMs = 60_000;
/** How long a frame under way may take to end, and a peer to close after the gateway has told it to. */
const closeMs = 1_000;
/** How long a slow client may take to read what was sent before the end. */
const lingerMs = 30_000;

/** By HTTP/1.1 the upstream's socket, by HTTP/2 a stream. */
export type UpstreamConnection = Socket | ClientHttp2Stream;

/** One direction: what comes from `source` goes to `sink`. */
interface Direction {
  readonly source: Duplex;
  readonly sink: Duplex;
  readonly frames: FrameCounter;
  /** Null while no frame has to be paid for. */
  gate: FrameGate | null;
}

/** Why the gateway itself ends the connection. */
interface Closing {
  readonly code: CloseCode;
  readonly reason: string;
}

/**
 * A WebSocket connection after the upstream's 101: bytes pass as they come, no faster than the slower side takes them,
 * and messages are counted. The client gets its 101 once the first row is in the journal. The gateway ends it with 1008
 * when it may not go on, and with 1001 when it stops itself, after the last row.
 */
export class WebSocketTunnel implements MeteredStream, WatchedStream, ClientGoneListener {
  private readonly client: Socket;
  private readonly up: Direction;
  private readonly down: Direction;
  private readonly meter: StreamMeter;
  /** Null while nothing of what passes is metered. */
  private allowance: FrameAllowance | null = null;
  private closing: Closing | null = null;
  private isEnded = false;
  private countedUp = 0;
  private countedDown = 0;

  constructor(
    private readonly gateway: GatewayCore,
    private readonly exchange: Exchange,
    private readonly upstream: UpstreamConnection,
    private readonly answer: IncomingHttpHeaders,
  ) {
    const client = exchange.socket;
    this.client = client;
    this.meter = new StreamMeter(gateway, exchange, SWITCHING_PROTOCOLS, this);
    this.up = { source: client, sink: upstream, frames: new FrameCounter(), gate: null };
    this.down = { source: upstream, sink: client, frames: new FrameCounter(), gate: null };
    this.beginAllowance();
  }

  get traffic(): Traffic {
    const { up, down } = this;
    const messages = up.frames.messages + down.frames.messages;
    return { bytesIn: up.frames.payloadBytes, bytesOut: down.frames.payloadBytes, messages };
  }

  start(): void {
    const { upstream, exchange, gateway } = this;
    exchange.clientGoneListener = this;
    upstream.on('error', () => undefined);
    upstream.on('close', () => this.onUpstreamGone());
    const first: JournalWaiter = {
      onJournalled: () => guardedRelease(gateway, exchange, () => this.open()),
      onJournalFailed: () => this.onMeterFailed(),
    };
    this.meter.checkpoint(first);
  }

  review(nowMs: number): void {
    if (!this.isEnded && !this.closing) this.guarded(() => this.reviewTerms(nowMs));
  }

  private reviewTerms(nowMs: number): void {
    this.countMessages();
    const reason = this.meter.review(nowMs);
    if (reason !== null) return this.close({ code: 1008, reason });
    this.beginAllowance();
    this.allowance?.read();
    if (this.meter.isTimeUp) this.meter.extend();
  }

  /** Lets pass what was held back for want of units; what cannot be paid for ends the connection. */
  onReserve(refusal: ReserveRefusal | null): void {
    if (this.isEnded || this.closing) return;
    const { allowance, meter } = this;
    allowance!.read();
    if (meter.isTimeUp) return this.close({ code: 1008, reason: refusal ?? 'quota_exceeded' });
    if (!allowance!.isBlocked) return;
    const passed = [this.up, this.down].map((direction) => this.passHeld(direction));
    if (!allowance!.isBlocked) return;
    if (passed.includes(true)) return meter.extend();
    this.close({ code: 1008, reason: refusal ?? 'frame_too_large' });
  }

  stop(): void {
    if (!this.isEnded && !this.closing) this.close({ code: 1001, reason: 'gateway_stopped' });
  }

  onOverdue(): void {
    if (!this.isEnded) this.guarded(() => this.meter.checkpoint());
  }

  /** A fault of ours ends this connection, and no other: what could not be recorded is not billed. */
  private guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      logFault(this.gateway, this.exchange, error);
      this.meter.abandon();
      this.onMeterFailed();
    }
  }

  onMeterFailed(): void {
    this.isEnded = true;
    this.release();
    this.client.destroy();
    this.upstream.destroy();
  }

  onClientGone(): void {
    this.end(this.hasCloseFrame ? 'delivered' : 'client_aborted');
  }

  private onUpstreamGone(): void {
    this.end(this.hasCloseFrame ? 'delivered' : 'upstream_broke');
  }

  private get hasCloseFrame(): boolean {
    return this.up.frames.hasClose || this.down.frames.hasClose;
  }

  /** The first row is in the journal: from here on both sides speak. */
  private open(): void {
    const { exchange, gateway, client, upstream } = this;
    if (this.isEnded) return;
    this.allowance?.read();
    if (exchange.isClientGone) return this.onClientGone();
    const judgement = judgeHead(SWITCHING_PROTOCOLS, exchange.account!.billability, exchange.operation!.route, false);
    const fields = responseHeaders(gateway, exchange, SWITCHING_PROTOCOLS, judgement, this.answer);
    exchange.response.writeHead(SWITCHING_PROTOCOLS, fields);
    exchange.response.flushHeaders();
    gateway.streams.add(this);
    for (const socket of [client, upstream]) {
      socket.setTimeout(0);
      // A stream of HTTP/2 has neither: it is its connection that says whether it is alive.
      if (!(socket instanceof Socket)) continue;
      socket.setNoDelay(true);
      socket.setKeepAlive(true, keepAliveMs);
    }
    exchange.upgrade!.handOver();
    this.relay(this.up);
    this.relay(this.down);
    upstream.on('end', () => this.onUpstreamGone());
    client.on('end', () => (this.hasCloseFrame ? upstream.end() : client.destroy()));
    if (gateway.isDraining) this.stop();
  }

  private relay(direction: Direction): void {
    const { source, sink, frames } = direction;
    sink.on('drain', () => {
      if (!direction.gate?.isBlocked) source.resume();
    });
    source.on('data', (chunk: Buffer) => {
      if (this.isEnded) return;
      if (this.closing) return this.finishFrame(chunk);
      if (direction.gate === null && this.allowance !== null)
        chunk = this.passUngated(direction, this.allowance, chunk);
      if (direction.gate !== null) return void this.passGate(direction, direction.gate, chunk);
      frames.count(chunk);
      if (!sink.write(chunk)) source.pause();
    });
    source.resume();
  }

  /** Once something of what passes is metered, frames have to be paid for before they pass. */
  private beginAllowance(): void {
    if (this.allowance === null && this.exchange.account!.metering.hasValues)
      this.allowance = new FrameAllowance(this.meter, this.traffic);
  }

  /** The frame that is under way passes to its end, and those that follow by the gate; returns what they are. */
  private passUngated(direction: Direction, allowance: FrameAllowance, chunk: Buffer): Buffer {
    const { frames, sink } = direction;
    const { messages, payloadBytes } = frames;
    const end = frames.countToBoundary(chunk);
    if (end > 0) sink.write(chunk.subarray(0, end));
    const gate = direction === this.up ? allowance.up : allowance.down;
    allowance.count(gate, frames.payloadBytes - payloadBytes, frames.messages - messages);
    if (frames.isAtBoundary) direction.gate = gate;
    return chunk.subarray(end);
  }

  private passGate({ source, sink, frames }: Direction, gate: FrameGate, chunk?: Buffer): boolean {
    const passed = gate.take(chunk);
    frames.count(passed);
    if (passed.length > 0) sink.write(passed);
    if (sink.writableNeedDrain || gate.isBlocked) source.pause();
    else source.resume();
    if (gate.isBlocked && chunk !== undefined) this.meter.extend();
    return passed.length > 0;
  }

  /** True when there was something to pass. */
  private passHeld(direction: Direction): boolean {
    const { gate } = direction;
    return gate !== null && gate.isBlocked && this.passGate(direction, gate);
  }

  /** Ends it for a reason of the gateway's own, once the frame to the client that is under way is complete. */
  private close(closing: Closing): void {
    this.closing = closing;
    this.client.pause();
    if (this.down.frames.isAtBoundary) return this.end('interrupted');
    setTimeout(() => this.end('interrupted'), closeMs);
    this.upstream.resume();
  }

  private finishFrame(chunk: Buffer): void {
    const { frames, sink } = this.down;
    sink.write(chunk.subarray(0, frames.countToBoundary(chunk)));
    if (frames.isAtBoundary) this.end('interrupted');
  }

  private end(outcome: Outcome): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.guarded(() => this.record(outcome));
  }

  private record(outcome: Outcome): void {
    this.countMessages();
    const { gateway, exchange } = this;
    const waiter: JournalWaiter = { onJournalled: () => this.release(), onJournalFailed: () => this.onMeterFailed() };
    const judgement = this.meter.end(outcome, this.closing?.reason ?? null, waiter);
    const completion = { ...judgement, outcome, status: SWITCHING_PROTOCOLS, ...this.traffic };
    reportAdmitted(gateway, exchange, completion, null);
  }

  private countMessages(): void {
    const [up, down] = [this.up.frames.messages, this.down.frames.messages];
    this.gateway.metrics.countMessages(up - this.countedUp, down - this.countedDown);
    this.countedUp = up;
    this.countedDown = down;
  }

  /** The last row is in the journal: both sides are let go. */
  private release(): void {
    const { client, upstream, closing, up, down } = this;
    this.gateway.streams.remove(this);
    this.gateway.concurrency.leave(this.exchange);
    if (closing && down.frames.isAtBoundary) client.write(closeFrame(closing.code, closing.reason));
    if (closing && up.frames.isAtBoundary) upstream.write(maskedCloseFrame(closing.code, closing.reason));
    client.end();
    upstream.end();
    // Nobody reads them any more, so that neither would show that its other side has closed.
    for (const socket of [client, upstream]) {
      socket.resume();
      const timer = setTimeout(() => socket.destroy(), closing ? closeMs : lingerMs);
      socket.once('close', () => clearTimeout(timer));
    }
  }
}
