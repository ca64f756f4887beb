/**
 * The server's time, not the device's: the server's clock may be ahead (a sandbox can move it), and all periods are
 * counted by it. Between two readings it advances with the browser's monotonic clock.
 */
export class ServerClock {
  private readonly monotonicMs: () => number;
  private readAtMs: number;
  private serverMs: number;
  private readonly listeners = new Set<() => void>();

  /** Until the first reading it goes by `startMs`, the device's own idea of the time. */
  constructor(monotonicMs: () => number, startMs: number) {
    this.monotonicMs = monotonicMs;
    this.readAtMs = monotonicMs();
    this.serverMs = startMs;
  }

  /** Takes over a reading of the server, ISO 8601. */
  set(isoInstant: string): void {
    const serverMs = Date.parse(isoInstant);
    if (Number.isNaN(serverMs)) return;
    this.serverMs = serverMs;
    this.readAtMs = this.monotonicMs();
    for (const listener of this.listeners) listener();
  }

  /** Calls back at each new reading, since the time may have jumped. Returns the way to stop that. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  now(): Date {
    return new Date(this.serverMs + (this.monotonicMs() - this.readAtMs));
  }
}

const monotonicMs = () => performance.now();

export const serverClock = new ServerClock(monotonicMs, performance.timeOrigin + performance.now());
