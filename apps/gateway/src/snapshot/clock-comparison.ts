import type { Logger } from '#observability';
import { type UnitOfWork, readDatabaseTimeMs } from '#persistence';

/** How far the clock may be from the database's: periods and windows end by it, and events that are ahead are kept aside. */
export const maxClockDifferenceMs = 500;
const compareIntervalMs = 60_000;

/** The machine's clock beside the database's, compared now and then as long as both are there. */
export class ClockComparison {
  /** How far this machine was ahead when it was compared last; null before. */
  differenceMs: number | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isTold = false;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly machineMs: () => number,
    private readonly log: Logger,
  ) {}

  /** Compares now; false when the difference is more than what is safe, and than what the way to the database explains. */
  async compare(): Promise<boolean> {
    const startedAt = performance.now();
    const databaseMs = await this.unitOfWork.inSystem(readDatabaseTimeMs);
    const halfWayMs = (performance.now() - startedAt) / 2;
    this.differenceMs = Math.round(this.machineMs() - halfWayMs - databaseMs);
    return Math.abs(this.differenceMs) <= maxClockDifferenceMs + halfWayMs;
  }

  /** Compares again and again until it is stopped, the first time at once; a difference is told once until it is over. */
  start(): void {
    this.timer = setInterval(() => void this.look(), compareIntervalMs).unref();
    void this.look();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    try {
      const isSafe = await this.compare();
      const { differenceMs } = this;
      if (!isSafe && !this.isTold)
        this.log.error({ differenceMs }, 'this machine’s clock differs from the database’s: synchronise both');
      this.isTold = !isSafe;
    } catch {
      // The database is away, which others tell of.
    }
  }
}
