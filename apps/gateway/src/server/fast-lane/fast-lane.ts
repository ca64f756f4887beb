import type { Socket } from 'node:net';
import type { GatewayCore } from '../../gateway-core.js';
import type { ConnectionBounds } from '../connection-bounds.js';
import type { TcpHandle } from '../tcp-handle.js';
import { FastConnection, type Lane } from './fast-connection.js';

/** Also the age of `nowMs`: a connection that is kept may be closed as much later than was said. */
const checkMs = 1_000;

/**
 * Takes connections in front of Node's server and answers plain requests itself, for a fraction of the work. Node's strict
 * server gets everything else, so that there is one place that decides about what is unusual.
 */
export class FastLane implements Lane {
  nowMs = performance.now();
  readonly keepAliveFields: string;
  readonly headersTimeoutMs: number;
  readonly idleTimeoutMs: number;
  private readonly connections = new Set<FastConnection>();
  private readonly timers: readonly NodeJS.Timeout[];
  private written: FastConnection[] = [];
  private date = '';
  private dateSecond = 0;

  constructor(
    readonly gateway: GatewayCore,
    bounds: ConnectionBounds,
    /** The time of day by the machine's clock. */
    private readonly machineMs: () => number,
    readonly handOver: (socket: Socket, followsOnOthers: boolean) => void,
  ) {
    const { headersTimeoutMs, idleTimeoutMs, minBodyBytesPerSecond, paceWindowMs } = bounds;
    this.headersTimeoutMs = headersTimeoutMs;
    this.idleTimeoutMs = idleTimeoutMs + checkMs;
    const seconds = Math.floor(idleTimeoutMs / 1000);
    this.keepAliveFields = `\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${seconds}`;
    const minBytes = (minBodyBytesPerSecond * paceWindowMs) / 1000;
    this.timers = [
      setInterval(() => this.checkSilence(), Math.min(checkMs, headersTimeoutMs, idleTimeoutMs)).unref(),
      setInterval(() => {
        for (const connection of this.connections) connection.checkPace(minBytes);
      }, paceWindowMs).unref(),
    ];
  }

  /** `isKept`: there was a request on it, in another process. `isInPlace`: it was made with `readingInPlace`. */
  take(socket: Socket, isKept: boolean, isInPlace: boolean): void {
    this.connections.add(new FastConnection(this, socket, !isKept, isInPlace));
  }

  /** Lets go of the connections on which nothing is under way, and says of each whether there was a request on it. */
  letGo(): readonly [TcpHandle, boolean][] {
    const gone: [TcpHandle, boolean][] = [];
    for (const connection of this.connections) {
      const handle = connection.detach();
      if (handle !== null) gone.push([handle, connection.isKept]);
    }
    return gone;
  }

  /** One wait for all whose answers leave in this turn of the event loop. */
  onWritten(connection: FastConnection): void {
    if (this.written.push(connection) === 1) process.nextTick(this.tellDelivered);
  }

  forget(connection: FastConnection): void {
    this.connections.delete(connection);
  }

  get dateField(): string {
    const second = Math.floor(this.machineMs() / 1000);
    if (second !== this.dateSecond) {
      this.dateSecond = second;
      this.date = `\r\nDate: ${new Date(second * 1000).toUTCString()}`;
    }
    return this.date;
  }

  destroyConnections(): void {
    for (const { socket } of this.connections) socket.destroy();
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  private readonly tellDelivered = (): void => {
    const connections = this.written;
    this.written = [];
    for (const connection of connections) connection.onDelivered();
  };

  private checkSilence(): void {
    this.nowMs = performance.now();
    for (const connection of this.connections) connection.checkSilence();
  }
}
