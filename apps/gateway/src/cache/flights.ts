/** How a request goes on that has waited: with the answer in the cache, as the one that fetches now, or by itself. */
export type Landing = 'landed' | 'alone' | Flight;

export interface Passenger {
  onLanding(landing: Landing): void;
}

export interface FlightBounds {
  /** Who has waited that long asks the upstream itself. */
  readonly maxWaitMs: number;
  /** More than these do not wait. */
  readonly maxWaiting: number;
}

const defaultBounds: FlightBounds = { maxWaitMs: 10_000, maxWaiting: 1_000 };
/** How long nobody waits for what turned out not to be shared. */
const passMs = 10_000;
const maxPassing = 10_000;

/**
 * Lets one of the requests that want the same answer fetch it, while the others wait. An answer that others may not have
 * is known by its head; they go on by themselves then, and for a while nobody waits for it any more.
 */
export class Flights {
  private readonly flights = new Map<string, Flight>();
  private readonly passingUntilMs = new Map<string, number>();

  constructor(private readonly bounds: FlightBounds = defaultBounds) {}

  /** A flight: the caller fetches, and ends it. `waits`: the passenger is told later. `alone`: nobody waits for this. */
  board(key: string, passenger: Passenger): Flight | 'waits' | 'alone' {
    const nowMs = performance.now();
    const passing = this.passingUntilMs.get(key);
    if (passing !== undefined) {
      if (nowMs < passing) return 'alone';
      this.passingUntilMs.delete(key);
    }
    const flight = this.flights.get(key);
    if (flight !== undefined && nowMs < flight.lostAtMs) return flight.join(passenger, this.bounds) ? 'waits' : 'alone';
    const own: Flight = new Flight(nowMs + 2 * this.bounds.maxWaitMs, {
      onEnd: (isShared) => {
        if (this.flights.get(key) === own) this.flights.delete(key);
        if (!isShared) this.pass(key);
      },
    });
    this.flights.set(key, own);
    return own;
  }

  private pass(key: string): void {
    this.passingUntilMs.set(key, performance.now() + passMs);
    if (this.passingUntilMs.size <= maxPassing) return;
    const [oldest] = this.passingUntilMs.keys();
    this.passingUntilMs.delete(oldest!);
  }
}

/** One fetch, and who waits for it. */
export class Flight {
  private readonly waiting = new Map<Passenger, NodeJS.Timeout>();
  private hasEnded = false;

  constructor(
    /** Nobody joins later: whoever led it has vanished. */
    public lostAtMs: number,
    private readonly owner: { onEnd(isShared: boolean): void },
  ) {}

  join(passenger: Passenger, { maxWaitMs, maxWaiting }: FlightBounds): boolean {
    if (this.waiting.size >= maxWaiting) return false;
    const timer = setTimeout(() => {
      if (this.waiting.delete(passenger)) passenger.onLanding('alone');
    }, maxWaitMs);
    this.waiting.set(passenger, timer);
    return true;
  }

  /** `landed`: the answer is in the cache. `alone`: it is not for others. */
  end(landing: 'landed' | 'alone'): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.owner.onEnd(landing === 'landed');
    for (const passenger of this.waiting.keys()) this.wake(passenger, landing);
  }

  /** There is no answer: the next of those who wait fetches, and the others wait for that one. */
  fail(): void {
    if (this.hasEnded) return;
    const [next] = this.waiting.keys();
    if (next === undefined) return this.end('landed');
    this.wake(next, this);
  }

  /** Not at once: what one of them does must not happen inside of the other. */
  private wake(passenger: Passenger, landing: Landing): void {
    clearTimeout(this.waiting.get(passenger));
    this.waiting.delete(passenger);
    setImmediate(() => passenger.onLanding(landing));
  }
}
