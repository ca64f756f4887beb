import type { Clock } from '#domain';
import type { DataSource } from 'typeorm';

/**
 * The machine's time, ahead by what the time machine says. The only place that asks the machine for the time.
 * Without a database to follow it is plain time.
 */
export class SystemClock implements Clock {
  private offsetMs = 0;
  private timer: NodeJS.Timeout | undefined;

  nowMs(): number {
    return Date.now() + this.offsetMs;
  }

  now(): Date {
    return new Date(this.nowMs());
  }

  /** The machine's own time, to compare with the database's. */
  machineMs(): number {
    return Date.now();
  }

  /** Sets how far ahead the clock runs; a smaller value than before is ignored, as time never runs backwards. */
  setOffset(offsetMs: number): void {
    if (offsetMs > this.offsetMs) this.offsetMs = offsetMs;
  }

  /** Reads the offset once, then every `intervalMs`, until `stop`. A database that is away leaves it as it is. */
  async follow(dataSource: DataSource, intervalMs = 250): Promise<void> {
    await this.refresh(dataSource);
    const tick = () => {
      this.timer = setTimeout(() => {
        this.refresh(dataSource).then(tick, tick);
      }, intervalMs);
      this.timer.unref();
    };
    tick();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** Reads the offset now. */
  async refresh(dataSource: DataSource): Promise<void> {
    const [row] = await dataSource.query<{ offset_ms: string }[]>('SELECT offset_ms FROM clock_offset');
    this.setOffset(Number(row?.offset_ms ?? 0));
  }
}
